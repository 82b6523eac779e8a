"""What is asked of who works here before it is written: emails are logins, and somebody may always do everything."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exodrive.models import User
from exodrive.staff.admin_site import AdminForm


class GroupsField(forms.ModelMultipleChoiceField):
    """The few groups, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        words = gettext_lazy("Desk: inbox, moves, blocks. Manager: rules, refunds, links and erasing, too.")
        groups = Group.objects.order_by("name")
        super().__init__(groups, label=gettext_lazy("groups"), required=False, help_text=words, **kwargs)


class LoginForm(forms.ModelForm):
    """Emails are logins: in lower case, one user each."""

    def clean_email(self) -> str:
        """Raises ValidationError for one that somebody has."""
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.exclude(pk=self.instance.pk).filter(email=email).exists():
            raise ValidationError(_("There is a user with this email address already."))
        return email


class NewUserForm(LoginForm, AdminUserCreationForm):
    """Email, name, a first password, and what they may do, so that they can begin at once."""

    groups = GroupsField()

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["email", "full_name", "is_superuser", "groups"]

    def clean(self) -> dict[str, Any]:
        """Whoever has no group and is no superuser sees nothing."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("groups") and not cleaned.get("is_superuser") and "groups" not in self.errors:
            self.add_error("groups", _("Choose a group: without one, a user sees nothing."))
        return cleaned


class UserForm(LoginForm, AdminForm, UserChangeForm):
    """Everything but the password, which has a page of its own."""

    groups = GroupsField()

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["email", "full_name", "is_active", "is_superuser", "groups"]

    def clean(self) -> dict[str, Any]:
        """The last active superuser stays one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        lost = [name for name in ("is_active", "is_superuser") if not cleaned.get(name)]
        if lost and self.initial.get("is_active") and self.initial.get("is_superuser") and not _others(self):
            words = _("Nobody else may do everything: make another active superuser first.")
            self.add_error(lost[0], words)
        return cleaned


def _others(form: UserForm) -> bool:
    """Whether there is another active superuser. One at a time, as the trigger `somebody_may_do_everything` asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('superusers'))")
    return User.objects.exclude(pk=form.instance.pk).filter(is_active=True, is_superuser=True).exists()
