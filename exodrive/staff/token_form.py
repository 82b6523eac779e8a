"""What is asked for before an API token is made."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exodrive.i18n.typed_numbers import WholeNumber
from exodrive.models import MAX_TOKEN_DAYS, TOKEN_DAYS, ApiToken, User
from exodrive.staff import step_up


class NewTokenForm(forms.ModelForm):
    """What a token is for and may do, and the proof that it is not just anybody at an open screen who makes it."""

    staff: User  # who makes it

    scopes = forms.MultipleChoiceField(
        label=_("scopes"),
        choices=ApiToken.Scope.choices,
        initial=[ApiToken.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = WholeNumber(
        label=_("valid for how many days"), min_value=1, max_value=MAX_TOKEN_DAYS, initial=TOKEN_DAYS
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=32,
        help_text=_("From your app, if you have a second step."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    class Meta:
        model = ApiToken
        fields = ["user", "name"]

    def clean_scopes(self) -> str:
        """As they are kept."""
        return " ".join(self.cleaned_data["scopes"])

    def clean(self) -> None:
        """The proof comes last: a code is used up by it."""
        super().clean()
        if self.errors:
            return
        proof = {name: self.cleaned_data[name] for name in ("password", "code")}
        for field, sentence in step_up.problem(self.staff, **proof).items():
            self.add_error(field, str(sentence))
