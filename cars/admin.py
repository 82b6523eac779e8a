"""The fleet in the Django admin: everybody who works here may look, managers may change."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cars.forms import SERVICE, AsksAboutBookings, CarForm, FleetForm, TermForm
from cars.models import (
    BY_NAME,
    Agency,
    Car,
    CarImage,
    ClosedDay,
    Discount,
    Extra,
    Fee,
    Fleet,
    Location,
    OpeningHours,
    Season,
    Term,
)
from exodrive.db.folding import Folded
from exodrive.staff.admin_site import ByManagers, Priced, amount_column

WEEK = 7
MAX_CARS = 200  # named in one address


class CarImageInline(ByManagers, admin.StackedInline):
    """Pictures, in order: a drawing by name or an uploaded photo."""

    model = CarImage
    extra = 0
    fields = [("art", "file", "position"), "alt", ("alt_es", "alt_fr", "alt_pt")]


class TermInline(ByManagers, admin.StackedInline):
    """What comes with a rental, in four languages."""

    model = Term
    form = TermForm
    extra = 0
    max_num = len(Term.Kind)
    fields = ["kind", "words", ("words_es", "words_fr", "words_pt")]


@admin.register(Car)
class CarAdmin(Priced, AsksAboutBookings):
    """Cars with their rates, rules and pictures."""

    list_display = [
        "__str__",
        "plate",
        "location",
        "status",
        *(amount_column(Car, name) for name in ("daily_rate", "weekend_rate", "deposit")),
    ]
    list_filter = ["status", "location", "gearbox", "fuel"]
    list_select_related = ["location"]
    search_fields = ["make", "model", "plate", "slug"]
    ordering = BY_NAME
    prepopulated_fields = {"slug": ["make", "model"]}
    inlines = [TermInline, CarImageInline]
    actions = ["block_days"]
    form = CarForm
    fieldsets = [
        (None, {"fields": [("make", "model"), "slug", ("location", "status"), ("plate", "year")]}),
        (_("Facts"), {"fields": [("seats", "doors"), ("gearbox", "fuel"), "power_kw"]}),
        (
            _("Price"),
            {
                "fields": [
                    ("daily_rate", "weekend_rate"),
                    "deposit",
                    ("included_km_per_day", "excess_km_price"),
                ]
            },
        ),
        (
            _("Rules"),
            {
                "fields": [
                    "fleet",
                    ("min_days", "max_days"),
                    ("buffer_days", "horizon_days"),
                    ("lead_time_hours", "cut_off_hour"),
                    "pickup_weekdays",
                    "dropoff_weekdays",
                    "minimum_age",
                    "keep_bookings",
                ],
                "description": _("Empty means the default of the fleet."),
            },
        ),
        SERVICE,
        (_("Description"), {"fields": ["description", "description_es", "description_fr", "description_pt"]}),
    ]

    @admin.action(description=_("Block days…"), permissions=["view"])
    def block_days(self, request: HttpRequest, queryset: QuerySet[Car]) -> HttpResponse | None:
        """On to the form that asks which days, with these cars ticked."""
        in_use = Car.objects.exclude(status=Car.Status.RETIRED)
        chosen = list(queryset.exclude(status=Car.Status.RETIRED).values_list("pk", flat=True))
        whole = len(chosen) > 1 and len(chosen) == in_use.count()
        if not chosen or (len(chosen) > MAX_CARS and not whole):
            words = gettext("Choose at most %(n)d cars, or all of them; retired cars cannot be blocked.")
            messages.error(request, words % {"n": MAX_CARS})
            return None
        query: dict[str, Any] = {"fleet": "1"} if whole else {"car": chosen}
        query |= {"next": request.get_full_path()}
        return redirect(f"{reverse('staff_new_block')}?{urlencode(query, doseq=True)}")


class OpeningHoursInline(ByManagers, admin.TabularInline):
    """Hours by weekday; a weekday without a row is closed."""

    model = OpeningHours
    extra = 0
    max_num = WEEK


class ClosedDayInline(ByManagers, admin.TabularInline):
    """Days on which nobody is there."""

    model = ClosedDay
    extra = 0


@admin.register(Location)
class LocationAdmin(AsksAboutBookings):
    """Places where cars are picked up and returned."""

    list_display = ["name", "address", "time_zone", "phone", "agency"]
    list_select_related = ["agency"]
    search_fields = ["name", "address"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OpeningHoursInline, ClosedDayInline]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The one agency, where there is but one."""
        agencies = list(Agency.objects.values_list("pk", flat=True)[:2])
        return {
            **super().get_changeform_initial_data(request),
            **({"agency": agencies[0]} if len(agencies) == 1 else {}),
        }


@admin.register(Agency)
class AgencyAdmin(ByManagers, admin.ModelAdmin):
    """Who runs the locations."""

    list_display = ["name", "slug"]
    ordering = [Folded("name"), "pk"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Fleet)
class FleetAdmin(AsksAboutBookings):
    """Rules for all cars that have none of their own."""

    form = FleetForm
    inlines = [TermInline]
    list_display = [
        "name",
        "min_days",
        "max_days",
        "buffer_days",
        "horizon_days",
        "lead_time_hours",
        "cut_off_hour",
    ]


@admin.register(ClosedDay)
class ClosedDayAdmin(AsksAboutBookings):
    """Holidays of every location; those of one stand on its own page."""

    list_display = ["date", "every_year", "name", "location"]
    list_filter = ["location", "every_year"]


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
    list_filter = ["car"]
    fields = [*NAMES, ("start_date", "end_date"), "priority", ("rate", "percent"), "car"]


@admin.register(Discount)
class DiscountAdmin(ByManagers, admin.ModelAdmin):
    """Per cents off longer rentals."""

    list_display = ["name", "min_days", "percent", "car"]
    fields = [*NAMES, ("min_days", "percent"), "car"]


@admin.register(Fee)
class FeeAdmin(Priced, admin.ModelAdmin):
    """What a rental costs beside its days."""

    list_display = ["name", "kind", amount_column(Fee, "amount"), "per", "car", "location"]
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
    fields = [
        *NAMES,
        ("price", "per"),
        ("stock", "max_per_booking"),
        "is_offered",
        "location",
        "about",
        "keep_bookings",
    ]
