"""Places with their hours and closed days in the Django admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cars.forms import AsksAboutBookings
from cars.models import Agency, ClosedDay, Location, OpeningHours
from exodrive.db.folding import Folded
from exodrive.staff.admin_site import ByManagers

WEEK = 7


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


@admin.register(ClosedDay)
class ClosedDayAdmin(AsksAboutBookings):
    """Holidays of every location; those of one stand on its own page."""

    list_display = ["date", "every_year", "name", "location"]
    list_filter = ["location", "every_year"]
