"""Places with their hours and closed days in the Django admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cars.forms import AsksAboutBookings, HoursFormSet, NamedFormSet
from cars.models import Agency, ClosedDay, Location, OpeningHours
from exodrive.db.folding import Folded
from exodrive.staff.admin_site import ByManagers

WEEK, SPANS_A_DAY = 7, 4


class OpeningHoursInline(ByManagers, admin.TabularInline):
    """Hours by weekday, several where there is a break; a weekday without a row is closed."""

    model = OpeningHours
    formset = HoursFormSet
    extra = 0
    max_num = WEEK * SPANS_A_DAY


class ClosedDayInline(ByManagers, admin.TabularInline):
    """Days on which nobody is there."""

    model = ClosedDay
    formset = NamedFormSet
    extra = 0


@admin.register(Location)
class LocationAdmin(AsksAboutBookings):
    """Places where cars are picked up and returned."""

    list_display = ["name", "address", "hours", "time_zone", "phone", "agency"]
    list_select_related = ["agency"]
    search_fields = ["name", "address"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OpeningHoursInline, ClosedDayInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Location]:
        """With the hours of the whole page in one query."""
        return super().get_queryset(request).prefetch_related("opening_hours")

    @admin.display(description=_("opening hours"))
    def hours(self, place: Location) -> str:
        """When somebody is there, or that nobody has said so."""
        return place.hours_text or gettext("None known")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Say so where a place has no hours: every day counts as open then."""
        super().save_related(request, form, formsets, change)
        if not OpeningHours.objects.filter(location=form.instance).exists():
            words = gettext(
                "%(place)s has no opening hours: it counts as open every day from 10:00 to 18:00."
            )
            messages.warning(request, words % {"place": form.instance})

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
    list_select_related = ["location"]
    list_filter = ["location", "every_year"]
