"""Cars and fleets in the Django admin."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cars.forms import SERVICE, AsksAboutBookings, CarForm, FleetForm, PictureForm, TermForm
from cars.models import (
    BY_NAME,
    Car,
    CarImage,
    Fleet,
    Term,
)
from exodrive.staff.admin_site import ByManagers, Priced, amount_column

MAX_CARS = 200  # named in one address


class CarImageInline(ByManagers, admin.StackedInline):
    """Pictures, in order: uploaded photos, or drawings by name where a car has one already."""

    model = CarImage
    form = PictureForm
    extra = 0

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Drawings are files of the release: who has none cannot add one here."""
        drawn = obj is not None and obj.images.exclude(art="").exists()
        first = ("art", "file", "position") if drawn else ("file", "position")
        return [first, "alt", ("alt_es", "alt_fr", "alt_pt")]


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
        (_("Facts"), {"fields": [("seats", "doors"), ("gearbox", "fuel"), "power_kw", "car_class"]}),
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
