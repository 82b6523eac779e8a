"""The day ledger and its claimants beside bookings: holds and blocks."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.days import Days
from bookings.models.hours.by_the_hour import ByTheHour, hours_that_make_sense
from bookings.models.hours.departures import seats_of_a_departure
from bookings.models.hours.rides import HELD_RIDE, HeldForARide
from bookings.tokens import token_of
from cars.pricing.quote import Quote
from exodrive.db.lengths import at_most, bytes_at_most
from exodrive.timestamps import Timestamped


class CarAvailability(Timestamped):
    """One taken day of one car. No row means free; a lapsed hold's row counts as free and is taken over by a claim.

    A service day is shared by spans and belongs to none of them; `keep_service_day` alone writes it.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        BOOKED = "booked", _("Booked")
        HELD = "held", _("Held")
        BLOCKED = "blocked", _("Blocked")
        BUFFER = "buffer", _("Buffer")
        SERVICE = "service", _("By the hour")

    car = models.ForeignKey("cars.Car", on_delete=models.PROTECT, related_name="taken_days", db_index=False)
    date = models.DateField(_("date"))
    status = models.CharField(_("status"), max_length=8, choices=Status)
    booking = models.ForeignKey(
        "bookings.Booking", null=True, on_delete=models.CASCADE, related_name="ledger"
    )
    hold = models.ForeignKey("bookings.Hold", null=True, on_delete=models.CASCADE, related_name="ledger")
    block = models.ForeignKey("bookings.Block", null=True, on_delete=models.CASCADE, related_name="ledger")
    expires_at = models.DateTimeField(_("lapses"), null=True)

    class Meta:
        db_table = "car_availability"
        verbose_name = _("taken day")
        verbose_name_plural = _("taken days")
        indexes = [
            models.Index("date", "car", include=["expires_at", "status"], name="taken_cars_of_a_day"),
            models.Index("date", "car", name="days_that_may_lapse", condition=Q(expires_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["car", "date"], name="one_claim_per_car_day"),
            # What the foreign key of spans points to.
            models.UniqueConstraint(fields=["car", "date", "status"], name="a_day_and_its_use"),
            models.CheckConstraint(
                name="one_claimant_that_fits_the_status",
                condition=(
                    Q(
                        booking__isnull=False,
                        hold=None,
                        block=None,
                        status__in=["pending", "booked", "buffer"],
                    )
                    | Q(booking=None, hold__isnull=False, block=None, status__in=["held", "buffer"])
                    | Q(booking=None, hold=None, block__isnull=False, status="blocked")
                    | Q(booking=None, hold=None, block=None, status="service")
                ),
            ),
            models.CheckConstraint(
                name="only_holds_lapse",
                condition=Q(expires_at=None, hold=None)
                | Q(expires_at__isnull=False, hold__isnull=False)
                | Q(status="service"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.status}"


class Hold(HeldForARide, ByTheHour, Timestamped):
    """Days kept for a visitor who fills in the details. Blocks like a booking until it lapses."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    car = models.ForeignKey("cars.Car", on_delete=models.PROTECT, related_name="holds", verbose_name=_("car"))
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    buffer_days = models.PositiveSmallIntegerField(_("buffer days"), default=0)
    expires_at = models.DateTimeField(_("lapses"), db_index=True)
    extended_at = models.DateTimeField(_("extended"), null=True)
    booking = models.ForeignKey(
        "bookings.Booking",
        null=True,
        on_delete=models.CASCADE,
        related_name="holds",
        verbose_name=_("booking"),
    )
    dates_chosen_at = models.DateTimeField(_("dates chosen"))
    source = models.CharField(_("source"), max_length=6, default="web")
    visitor = models.CharField(
        max_length=64, blank=True, default="", help_text=_("Who holds, as a keyed hash.")
    )
    network = models.CharField(
        max_length=64, blank=True, default="", help_text=_("From which network, as a keyed hash.")
    )
    since = models.DateTimeField(_("kept since"), help_text=_("By this visitor, one hold after the other."))
    code = models.ForeignKey(
        "bookings.MailboxCode", null=True, on_delete=models.SET_NULL, related_name="holds"
    )
    quote = models.JSONField(
        _("quote"),
        null=True,
        editable=False,
        help_text=_("As shown when it was placed. Empty: by a release that kept none."),
    )
    nonce = models.BinaryField(max_length=16)
    token_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "holds"
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        indexes = [
            models.Index("visitor", "car", name="holds_of_a_visitor", condition=Q(booking=None)),
            models.Index("network", name="holds_of_a_network", condition=Q(booking=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_date__lte=F("end_date")), name="hold_starts_before_it_ends"
            ),
            hours_that_make_sense("hold"),
            HELD_RIDE,
            seats_of_a_departure("hold"),
            *at_most("holds", quote=65_536, choice=1000),
            *bytes_at_most("holds", nonce=16),
        ]

    def __str__(self) -> str:
        return f"{self.start_date} – {self.end_date}"

    @property
    def days(self) -> Days:
        """The days held, without buffer."""
        return Days(self.start_date, self.end_date)

    @property
    def token(self) -> str:
        """The secret in the link of the details page."""
        return token_of(bytes(self.nonce))

    @property
    def as_quoted(self) -> Quote | None:
        """The price as shown when it was placed."""
        return Quote.from_json(self.quote) if self.quote else None

    @property
    def in_catalogue_currency(self) -> bool:
        """Whether today's prices are in the currency in which it was quoted."""
        return self.as_quoted is not None and self.as_quoted.currency == settings.CURRENCY

    def is_live(self, at: datetime) -> bool:
        """Whether the days are still kept at the instant `at`."""
        return self.booking_id is None and self.expires_at > at

    @property
    def can_be_extended(self) -> bool:
        """A hold is extended once."""
        return self.extended_at is None and self.booking_id is None


class Block(ByTheHour, Timestamped):
    """Days, or hours, for which staff keep a car off the road, with the reason."""

    class Kind(models.TextChoices):
        MAINTENANCE = "maintenance", _("Maintenance")
        OWNER_USE = "owner_use", _("Owner use")
        OTHER = "other", _("Other")

    car = models.ForeignKey(
        "cars.Car", on_delete=models.PROTECT, related_name="blocks", verbose_name=_("car")
    )
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    kind = models.CharField(_("reason"), max_length=12, choices=Kind, default=Kind.OTHER)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        db_table = "blocked_dates"
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.CheckConstraint(
                condition=Q(start_date__lte=F("end_date")), name="block_starts_before_it_ends"
            ),
            hours_that_make_sense("block"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start_date} – {self.end_date}"

    @property
    def days(self) -> Days:
        """The days blocked."""
        return Days(self.start_date, self.end_date)


class BlockEvent(Timestamped):
    """Audit: that a block was removed, by whom, and what it was. Written by the database's trigger only; it never changes.

    `reason` is the block's note; `created_at` is when it was removed.
    """

    car = models.ForeignKey(
        "cars.Car",
        on_delete=models.PROTECT,
        related_name="block_events",
        verbose_name=_("car"),
        db_index=False,
    )
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    kind = models.CharField(_("reason"), max_length=12, choices=Block.Kind)
    reason = models.CharField(_("note"), max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("removed by"),
    )

    class Meta:
        db_table = "block_events"
        verbose_name = _("removed block")
        verbose_name_plural = _("removed blocks")
        indexes = [models.Index(fields=["car", "-created_at"], name="block_events_of_a_car")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start_date} – {self.end_date}"
