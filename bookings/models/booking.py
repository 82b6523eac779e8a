"""Bookings and their places."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
    ProhibitNullCharactersValidator,
)
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.db.models.lookups import Regex
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bookings.days import Days
from bookings.models.customer import MAX_NAME, MAX_PHONE, MISSING, ONE_LINE, VISIBLE, Customer
from bookings.models.handed import HANDED_OVER_RULES, HandedOver
from bookings.models.hours.rides import KNOWN_KIND, OfAKind
from bookings.models.names import greeted
from bookings.models.outcome import OUTCOMES, Outcome
from bookings.models.paid import OVER, Paid
from bookings.models.places import BookingLocation
from bookings.models.priced import Priced
from bookings.models.segments import Segmented
from bookings.tokens import token_of
from cars.models import Location
from exodrive.db.amounts import AmountField
from exodrive.db.lengths import at_most
from exodrive.mailboxes import CANONICAL, MAX_ADDRESS, validate_mailbox
from exodrive.phones import DIALABLE
from exodrive.timestamps import Timestamped

MAX_REQUESTS, MAX_ADDRESS_LINE = 2000, 300  # characters
YOUNGEST, OLDEST = 16, 120  # years, of a driver


class Booking(OfAKind, HandedOver, Paid, Outcome, Priced, Segmented, Timestamped):
    """A car for a customer on some days, or a ride. `lifecycle.transition` alone writes `status`; the database checks it."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        UPCOMING = "upcoming", _("Upcoming")
        ACTIVE = "active", _("Active")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")
        REFUNDED = "refunded", _("Refunded")

    class Source(models.TextChoices):
        WEB = "web", _("Website")
        MOBILE = "mobile", _("Website, mobile")
        API = "api", _("API")
        STAFF = "staff", _("Staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=12)
    car = models.ForeignKey(
        "cars.Car", on_delete=models.PROTECT, related_name="bookings", verbose_name=_("car")
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("customer")
    )
    start_date = models.DateField(_("pick-up day"))
    end_date = models.DateField(_("return day"))
    pickup_time = models.TimeField(_("pick-up time"))
    return_time = models.TimeField(_("return time"))
    buffer_days = models.PositiveSmallIntegerField(_("buffer days"), default=0)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PENDING)
    status_changed_at = models.DateTimeField(_("status changed"), editable=False)

    quote = models.JSONField(_("quote"), help_text=_("As booked: line items, total, tax, deposit."))
    terms = models.JSONField(_("cancellation terms"), default=dict)
    total = AmountField(_("total"))
    deposit = AmountField(_("deposit"), default=Decimal(0))
    currency = models.CharField(_("currency"), max_length=3)

    full_name = models.CharField(
        _("full name"), max_length=MAX_NAME, validators=[ONE_LINE, VISIBLE], error_messages=MISSING
    )
    # Without them the booking is one by phone: staff made it, and nobody is mailed.
    email = models.CharField(_("email"), max_length=MAX_ADDRESS, blank=True, validators=[validate_mailbox])
    mailbox = models.CharField(_("mailbox"), max_length=MAX_ADDRESS, blank=True, editable=False)
    phone = models.CharField(_("phone"), max_length=MAX_PHONE, blank=True, validators=[ONE_LINE])
    special_requests = models.TextField(
        _("special requests"),
        max_length=MAX_REQUESTS,
        blank=True,
        validators=[MaxLengthValidator(MAX_REQUESTS), ProhibitNullCharactersValidator()],
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")
    source = models.CharField(_("source"), max_length=6, choices=Source, default=Source.WEB)
    dates_chosen_at = models.DateTimeField(_("dates chosen"), null=True)
    delivery = models.BooleanField(_("delivery"), default=False)
    delivery_address = models.CharField(
        _("delivery address"),
        max_length=MAX_ADDRESS_LINE,
        blank=True,
        default="",
        validators=[ONE_LINE],
    )
    driver_age = models.PositiveSmallIntegerField(
        _("driver's age"),
        null=True,
        blank=True,
        validators=[MinValueValidator(YOUNGEST), MaxValueValidator(OLDEST)],
    )

    returned_at = models.DateTimeField(_("returned"), null=True)
    return_odometer_km = models.PositiveIntegerField(_("odometer at return (km)"), null=True)
    return_fuel_eighths = models.PositiveSmallIntegerField(_("fuel at return (eighths)"), null=True)
    return_damage = models.BooleanField(_("damage at return"), null=True)
    return_note = models.TextField(_("note at return"), blank=True, max_length=2000)
    erased_at = models.DateTimeField(_("personal data erased"), null=True, editable=False)

    class Meta:
        db_table = "bookings"
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        indexes = [
            # As the tabs of the inbox are sorted, so that a page is read and not found by sorting.
            models.Index("status", "start_date", "pickup_time", "id", name="bookings_by_status_and_pick_up"),
            models.Index("start_date", "pickup_time", "id", name="bookings_by_pick_up"),
            models.Index("end_date", "return_time", "id", name="bookings_by_return"),
            models.Index("car", "start_date", name="bookings_of_a_car_by_pick_up"),
            models.Index("mailbox", name="bookings_of_a_mailbox"),
            models.Index("id", name="bookings_whose_deposit_failed", condition=Q(deposit_status="failed")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_booking_per_reference"),
            models.CheckConstraint(
                condition=Q(start_date__lte=F("end_date")), name="booking_starts_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(mailbox__regex=CANONICAL) | Q(mailbox="", email="", phone__regex=DIALABLE),
                name="booking_has_a_mailbox",
            ),
            # Beyond ASCII it takes tables that the database has not.
            models.CheckConstraint(
                condition=~(Q(email__regex=r"^[\x01-\x7f]*$") & Q(Regex(Lower("email"), CANONICAL)))
                | Q(mailbox=Lower("email")),
                name="mailbox_is_the_one_shown",
            ),
            *OUTCOMES,
            KNOWN_KIND,
            *at_most(
                "bookings",
                quote=65_536,
                terms=1000,
                special_requests=MAX_REQUESTS,
                return_note=2000,
                pickup_note=2000,
            ),
            # Not the other way round: an erased booking keeps what it was charged for.
            models.CheckConstraint(
                condition=Q(delivery=True) | Q(delivery_address=""), name="an_address_only_with_delivery"
            ),
            models.CheckConstraint(
                condition=Q(return_fuel_eighths=None) | Q(return_fuel_eighths__lte=8), name="fuel_in_eighths"
            ),
            *HANDED_OVER_RULES,
        ]

    def __str__(self) -> str:
        return self.reference

    # Not columns: what `create_booking` gives back with the booking.
    secret = ""  # the link's token, known to whoever just made the booking
    replayed = False  # this answers a repeated request
    prove_by: datetime | None = None  # until when its mailbox has to be proven
    silent = False  # nobody is mailed about the making
    confirmed_at_once = False  # made and confirmed with one press: one mail says both

    @property
    def days(self) -> Days:
        """Pick-up day to return day, both included, as booked."""
        return Days(self.start_date, self.end_date)

    @property
    def counted_extras(self) -> dict[int, int]:
        """How many of each extra, by its id."""
        return {row.extra_id: row.quantity for row in self.extras.all()}

    @property
    def days_count(self) -> int:
        """Length in days."""
        return len(self.days)

    @property
    def first_name(self) -> str:
        """How we greet the customer."""
        return greeted(self.full_name) or self.reference

    @property
    def token(self) -> str:
        """The secret of the booking's link. The public role cannot read links: there `secret` must be known."""
        return self.secret or token_of(bytes(self.link.nonce))

    @cached_property
    def _places(self) -> dict[str, Location]:
        placed = self.__dict__.get("placed")
        return {place.kind: place.location for place in (self.places.all() if placed is None else placed)}

    @property
    def pick_up(self) -> Location:
        """Where the car is picked up; its time zone is the booking's. Prefetch `PLACES` or `PLACED` in lists."""
        return self._places.get(BookingLocation.Kind.PICK_UP) or self.car.location

    @property
    def drop_off(self) -> Location:
        """Where the car comes back."""
        return self._places.get(BookingLocation.Kind.DROP_OFF) or self.pick_up

    @property
    def pick_up_line(self) -> str:
        """Where the customer gets the car, on one line: the branch, or the address that it is brought to."""
        return self.delivery_address or self.pick_up.line

    @property
    def pickup_at(self) -> datetime:
        """The instant of the pick-up; in a list of rides select their `ride`."""
        return (
            self.ride.starts_at if self.is_ride else self.pick_up.instant(self.start_date, self.pickup_time)
        )

    @property
    def return_at(self) -> datetime:
        """The instant until which the car is due back."""
        return self.ride.ends_at if self.is_ride else self.drop_off.instant(self.end_date, self.return_time)

    def is_overdue(self, at: datetime) -> bool:
        """An active rental whose car is not back after its last day, or one that was called off while the car was out."""
        if self.status in OVER:
            return self.is_out
        return (
            (self.status, self.is_ride) == (self.Status.ACTIVE, False)
            and self.returned_at is None
            and self.end_date < self.drop_off.today(at)
        )

    def customer_may_cancel(self, at: datetime) -> bool:
        """Customers cancel what is pending or upcoming: rentals until 00:00 of the pick-up day, rides as their terms say."""
        stands = self.status in (self.Status.PENDING, self.Status.UPCOMING)
        if until := self.terms.get("cancel_until"):
            return stands and at < datetime.fromisoformat(until)
        return stands and self.pick_up.today(at) < self.start_date
