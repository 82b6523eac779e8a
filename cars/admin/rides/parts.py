"""Parts of a service's page: hours, rates by its kind, surcharges, what a tour is."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cars.admin.rides.catalogue import NAMES
from cars.admin.rides.forms import (
    RateForm,
    RateFormSet,
    ServiceHoursFormSet,
    SurchargeForm,
    TourForm,
    TourRateForm,
    TransferRateForm,
)
from cars.models import RideRate, ServiceHours, Surcharge, Tour
from exodrive.staff.admin_site import ByManagers


class ListsOnce(ByManagers):
    """A part of a page whose rows offer the same places and classes: they are read once, not for each row."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """With what can be chosen."""
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        for choice in formset.form.base_fields.values():
            if hasattr(choice, "queryset"):
                # Without the admin's buttons beside it, one of which deletes; they would also keep its name from it.
                choice.widget = getattr(choice.widget, "widget", choice.widget)
                choice.choices = [("", "—"), *((row.pk, str(row)) for row in choice.queryset)]
        return formset


class HoursInline(ByManagers, admin.TabularInline):
    """When it runs, by weekday."""

    model = ServiceHours
    formset = ServiceHoursFormSet
    extra = 0


class RateInline(ListsOnce, admin.TabularInline):
    """What an hour costs, by class."""

    model = RideRate
    form = RateForm
    formset = RateFormSet
    extra = 0
    fields = ["basis", "car_class", "amount", "day_cap", "included_km_per_hour", "excess_km_price"]


class TransferRateInline(ListsOnce, admin.StackedInline):
    """What a transfer costs, by its ends or its length."""

    model = RideRate
    form = TransferRateForm
    formset = RateFormSet
    extra = 0
    fields = [
        "basis",
        "car_class",
        ("from_place", "to_place"),
        ("from_zone", "to_zone"),
        ("to_km", "excess_km_price"),
        ("amount", "minutes", "both_ways"),
    ]


class TourRateInline(ListsOnce, admin.TabularInline):
    """What a tour costs, by the head or the car."""

    model = RideRate
    form = TourRateForm
    formset = RateFormSet
    extra = 0
    fields = ["basis", "car_class", "amount", "child_amount"]


class SurchargeInline(ListsOnce, admin.StackedInline):
    """What comes on top."""

    model = Surcharge
    form = SurchargeForm
    extra = 0
    fields = [
        *NAMES,
        ("kind", "per"),
        ("percent", "amount"),
        ("from_time", "to_time"),
        "weekdays",
        ("first_day", "last_day", "every_year"),
        "notice_minutes",
        ("car_class", "place"),
    ]


class TourInline(ListsOnce, admin.StackedInline):
    """What a tour is."""

    model = Tour
    form = TourForm
    fields = [
        ("duration_minutes", "meeting_place"),
        "languages",
        ("default_capacity", "min_passengers"),
    ]
