"""Users, API tokens and job runs in the Django admin."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from exodrive.models import ApiToken, JobRun, User
from exodrive.rls import token_hash
from exodrive.staff import two_factor
from exodrive.staff.admin_site import BySuperusers, ReadOnly, staff_of
from exodrive.staff.journal import Kind, say
from exodrive.staff.token_form import NewTokenForm
from exodrive.staff.users import NewUserForm, UserForm

for _model in (
    TOTPDevice,
    StaticDevice,
):  # nobody looks at secrets; users turn theirs off, superusers anybody's
    admin.site.unregister(_model)
admin.site.unregister(Group)  # Desk and Manager are made by a migration; what they may do stands in the code


@admin.register(User)
class UserAdmin(BySuperusers, auth_admin.UserAdmin):
    """Who works here. Users are closed (not active), never deleted: the history names them."""

    form, add_form = UserForm, NewUserForm
    ordering = ["email"]
    list_display = ["email", "full_name", "group_list", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "groups", "is_superuser"]
    search_fields = ["email", "full_name"]
    filter_horizontal = []
    readonly_fields = ["last_login", "created_at"]
    fieldsets = [
        (None, {"fields": ["email", "password", "full_name"]}),
        (_("What they may do"), {"fields": ["is_active", "groups", "is_superuser"]}),
        (_("When"), {"fields": ["last_login", "created_at"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "full_name", "usable_password", "password1", "password2"]}),
        (_("What they may do"), {"fields": ["groups", "is_superuser"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With the groups of the whole page in one query."""
        return super().get_queryset(request).prefetch_related("groups")

    actions = ["turn_off_second_step"]

    @admin.action(description=_("Turn off the second step of the selected users"))
    def turn_off_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For somebody who lost phone and recovery codes. It stands in the user's history."""
        off = [user for user in queryset if two_factor.turn_off(user)]
        for user in off:
            self.log_change(request, user, "Turned off the second step.")
        n = len(off)
        words = ngettext("The second step of %(n)d user is off.", "The second step of %(n)d users is off.", n)
        self.message_user(request, words % {"n": n})

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """As Django's; the log says so too."""
        answer: HttpResponse = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            say(Kind.PASSWORD_CHANGED, user_id=int(id))
        return answer

    @admin.display(description=_("groups"))
    def group_list(self, user: User) -> str:
        """Names of the groups."""
        return ", ".join(group.name for group in user.groups.all()) or "–"


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly, admin.ModelAdmin):
    """Keys for the JSON API: managers make their own, superusers anybody's. Shown once, revoked, never deleted."""

    list_display = [
        "name",
        "user",
        "hint",
        "scopes",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    ]
    list_filter = ["revoked_at"]
    fields = ["user", "name", "hint", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    actions = ["revoke"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Managers."""
        return bool(staff_of(request).is_manager)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers."""
        return bool(staff_of(request).is_manager)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Managers."""
        return bool(staff_of(request).is_manager)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        """Superusers see all of them, managers their own."""
        tokens = super().get_queryset(request).select_related("user")
        staff = staff_of(request)
        return tokens if staff.is_superuser else tokens.filter(user=staff)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new token has no dates yet."""
        return self.fields if obj else ["user", "name", "scopes", "days", "password", "code"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A new one takes a proof of who makes it."""
        if obj:
            return super().get_form(request, obj, change, **kwargs)
        form: Any = super().get_form(request, obj, change, form=NewTokenForm, **kwargs)
        form.staff = staff_of(request)
        return form

    @method_decorator(sensitive_post_parameters("password", "code"))
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Django's; the proof stays out of reports."""
        return super().add_view(request, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A token acts as its user: managers may not make one for somebody else."""
        if db_field.name == "user":
            staff = staff_of(request)
            users = User.objects.filter(is_active=True).order_by("email")
            kwargs["queryset"] = users if staff.is_superuser else users.filter(pk=staff.pk)
            kwargs["initial"] = staff.pk
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Issue it; the raw token lives only until the answer is rendered."""
        scopes, days = obj.scopes.split(), form.cleaned_data["days"]
        obj.raw = ApiToken.issue(user=obj.user, name=obj.name, scopes=scopes, days=days)
        say(Kind.TOKEN_MADE, user_id=obj.user_id)
        issued = ApiToken.objects.get(token_hash=token_hash(obj.raw))
        obj.pk, obj.hint, obj.expires_at = issued.pk, issued.hint, issued.expires_at

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The page that shows the token, once."""
        context = {**self.admin_site.each_context(request), "title": _("API token"), "token": obj}
        response = TemplateResponse(request, "admin/exodrive/apitoken/issued.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @admin.action(description=_("Revoke the selected tokens"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """From now on they open nothing."""
        live = list(queryset.filter(revoked_at=None))
        n = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        for token in live:
            say(Kind.TOKEN_ENDED, user_id=token.user_id)
        self.message_user(request, ngettext("%(n)d token revoked.", "%(n)d tokens revoked.", n) % {"n": n})


@admin.register(JobRun)
class JobRunAdmin(ReadOnly, admin.ModelAdmin):
    """What the scheduled jobs did."""

    list_display = ["name", "started_at", "finished_at", "ok", "count", "error"]
    list_filter = ["name", "ok"]
    date_hierarchy = "started_at"
