"""What is typed to change a booked ride: when and how long, from which door to which, for how many."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.availability.rides.chosen import of_ride
from bookings.availability.rides.rules import HOUR
from bookings.availability.rules import Reason
from bookings.errors import Invalid
from bookings.forms.base import LinesField, SiteForm, TextField
from bookings.forms.change import ChangesBooking
from bookings.forms.ride_details import AsksWhere
from bookings.forms.rides import A_YEAR, MOST_BAGS, MOST_PASSENGERS, Duration, hours_and_minutes
from bookings.lifecycle.rides.change_request import NAMES, PEOPLE, RideChangeRequest, value_of
from bookings.lifecycle.rides.request import OF_THE_RIDE
from bookings.models import Booking
from bookings.models.booking import MAX_REQUESTS
from bookings.models.customer import MAX_PHONE
from bookings.ridden import local, ride_of
from cars.models import Service
from exodrive.i18n.formats import day_long
from exodrive.i18n.typed_numbers import WholeNumber

TIMES = ("day", "time", "duration")
# Where a reason is mended; all others by another time.
MENDED = {
    "min_duration": "duration",
    "max_duration": "duration",
    "passengers": "passengers",
    "luggage": "bags",
}


class RideChangeForm(AsksWhere, ChangesBooking, SiteForm):
    """A ride as it would become. The time is asked for as long as it `moves`; a press on another one comes as `take`."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day"), "invalid": gettext_lazy("Choose a day")},
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": gettext_lazy("Choose a time"), "invalid": gettext_lazy("Choose a time")},
    )
    duration = Duration(
        label=gettext_lazy("How long"),
        help_text=gettext_lazy("Hours and minutes, like 2:30"),
        error_messages={"required": gettext_lazy("Choose how long")},
        widget=forms.TextInput({"autocomplete": "off", "maxlength": 12}),
    )
    passengers = WholeNumber(
        label=gettext_lazy("Passengers"),
        min_value=1,
        max_value=MOST_PASSENGERS,
        error_messages={"required": gettext_lazy("Type how many passengers there are")},
    )
    bags = WholeNumber(
        label=gettext_lazy("Bags"),
        min_value=0,
        max_value=MOST_BAGS,
        error_messages={"required": gettext_lazy("Type how many bags there are")},
    )
    phone = TextField(
        label=gettext_lazy("Phone number"),
        required=False,
        max_length=MAX_PHONE,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    special_requests = LinesField(
        label=gettext_lazy("Special requests"),
        required=False,
        max_length=MAX_REQUESTS,
        widget=forms.Textarea({"rows": 4}),
    )
    field_order = (*TIMES, *OF_THE_RIDE, *PEOPLE, "phone", "special_requests")

    def __init__(self, data: Any = None, *, booking: Booking, moves: bool, counts: bool = True) -> None:
        self.booking, self.ride, self.at_place = booking, ride_of(booking), local(ride_of(booking))
        self.is_hourly = self.ride.service.kind == Service.Kind.HOURLY
        super().__init__(data and _with_choice(data), initial=self._as_booked())
        self._ask_when(moves=moves)
        self.ask_where(*of_ride(self.ride))
        for name in {"from_text", "to_text"} & self.fields.keys():
            # What was left open stays open; what was said is not taken away again.
            self.fields[name].required &= bool(getattr(self.ride, name))
        if not counts:
            del self.fields["passengers"], self.fields["bags"]
        self.compare()

    def _as_booked(self) -> dict[str, Any]:
        begins = self.at_place[0]
        times = {"day": begins.date(), "time": begins.time()}
        said = {name: value_of(self.booking, self.ride, name) for name in NAMES}
        return {**times, "duration": hours_and_minutes(self.minutes), **said}

    @property
    def minutes(self) -> int:
        """How long it takes as booked."""
        hours = self.ride.hours
        return int(hours.length.total_seconds()) // 60 if hours else HOUR

    def _ask_when(self, *, moves: bool) -> None:
        left_out = TIMES if not moves else () if self.is_hourly else ("duration",)
        for name in left_out:
            del self.fields[name]
        if moves:
            self.fields["time"].widget.attrs["step"] = 60 * self.ride.service.step_minutes

    def clean_day(self) -> date:
        """No slip of a year: it would be looked for."""
        day: date = self.cleaned_data["day"]
        booked = self.at_place[0].date()
        if not booked - A_YEAR <= day <= booked + 2 * A_YEAR:
            raise ValidationError(_("Choose a day"))
        return day

    def clean(self) -> dict[str, Any]:
        """A time that some clock shows, too."""
        data = super().clean() or {}
        if not self.errors:
            try:
                self.asked  # noqa: B018 - it is looked at here, so that it can be said at its field
            except Invalid as error:
                self.add_error("time", str(error.message))
        return data

    def who_changed(self, name: str) -> str:
        """The parts of the time are one thing in the history."""
        return super().who_changed("hours" if name in TIMES else name)

    @property
    def when(self) -> list[forms.BoundField]:
        """The fields of the time, as far as it is asked for."""
        return [self[name] for name in TIMES if name in self.fields]

    @property
    def who(self) -> list[forms.BoundField]:
        """How many ride along."""
        return [self[name] for name in PEOPLE if name in self.fields]

    @property
    def asked(self) -> RideChangeRequest:
        """What is different: what was not touched is not asked for again."""
        data = self.cleaned_data
        said = {name: data[name] for name in NAMES if name in data}
        start = None
        if "day" in data:
            start = datetime.combine(data["day"], data["time"].replace(second=0, microsecond=0))
        asked = RideChangeRequest(start=start, minutes=data.get("duration"), **said)
        return asked.news_for(self.booking, self.ride)

    def refuse(self, reasons: Iterable[Reason]) -> None:
        """Say every reason where it is mended."""
        for reason in reasons:
            field = MENDED.get(reason.code, "time")
            self.add_error(field if field in self.fields else None, reason.message)

    @property
    def in_short(self) -> str:
        """The day as booked, for the head of the page."""
        return day_long(self.at_place[0].date())


def _with_choice(data: QueryDict) -> QueryDict:
    """What was typed, at the time of an alternative when one was pressed."""
    day, _sep, clock = data.get("take", "").partition("T")
    if not clock:
        return data
    typed = data.copy()
    typed["day"], typed["time"] = day, clock
    return typed
