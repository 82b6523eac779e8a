"""The fleet in the Django admin: everybody who works here may look, managers may change."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cars.models import Agency, Car, CarImage, Location, OpeningHours
from exodrive.adminsite import ByManagers

WEEK = 7


class CarImageInline(ByManagers, admin.StackedInline):
    """Pictures, in order: a drawing by name or an uploaded photo."""

    model = CarImage
    extra = 0
    fields = [("art", "file", "position"), "alt", ("alt_es", "alt_fr", "alt_pt")]


@admin.register(Car)
class CarAdmin(ByManagers, admin.ModelAdmin):
    """Cars with their rates, rules and pictures."""

    list_display = ["__str__", "plate", "location", "status", "daily_rate", "weekend_rate", "deposit"]
    list_filter = ["status", "location", "gearbox", "fuel"]
    list_select_related = ["location"]
    search_fields = ["make", "model", "plate", "slug"]
    prepopulated_fields = {"slug": ["make", "model"]}
    inlines = [CarImageInline]
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
                "fields": [("min_days", "max_days"), "buffer_days", "minimum_age"],
                "description": _("Empty means the default of the fleet."),
            },
        ),
        (_("Description"), {"fields": ["description", "description_es", "description_fr", "description_pt"]}),
    ]


class OpeningHoursInline(ByManagers, admin.TabularInline):
    """Hours by weekday; a weekday without a row is closed."""

    model = OpeningHours
    extra = 0
    max_num = WEEK


@admin.register(Location)
class LocationAdmin(ByManagers, admin.ModelAdmin):
    """Places where cars are picked up and returned."""

    list_display = ["name", "address", "time_zone", "phone", "agency"]
    list_select_related = ["agency"]
    search_fields = ["name", "address"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OpeningHoursInline]


@admin.register(Agency)
class AgencyAdmin(ByManagers, admin.ModelAdmin):
    """Who runs the locations."""

    list_display = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
