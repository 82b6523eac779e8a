"""What somebody has to look at: one problem on a payment, whose booking stands in the inbox meanwhile."""

from datetime import datetime, timedelta

from bookings.events import log_event
from bookings.models import Payment
from bookings.signals import payment_problem

PEACE = timedelta(days=1)


def raise_problem(payment: Payment, problem: str, *, save: bool = True) -> None:
    """Have somebody look at a payment, whose row is locked."""
    if payment.problem in (problem, Payment.Problem.MISMATCH):
        return  # nothing hides that it is another sum
    payment.problem = problem
    if save:
        payment.save(update_fields=["problem"])
    log_event("payment_problem", payment_id=str(payment.pk), code=str(problem))
    payment_problem.send(Payment, payment=payment)


def remind(payment: Payment, problem: str, at: datetime) -> None:
    """The same for what stays true: who has looked at it has a day's peace."""
    if payment.looked_at is None or payment.looked_at <= at - PEACE:
        raise_problem(payment, problem)
