"""A ride by hand in two forms on one page: the wish, as customers say it, and for whom."""

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bookings.availability.extras import extras_left
from bookings.forms.extras import most_of, quantity_field
from bookings.forms.ride_details import HeldRideForm
from bookings.forms.rides import RideForm
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.rides.request import OF_THE_RIDE, RideDetails, RideRequest
from bookings.models import Booking
from bookings.views.rides.choice import RideChoice
from cars.models import Extra, Service
from inbox.forms.base import dress
from inbox.forms.somebody import ForSomebody

WHERE = {
    Service.Kind.HOURLY: ("from_text", "to_text"),
    Service.Kind.TRANSFER: OF_THE_RIDE,
    Service.Kind.TOUR: (),
}


class StaffRideForm(RideForm):
    """The same wish, with lists to choose from in place of the pictures of the public page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "id_%s"
        for name in ("duration", "class"):
            if name in self.fields:
                field: Any = self.fields[name]
                field.widget = forms.Select(choices=field.choices)
        dress(self)


class NewRideForm(ForSomebody):
    """From which door to which, what comes along, and for whom; all but the customer may still be open."""

    def __init__(
        self, data: Any = None, *, choice: RideChoice, may_override: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.choice = choice
        self.where_asked = WHERE[Service.Kind(choice.service.kind)]
        for name in self.where_asked:
            self.fields[name] = copy.deepcopy(HeldRideForm.base_fields[name])
            self.fields[name].required = False
        if not may_override:
            del self.fields["override"]
        self._offer_extras()
        dress(self)
        self.fields["silent"].widget.attrs.pop("class", None)

    def _offer_extras(self) -> None:
        self.extras: dict[str, Extra] = {}
        wish = self.choice.wish
        if wish is None:
            return
        place = wish.service.location
        for extra in extras_left(wish.hours.days(place.zone), place):
            self.extras[f"extra_{extra.pk}"] = extra
            self.fields[f"extra_{extra.pk}"] = quantity_field(extra, most_of(extra))

    @property
    def where(self) -> list[forms.BoundField]:
        """From which door to which, and how they find each other."""
        return [self[name] for name in self.where_asked]

    @property
    def extra_fields(self) -> list[forms.BoundField]:
        """How many of each extra that is left."""
        return [self[name] for name in self.extras]

    @property
    def asked(self) -> RideRequest:
        """What was typed, on two forms that are valid."""
        data, wish = self.cleaned_data, self.choice.wish
        if wish is None:
            raise ValueError(_("Choose a day and a time to see the price."))
        counted = ((extra, data[name] or 0) for name, extra in self.extras.items())
        said = {name: data[name] for name in ("phone", "special_requests", *self.where_asked)}
        return RideRequest(
            wish=wish,
            options=self.choice.form.options,
            who=self.person,
            details=RideDetails(**said, extras=tuple((extra, n) for extra, n in counted if n)),
            language=data["language"],
            source=Booking.Source.STAFF,
            override=data.get("override", ""),
            agreed=Agreed.typed(self.data),
            confirmed="confirm" in self.data,
            silent=data["silent"],
        )
