"""What the JSON API takes about rides: in addresses and, beside what a rental takes, in bodies."""

from datetime import datetime
from typing import Annotated, Any, Protocol, get_args

from pydantic import Discriminator, Field, Tag
from pydantic.alias_generators import to_camel

from bookings.api.inputs.body import In
from bookings.api.inputs.bookings import (
    BookingIn,
    Extras,
    HoldIn,
    MailboxProofIn,
    OverrideIn,
    Overriding,
    PersonIn,
)
from bookings.api.inputs.prices import AGREED, Agreeing, MoneyIn
from bookings.api.inputs.queries import Params
from bookings.api.inputs.types import (
    Bags,
    BagsParam,
    Children,
    Day,
    Door,
    Flight,
    Id,
    IdParam,
    Minutes,
    MinutesParam,
    OnASign,
    Paragraphs,
    People,
    PeopleParam,
    Token,
    WallTime,
)
from bookings.api.messages import FORKS
from bookings.api.schemas import Language, RideKind, Source

START = (
    "What a clock at the service's location shows; a time that comes twice that night is the first of them"
)
MINUTES = "Needed by the hour; a transfer and a tour take their own time"
CLASS = "Default: the first that takes passengers and bags"
DEPARTURE = "Of a tour: seats on this departure, which begins at `start`, instead of a car to oneself"
PLACE = "Of a transfer: one of the service's `places`"


class RideAsked(Protocol):
    """A ride as an address or a body asks for it."""

    start: datetime
    minutes: int | None
    car_class_id: int | None
    from_place_id: int | None
    to_place_id: int | None

    @property
    def passengers(self) -> int:
        """Whom a car has to take."""

    @property
    def bags(self) -> int:
        """And what."""

    def spelt(self, name: str) -> str:
        """What the sender calls one of these."""


class DepartureQuery(Params):
    """Of which days departures are wanted."""

    from_: Day | None = Field(None, alias="from", description="The first day, local to the tour")
    to: Day | None = Field(None, description="The last day")


class ServiceQuery(Params):
    """Filters for services."""

    kind: RideKind | None = None
    location_id: IdParam | None = None


class RideQuery(Params):
    """A ride that somebody thinks of."""

    start: WallTime = Field(description=START)
    minutes: MinutesParam | None = Field(None, description=MINUTES)
    car_class_id: IdParam | None = Field(None, alias="class_id", description=CLASS)
    from_place_id: IdParam | None = Field(None, description=PLACE)
    to_place_id: IdParam | None = Field(None, description=PLACE)
    passengers: PeopleParam = 1
    bags: BagsParam = 0

    def spelt(self, name: str) -> str:
        """As it stands in the address."""
        return "class_id" if name == "car_class_id" else name


class PassengersIn(In):
    """Whom and what the car takes beside a driver."""

    passengers: People = 1
    children: Children = Field(
        default=0, description="Of the passengers, on a departure: who pays as a child"
    )
    bags: Bags = 0


class RideIn(PassengersIn):
    """The same, and how passengers and driver find each other."""

    from_text: Door = Field("", description="The door; needed where the ride begins at no airport or station")
    to_text: Door = Field("", description="The door; needed by a transfer to no airport or station")
    flight_number: Flight = ""
    sign_name: OnASign = Field("", description="Default: the customer's own")


class RideWantedIn(In):
    """A ride of a service. What is left out of a ride that is held is as it is held."""

    kind: RideKind
    service_id: Id
    car_class_id: Id | None = Field(None, description=CLASS)
    start: WallTime = Field(description=START)
    minutes: Minutes | None = Field(None, description=MINUTES)
    from_place_id: Id | None = Field(None, description=PLACE)
    to_place_id: Id | None = Field(None, description=PLACE)
    departure_id: Id | None = Field(None, description=DEPARTURE)
    ride: PassengersIn = Field(default_factory=PassengersIn)

    @property
    def passengers(self) -> int:
        """Whom the car takes."""
        return self.ride.passengers

    @property
    def bags(self) -> int:
        """And what."""
        return self.ride.bags

    def spelt(self, name: str) -> str:
        """As it stands in the body."""
        return to_camel(name)


class RideHoldIn(RideWantedIn):
    """A ride to keep. `proof` after a refusal with `proof_required`."""

    proof: MailboxProofIn | None = None


class RideBookingIn(RideWantedIn, Overriding, Agreeing):
    """A ride to book. The price is never sent: the server computes it."""

    ride: Annotated[RideIn, Field(default_factory=RideIn)]
    customer: PersonIn
    special_requests: Paragraphs = ""
    language: Language | None = Field(
        None, description="Of the mails. Default: the Accept-Language of the request"
    )
    source: Source = Field("api", description="`staff` only for staff")
    hold_token: Token | None = Field(None, description="Books the ride that this hold keeps")
    extras: Extras = Field([], description="From GET /extras of the service's location")
    override: OverrideIn | None = Field(None, description="Managers only: book although a rule forbids it")
    agreed_total: MoneyIn | None = Field(None, description=AGREED)


RENTAL, RIDE = FORKS


def _which(body: Any) -> str:
    kind = body.get("kind") if isinstance(body, dict) else getattr(body, "kind", None)
    return RIDE if isinstance(kind, str) and kind in get_args(RideKind) else RENTAL


NewHold = Annotated[Annotated[HoldIn, Tag(RENTAL)] | Annotated[RideHoldIn, Tag(RIDE)], Discriminator(_which)]
NewBooking = Annotated[
    Annotated[BookingIn, Tag(RENTAL)] | Annotated[RideBookingIn, Tag(RIDE)], Discriminator(_which)
]
