"""People who work here and the machines that call for them: users, API tokens, and the record of every job run."""

import secrets
import uuid
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from exodrive.rls import token_hash
from exodrive.timestamps import Timestamped

DESK = "Desk"
MANAGER = "Manager"


class UserManager(BaseUserManager["User"]):
    """Makes users by email."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with a lower-cased email; without a password nobody can sign in as them."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Emails are stored in lower case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin, Timestamped):
    """Somebody who works here. The email is the login; the groups Desk and Manager say what they may do."""

    email = models.EmailField(_("email"), unique=True)
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(
        _("may enter the admin"), default=False, help_text=_("Sees nothing without a group.")
    )

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "users"
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def short_name(self) -> str:
        """The first name, or the email's local part."""
        return (self.full_name or self.email.partition("@")[0]).split(" ")[0]

    @cached_property
    def group_names(self) -> frozenset[str]:
        """Names of the groups, read once."""
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def is_manager(self) -> bool:
        """May override rules, refund, rotate links, erase."""
        return self.is_active and (self.is_superuser or MANAGER in self.group_names)

    @property
    def is_desk(self) -> bool:
        """May work in the inbox, move bookings, block days. Managers may as well."""
        return self.is_manager or (self.is_active and DESK in self.group_names)

    @property
    def works_here(self) -> bool:
        """Whether the database lets this user act as staff."""
        return self.is_desk


class ApiToken(Timestamped):
    """A staff key for the JSON API. Only its hash is stored: the token is shown once, when it is issued."""

    PREFIX = "exo_staff_"

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("What uses it."))
    hint = models.CharField(_("begins with"), max_length=20, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        db_table = "api_tokens"
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @classmethod
    def issue(cls, *, user: User, name: str) -> str:
        """Make a token for `user` and return it. It cannot be shown again."""
        raw = cls.PREFIX + secrets.token_urlsafe(24)
        cls.objects.create(user=user, name=name, hint=raw[: len(cls.PREFIX) + 4], token_hash=token_hash(raw))
        return raw

    @classmethod
    def user_of(cls, raw: str) -> User | None:
        """The active user whose live token this is, or None."""
        token = cls.objects.select_related("user").filter(token_hash=token_hash(raw), revoked_at=None).first()
        return token.user if token and token.user.is_active else None


class JobRun(Timestamped):
    """One run of a scheduled job or its command: when, how it ended, and how much it did."""

    name = models.CharField(_("job"), max_length=60)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    ok = models.BooleanField(_("succeeded"), null=True)
    count = models.IntegerField(_("count"), default=0)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        db_table = "job_runs"
        ordering: ClassVar[list[str]] = ["-started_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("name", models.F("started_at").desc(), name="latest_runs_of_a_job")
        ]
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def seconds(self) -> float | None:
        """How long it ran, in seconds."""
        finished: datetime | None = self.finished_at
        return (finished - self.started_at).total_seconds() if finished else None


class Heartbeat(Timestamped):
    """When worker and beat were last alive. Written in SQL by `exodrive.ops.heartbeat`."""

    name = models.CharField(_("process"), max_length=20, primary_key=True)
    started_at = models.DateTimeField(_("started"))
    beat_at = models.DateTimeField(_("last seen"))

    class Meta:
        db_table = "heartbeats"
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


class EventCount(Timestamped):
    """How often something happened, as reported by one process for a moment; `manage.py metrics` adds them up.

    Only ever inserted, so nobody waits for anybody. Codes, nobody's data.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("event"), max_length=40)
    code = models.CharField(_("code"), max_length=40)
    count = models.PositiveIntegerField(_("count"))

    class Meta:
        db_table = "event_counts"
        verbose_name = _("event count")
        verbose_name_plural = _("event counts")
        indexes: ClassVar[list[models.Index]] = [models.Index("created_at", name="event_counts_by_time")]

    def __str__(self) -> str:
        return f"{self.name} {self.code} {self.count}"
