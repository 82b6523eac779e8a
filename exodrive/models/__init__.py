"""People who work here and the machines that call for them: users, API tokens, and the record of every job run."""

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth import hashers
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exodrive.models.security import SecurityEvent as SecurityEvent
from exodrive.rls import token_hash
from exodrive.timestamps import Timestamped

DESK = "Desk"
MANAGER = "Manager"
TOKEN_DAYS, MAX_TOKEN_DAYS = 90, 365
NOTED_EVERY = timedelta(minutes=1)  # a token's row is not written for every request


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

    def check_password(self, raw_password: str | None) -> bool:
        """As Django's; a hash that is only renewed is told to the database, where another password ends tokens."""

        def renew(raw_password: str) -> None:
            self.password = hashers.make_password(raw_password)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.rehashing', 'yes', true)")
                self.save(update_fields=["password"])
                cursor.execute("SELECT set_config('app.rehashing', '', true)")

        return hashers.check_password(raw_password, self.password, renew)

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
    """A staff key for the JSON API. Only its hash is stored: the token is shown once, when it is issued.

    It opens what its scopes say and its user may, until it expires or is revoked. The database revokes it when its user
    gets another password, is deactivated or works here no longer (`tokens_end_with_their_user`).
    """

    PREFIX = "exo_staff_"

    class Scope(models.TextChoices):
        READ = "read", _("read: look at bookings and blocks")
        BOOK = "book", _("book: make, change and cancel bookings")
        STAFF = "staff", _("staff: move bookings, block days, set rules aside")

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("What uses it."))
    hint = models.CharField(_("begins with"), max_length=20, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # The defaults are for the release before this one, which knows neither.
    scopes = models.CharField(_("scopes"), max_length=60, db_default=" ".join(Scope.values))
    expires_at = models.DateTimeField(
        _("expires"), db_default=Now() + timedelta(days=TOKEN_DAYS), editable=False
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        db_table = "api_tokens"
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @classmethod
    def issue(
        cls, *, user: User, name: str, scopes: Collection[str] = tuple(Scope.values), days: int = TOKEN_DAYS
    ) -> str:
        """Make a token for `user` and return it. It cannot be shown again."""
        raw = cls.PREFIX + secrets.token_urlsafe(24)
        cls.objects.create(
            user=user,
            name=name,
            hint=raw[: len(cls.PREFIX) + 4],
            token_hash=token_hash(raw),
            scopes=" ".join(scope for scope in cls.Scope.values if scope in scopes),
            expires_at=timezone.now() + timedelta(days=days),
        )
        return raw

    @classmethod
    def live(cls, raw: str, at: datetime) -> Self | None:
        """The token that opens something at `at`, with its user, or None."""
        live = cls.objects.filter(token_hash=token_hash(raw), revoked_at=None, expires_at__gt=at)
        return live.filter(user__is_active=True).select_related("user").first()

    def allows(self, scope: str) -> bool:
        """Whether it opens what needs this scope."""
        return scope in self.scopes.split()

    def note_use(self, at: datetime) -> None:
        """Write down that it was used, once a minute at most."""
        if self.last_used_at is None or at - self.last_used_at >= NOTED_EVERY:
            ApiToken.objects.filter(pk=self.pk).update(last_used_at=at)


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
