"""What changes a price in the Django admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from cars.admin.season_form import SeasonForm, between, effects_of
from cars.forms import AsksAboutBookings
from cars.models import Discount, Extra, Fee, Season
from exodrive.staff.admin_site import ByManagers, Priced, amount_column

MAX_CARS = 100  # in one table


def prices_of(season: Season) -> dict[str, Any]:
    """The rows of the table, and what is said of cars that it leaves out."""
    found = effects_of(season)
    rows = [(one.car, between(one.without), between(one.within)) for one in found[:MAX_CARS]]
    more = len(found) - MAX_CARS
    return {"rows": rows, "more": gettext("and %(n)d more") % {"n": more} if more > 0 else ""}


NAMES: list[Any] = ["name", ("name_es", "name_fr", "name_pt")]


@admin.register(Season)
class SeasonAdmin(Priced, admin.ModelAdmin):
    """Days with prices of their own."""

    list_display = [
        "name",
        "start_date",
        "end_date",
        "priority",
        amount_column(Season, "rate"),
        "percent",
        "car",
    ]
    list_select_related = ["car"]
    list_filter = ["car"]
    form = SeasonForm
    fields = [*NAMES, ("start_date", "end_date"), "priority", ("rate", "percent"), "car", "go_on"]

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With what a day of each car costs, without the season and with it."""
        form = context["adminform"].form
        season = form.tried if form.is_bound else obj
        if form.is_bound and form.previews and not set(form.errors) - {NON_FIELD_ERRORS}:
            context |= {"errors": [], "previewed": True}
        context["prices"] = prices_of(season) if season else None
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(Discount)
class DiscountAdmin(ByManagers, admin.ModelAdmin):
    """Per cents off longer rentals."""

    list_display = ["name", "min_days", "percent", "car"]
    list_select_related = ["car"]
    fields = [*NAMES, ("min_days", "percent"), "car"]


@admin.register(Fee)
class FeeAdmin(Priced, admin.ModelAdmin):
    """What a rental costs beside its days."""

    list_display = ["name", "kind", amount_column(Fee, "amount"), "per", "car", "location"]
    list_select_related = ["car", "location"]
    list_filter = ["kind"]
    fields = [*NAMES, "kind", ("amount", "per"), "below_age", ("car", "location")]


@admin.register(Extra)
class ExtraAdmin(Priced, AsksAboutBookings):
    """What customers may add."""

    list_display = [
        "name",
        amount_column(Extra, "price"),
        "per",
        "stock",
        "max_per_booking",
        "is_offered",
        "location",
    ]
    list_select_related = ["location"]
    fields = [
        *NAMES,
        ("price", "per"),
        ("stock", "max_per_booking"),
        "is_offered",
        "location",
        "about",
        "keep_bookings",
    ]
