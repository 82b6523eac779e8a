"""What a verb can refuse. Each error knows its code and HTTP status; pages and API phrase it the same way."""

from typing import Any, Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exodrive.errors import Refusal, Unavailable

__all__ = ["Unavailable"]


class BookingError(Refusal):
    """A refusal by a verb of this app."""


class Invalid(BookingError):
    """Input that makes no sense. `details["fields"]` maps a field to its messages."""

    @classmethod
    def field(cls, name: str, message: Any) -> "Invalid":
        """One wrong field."""
        return cls(message, fields={name: [message]})


class NoSuchTime(Invalid):
    """A clock time that is skipped that night, because the clocks go forward."""

    code = "no_such_time"


class NotAuthenticated(BookingError):
    code, status, message = "not_authenticated", 401, _("Sign in, or send a token.")


class Forbidden(BookingError):
    code, status, message = "forbidden", 403, _("You may not do this.")


class NotFound(BookingError):
    code, status, message = "not_found", 404, _("There is nothing here.")


class InvalidTransition(BookingError):
    code, status, message = "invalid_transition", 400, _("A booking cannot move that way.")


class DaysRefused(BookingError):
    """Days of a car that cannot be had. `details`: reasons, and alternatives once the door has looked them up."""

    asked: tuple[Any, Any] | None = None  # which car on which days

    def about(self, car: Any, days: Any) -> Self:
        """The same, with what it is about."""
        self.asked = (car, days)
        return self


class DatesTaken(DaysRefused):
    """Somebody has one of the days."""

    code, status, message = "dates_taken", 409, _("Those dates are no longer free.")


class InProgress(BookingError):
    code, status, message = (
        "in_progress",
        409,
        _("The same request is being worked on. Try again in a second."),
    )
    retry_after = 1


class StatusChanged(BookingError):
    """Someone else moved the booking. `details`: by (a name or kind), at (instant), status (now)."""

    code, status, message = "status_changed", 409, _("Someone else moved this booking.")


class CarIsOut(BookingError):
    """A customer has the car. `booking` is theirs; `details` name it: bookingId, reference."""

    code, status, message = "car_is_out", 409, _("A customer still has this car.")
    booking: Any = None

    @classmethod
    def with_(cls, booking: Any, message: Any) -> "CarIsOut":
        """The same, with whose it is and what to do."""
        refusal = cls(message, bookingId=str(booking.pk), reference=booking.reference)
        refusal.booking = booking
        return refusal


class TooEarly(BookingError):
    """The pick-up day has not come, and nobody said that it is meant. `details`: startDate."""

    code, status, message = "too_early", 409, _("This rental has not begun.")


class ChangedMeanwhile(BookingError):
    """Somebody else changed the very thing since it was read. Whoever asked looks again, then asks again."""

    code, status = "changed_meanwhile", 409
    message = _("Somebody else has just changed this. Look at it, then try again.")


class HoldExpired(BookingError):
    code, status, message = "hold_expired", 409, _("We no longer hold these dates for you.")


class ProofRequired(BookingError):
    """Too much is kept for people who have not shown that they can be reached: this one has to, before anything is held."""

    code, status = "proof_required", 409
    message = _("Many cars are being kept at this place right now. Confirm your email address to go on.")


class PaymentDeclined(BookingError):
    """The provider or the customer's bank said no. Another try or another method may work."""

    code, status = "payment_declined", 409
    message = _("The payment was declined. Try again, or pay in another way.")


class PriceChanged(BookingError):
    """It costs something else than was agreed. `details`: was (a Quote, or what was agreed to), now (a Quote)."""

    code, status = "price_changed", 409
    message = _("The price has changed. Look at it, then ask again.")


class DoNotRent(BookingError):
    """A manager has decided not to rent to this customer. Only staff ever hear of it. `details`: why."""

    code, status = "do_not_rent", 409
    message = _("We do not rent to this customer.")

    @classmethod
    def because(cls, why: str) -> Self:
        """With the reason in its sentence."""
        words = gettext("We do not rent to this customer: %(why)s Only a manager may make an exception.")
        return cls(words % {"why": why if why.endswith((".", "!", "?")) else f"{why}."}, why=why)


class RulesRefused(DaysRefused):
    """The days are free but a rule forbids them. `details["reasons"]` has all of them."""

    code, status, message = "rules_refused", 422, _("This car cannot be rented on these days.")


class IdempotencyKeyReused(BookingError):
    code, status = "idempotency_key_reused", 422
    message = _("This idempotency key was used for another request.")


class TooManyRequests(BookingError):
    code, status, message = "too_many_requests", 429, _("Too many tries. Wait a minute and try again.")
    retry_after = 60


class ProviderUnavailable(BookingError):
    """The payment provider cannot be asked, or nobody knows what it did. Asked again, it does it once."""

    code, status, retry_after = "provider_unavailable", 503, 30
    message = _("The payment provider does not answer. Nothing is paid twice: try again in a minute.")
