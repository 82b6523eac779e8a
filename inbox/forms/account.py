"""Forms around one's own account: signing in, codes, and the password once more."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from exodrive.models import User
from exodrive.staff.step_up import NOT_THE_PASSWORD, WRONG_CODE, is_password
from inbox.forms.base import Plain, dress


class CodeForm(Plain):
    """A code from the app, or a recovery code."""

    WRONG = WRONG_CODE

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the code")},
    )


class SetupForm(CodeForm):
    """The same with the password, so that an open screen is not enough."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password")},
    )
    field_order = ("password", "code")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """It has to be the user's. Raises TooMany."""
        password: str = self.cleaned_data["password"]
        if not is_password(self.user, password):
            raise forms.ValidationError(NOT_THE_PASSWORD)
        return password


class LoginForm(AuthenticationForm):
    """Email and password."""

    error_messages = {
        "invalid_login": _("Email or password is wrong. Check both and try again."),
        "inactive": _("This account is closed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username, password = self.fields["username"], self.fields["password"]
        username.label = _("Email address")
        username.widget = forms.EmailInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        username.error_messages["required"] = _("Enter your email address")
        password.error_messages["required"] = _("Enter your password")
        dress(self)
