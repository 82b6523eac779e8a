"""What a booking tells its customer: headline, the state in words, what happens next, what was paid."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Booking
from bookings.payments.terms import refund_if_cancelled, tiers
from bookings.payments.terms_text import back, paying
from bookings.views.rides import text as rides
from cars.models import Term, terms_of
from exodrive.i18n.formats import clock, day, instant, money
from exodrive.money import Money

Status, Deposit = Booking.Status, Booking.DepositStatus
TRACK = (Status.PENDING, Status.UPCOMING, Status.ACTIVE, Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class Story:
    """One notice: a fact in bold, the rest, and how it looks (tone "", ok or warn; icon)."""

    fact: str
    rest: str
    tone: str
    icon: str


def headline(booking: Booking) -> str:
    """The h1 of the booking page."""
    name = {"name": booking.first_name}
    if booking.is_no_show:
        return _("We waited for you, %(name)s") % name
    if booking.is_ride and (said := rides.headline(booking)):
        return said
    return {
        Status.PENDING: _("We have your request, %(name)s"),
        Status.UPCOMING: _("You’re booked, %(name)s"),
        Status.ACTIVE: _("Have a good drive, %(name)s"),
        Status.COMPLETED: _("Thank you, %(name)s"),
        Status.CANCELLED: _("Your booking is cancelled, %(name)s"),
        Status.REFUNDED: _("Your booking is cancelled, %(name)s"),
    }[Status(booking.status)] % name


def story(booking: Booking, at: datetime) -> Story:
    """The notice under the headline."""
    if booking.is_overdue(at):
        end = {"day": day(booking.end_date), "time": clock(booking.return_time)}
        late = _("The car was due back on %(day)s, %(time)s.") % end
        return Story(late, _("Call us and tell us when you bring it."), "warn", "warn")
    if booking.is_no_show:
        return Story(
            _("Nobody came for the car, so the booking is over."), _back_of_no_show(booking), "", "info"
        )
    story = _stories(booking)[Status(booking.status)]
    if booking.is_ride and (facts := rides.facts(booking)):
        return replace(story, fact=facts[0], rest=facts[1])
    return story


def _back_of_no_show(booking: Booking) -> str:
    if booking.refunded:
        return _("What the terms give back is on its way.")
    return _("By the terms nothing comes back.") if booking.paid else _("Nothing was charged.")


def _stories(booking: Booking) -> dict[str, Story]:
    start = {"day": day(booking.start_date), "time": clock(booking.pickup_time)}
    end = {"day": day(booking.end_date), "time": clock(booking.return_time)}
    by_hand = _(
        "Our team checks each booking by hand, usually within 2 hours. You do not need to do anything."
    )
    till_then = _("Call us if anything happens on the way.")
    released = _("We release your deposit once the car has been checked.") if booking.deposit else ""
    still_due = paying(booking) if booking.amount_due else ""
    return {
        Status.PENDING: _waiting(booking, by_hand),
        Status.UPCOMING: Story(_("Confirmed."), _("See you %(day)s from %(time)s.") % start, "ok", "check"),
        Status.ACTIVE: Story(_("Return by %(day)s, %(time)s.") % end, till_then, "ok", "clock"),
        Status.COMPLETED: Story(_("The car is back."), f"{still_due} {released}".strip(), "ok", "check"),
        Status.CANCELLED: Story(
            _("The days are free again."),
            "" if booking.paid or booking.refunded else _("Nothing was charged."),
            "",
            "info",
        ),
        Status.REFUNDED: Story(_("All your money is on its way back."), "", "", "info"),
    }


def _waiting(booking: Booking, by_hand: str) -> Story:
    if booking.payment_status == Booking.PaymentStatus.PROCESSING:
        told = _("We write to you as soon as we know.")
        return Story(_("We are confirming your payment."), told, "", "clock")
    if booking.pay_until is not None:
        keeps = _("We keep the car for you until %(when)s.") % {
            "when": instant(booking.pay_until, booking.pick_up.zone)
        }
        return Story(_("Not paid yet."), keeps, "warn", "clock")
    if booking.payment_method == Booking.PaymentMethod.TRANSFER:
        return Story(_("You pay by bank transfer."), _("We confirm when it has arrived."), "", "info")
    return Story(_("You pay at pick-up."), by_hand, "", "info")


def to_prove(booking: Booking, due_at: datetime, at: datetime) -> str:
    """What keeps the car, while the booking's mailbox is unproven."""
    left = max((due_at - at) // timedelta(minutes=1), 1)
    words = ngettext(
        "Open the link in the email to %(email)s within %(n)d minute (by %(when)s) to keep the car.",
        "Open the link in the email to %(email)s within %(n)d minutes (by %(when)s) to keep the car.",
        left,
    )
    return words % {"email": booking.email, "n": left, "when": instant(due_at, booking.pick_up.zone)}


def next_steps(booking: Booking) -> list[str]:
    """What happens from here to the return."""
    if booking.is_ride:
        return rides.next_steps(booking)
    bring = _("Bring your licence, ID and the card you pay with.")
    deposit = _("We place a %(amount)s hold on your card at pick-up and release it after the return.")
    if booking.deposit_status:
        deposit = _("We hold the deposit of %(amount)s before the pick-up and release it after the return.")
    at_pick_up = [bring, *([deposit % {"amount": money(booking.deposit_money)}] if booking.deposit else [])]
    if booking.status == Status.ACTIVE:
        fuel = terms_of(booking.car).get(Term.Kind.FUEL)
        together = _("We look at the car together and release the deposit.")
        return [*filter(None, [fuel]), together if booking.deposit else _("We look at the car together.")]
    return {
        Status.PENDING: [
            _("You pay, and we confirm by email at once.")
            if booking.pay_until
            else _("We confirm your booking by email."),
            *at_pick_up,
        ],
        Status.UPCOMING: at_pick_up,
    }.get(Status(booking.status), [])


def track(booking: Booking) -> list[tuple[str, str]]:
    """The four steps of a booking's life; none for a cancelled one."""
    if booking.status not in TRACK:
        return []
    return [(status.value, str(status.label)) for status in TRACK]


def is_over(booking: Booking) -> bool:
    """Cancelled, so that nothing will be paid or held any more."""
    return booking.status in (Status.CANCELLED, Status.REFUNDED)


def total_label(booking: Booking) -> str:
    """What stands before the total."""
    if booking.paid and not booking.amount_due:
        return _("Paid")
    at_pick_up = booking.payment_method == Booking.PaymentMethod.PICK_UP
    return _("Total, paid at pick-up") if at_pick_up and not is_over(booking) else _("Total")


def payment_text(booking: Booking, at: datetime) -> str:
    """The sentence under the price."""
    if is_over(booking):
        return _over_text(booking)
    state = paying(booking)
    until = booking.free_cancellation_until
    if until is None or booking.status not in (Status.PENDING, Status.UPCOMING):
        return state
    if len(tiers(booking)) > 1:
        return " ".join([state, *back(booking, at)])
    return f"{state} {cancelling(booking, until, at)}"


def _over_text(booking: Booking) -> str:
    # Who ended it late may owe something, or nothing where it was us: the page does not know.
    if booking.paid or booking.refunded:
        given, kept = money(booking.refunded_money), money(booking.paid_money)
        if not booking.paid:
            return _("We have sent all of it back: %(amount)s.") % {"amount": given}
        if booking.refunded:
            return _("We have sent %(given)s back and have %(kept)s.") % {"given": given, "kept": kept}
        return _("You have paid %(amount)s. What is yours of it is on its way back.") % {"amount": kept}
    until = booking.free_cancellation_until
    late = booking.status == Status.CANCELLED and until is not None and booking.status_changed_at >= until
    return "" if late else _("There is nothing to pay.")


def deposit_text(booking: Booking) -> str:
    """What is true of the deposit; "" before anything was done about it."""
    if is_over(booking) and not booking.deposit_kept:
        return ""
    words = {
        Deposit.PLANNED: _("The deposit is held near the pick-up."),
        Deposit.WAITING: _("The deposit waits for you: we cannot hand the car over without it."),
        Deposit.HELD: _("The deposit of %(amount)s is held. It is not charged."),
        Deposit.CAPTURED: _("We have kept %(kept)s of the deposit."),
        Deposit.RELEASED: _("The deposit is released."),
        Deposit.FAILED: _("The deposit could not be held."),
    }.get(Deposit(booking.deposit_status), "")
    kept = money(Money(booking.deposit_kept, booking.currency))
    return words % {"amount": money(booking.deposit_money), "kept": kept} if words else ""


def cancelling(booking: Booking, until: datetime, at: datetime) -> str:
    """What a cancellation costs and from when on, with the sum."""
    words = {"when": instant(until, booking.pick_up.zone), "amount": money(booking.total_money)}
    if at >= until:
        return _("Free cancellation ended %(when)s: cancelling now costs %(amount)s.") % words
    return _("Free cancellation until %(when)s. After that cancelling costs %(amount)s.") % words


def refund(booking: Booking, at: datetime) -> tuple[str, str, bool]:
    """Before a cancellation: what comes back, the rest of it, and whether cancelling is free now."""
    until = booking.free_cancellation_until
    free = until is None or at < until
    returned = refund_if_cancelled(booking, at)
    if returned:
        fact = _("You get %(amount)s back.") % {"amount": money(returned)}
    elif booking.paid:
        fact = ""
    else:
        fact = _("You have paid nothing, so there is nothing to give back.")
    when = instant(until, booking.pick_up.zone) if until else ""
    if len(tiers(booking)) > 1:
        rest = " ".join(back(booking, at))
    elif free:
        rest = _("Cancelling is free until %(when)s.") % {"when": when} if when else _("Cancelling is free.")
    else:
        rest = cancelling(booking, until, at) if until else ""
    return fact, rest, free
