"""The Django admin, opened by the same rule as the staff pages, and the two ways its pages are used.

Bookings and all that belongs to them are only looked at here: the admin wraps its forms in a transaction of its own, and
the verbs want theirs. What moves them are the actions of the lists, which are not wrapped, and the staff pages.
"""

from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.utils import flatten
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import logout
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import connection
from django.db.models import CharField, DateField, DecimalField, Field, IntegerField, Model, TimeField
from django.forms import TextInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy as _

from exodrive.db.amounts import AmountField
from exodrive.db.folding import Folded
from exodrive.forms.shown import Remembers
from exodrive.http.request import ours
from exodrive.i18n.formats import money
from exodrive.i18n.typed_dates import TypedDate, TypedTime
from exodrive.i18n.typed_numbers import DecimalNumber, WholeNumber
from exodrive.money import catalogue_price
from exodrive.staff.lockout import count_password
from exodrive.staff.years import ByYears


class StaffAdminConfig(AdminConfig):
    """Stands in INSTALLED_APPS in place of `django.contrib.admin`."""

    default_site = "exodrive.staff.admin_site.StaffAdminSite"


class StaffAdminSite(admin.AdminSite):
    """For Desk, Manager and superusers; `is_staff` alone opens nothing. One sign-in page for all of the staff side."""

    site_header = site_title = "exodrive"
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        """The identity middleware has decided already."""
        return ours(request).staff is not None

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Sign in on the staff side's page; who is signed in but does not work here is refused."""
        if ours(request).staff is None and request.user.is_authenticated:
            raise PermissionDenied
        onward = request.GET.get("next") or resolve_url("admin:index")
        return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': onward})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The old password may be guessed as often as at the sign-in page."""
        from exodrive.staff.journal import (  # has a model, and this module is read before there are any
            Kind,
            say,
        )

        if request.method == "POST":
            count_password(staff_of(request).pk)
        answer = super().password_change(request, extra_context)
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            say(Kind.PASSWORD_CHANGED, user_id=staff_of(request).pk)
        return answer

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Sign out and land on the sign-in page."""
        if request.method == "POST":
            logout(request)
        return redirect(settings.LOGOUT_REDIRECT_URL)


def staff_of(request: HttpRequest) -> Any:
    """The member of staff who asks."""
    return ours(request).staff


class AsReadersSort(ChangeList):
    """A list that is sorted by a column of text as its readers sort, not by the numbers of letters."""

    def get_ordering_field(self, field_name: Any) -> Any:
        """What a click on the column's head sorts by."""
        found = super().get_ordering_field(field_name)
        columns = {field.name: field for field in self.lookup_opts.fields}
        field = columns.get(found) if isinstance(found, str) else None
        return Folded(found) if isinstance(field, CharField) and not field.choices else found

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Where it is looked through by years, none of them is found by reading all rows."""
        found = super().get_queryset(request, *args, **kwargs)
        return ByYears.of(found) if self.date_hierarchy else found


class AdminForm(Remembers, forms.ModelForm):
    """Writes what was altered; what somebody else has altered meanwhile is said, by the admin's own history."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None and not self.instance._state.adding:
            self.compare()

    def add_error(self, field: str | None, error: Any) -> None:
        """What a constraint says stands beside the field that its `violation_error_code` names."""
        found = getattr(error, "error_dict", {})
        general = [] if field else found.pop(NON_FIELD_ERRORS, [])
        for one in general:
            found.setdefault(one.code if one.code in self.fields else NON_FIELD_ERRORS, []).append(one)
        super().add_error(field, error)

    def who_changed(self, name: str) -> str:
        """Whoever saved the page last."""
        from django.contrib.admin.models import (
            LogEntry,  # has a model, and this module is read before there are any
        )

        saved = LogEntry.objects.filter(
            object_id=str(self.instance.pk), content_type__model=self.instance._meta.model_name
        )
        last = saved.select_related("user").order_by("-action_time", "-pk").first()
        return str(last.user) if last else super().who_changed(name)


class ReadOnly(admin.options.BaseModelAdmin):
    """Everybody who works here may look, nobody may change. Numbers and dates are typed as their reader writes them."""

    form: Any = AdminForm
    show_full_result_count = False  # a list counts what it shows, not all that it does not

    formfield_overrides: ClassVar[dict[Any, Any]] = {
        DecimalField: {"form_class": DecimalNumber, "widget": TextInput({"class": "vIntegerField"})},
        IntegerField: {"form_class": WholeNumber, "widget": TextInput({"class": "vIntegerField"})},
        DateField: {"form_class": TypedDate},
        TimeField: {"form_class": TypedTime},
    }

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Locked while it is saved: two forms that are sent at once are compared one after the other."""
        found = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        saves = request.method == "POST" and connection.in_atomic_block
        if found is None or not saves or not self.has_change_permission(request, found):
            return found
        list(self.model._default_manager.select_for_update(no_key=True).filter(pk=found.pk).values_list("pk"))
        return super().get_object(request, object_id, from_field)  # type: ignore[misc]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Sorted as people read."""
        return AsReadersSort

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff."""
        return True

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Staff."""
        return True


class ByManagers(ReadOnly):
    """Everybody who works here may look, managers may change."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Managers."""
        return bool(staff_of(request).is_manager)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers."""
        return bool(staff_of(request).is_manager)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers; what a booking points to cannot be deleted by anybody."""
        return bool(staff_of(request).is_manager)


class Priced(ByManagers):
    """Says in which currency its amounts are, above them."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Those with an amount carry a sentence."""
        note = _("Amounts in %(currency)s.") % {"currency": settings.CURRENCY}
        amounts = {field.name for field in self.model._meta.fields if is_amount(field)}
        return [
            (
                title,
                {**options, "description": note} if amounts & set(flatten(options["fields"])) else options,
            )
            for title, options in super().get_fieldsets(request, obj)
        ]


def is_amount(field: "Field[Any, Any]") -> bool:
    """Whether a column keeps money."""
    return isinstance(field, AmountField)


def amount_column(model: type[Model], name: str) -> Any:
    """A column of an admin's list that shows a price of the catalogue with its currency; empty where there is none."""

    @admin.display(description=model._meta.get_field(name).verbose_name, ordering=name, empty_value="-")  # type: ignore[union-attr]
    def column(row: Any) -> str | None:
        amount = getattr(row, name)
        return None if amount is None else money(catalogue_price(amount))

    return column


class BySuperusers(ReadOnly):
    """Only superusers see these, and nobody deletes: history points to them."""

    def _may(self, request: HttpRequest) -> bool:
        return bool(staff_of(request).is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return self._may(request)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Superusers."""
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return self._may(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return self._may(request)
