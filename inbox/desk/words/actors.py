"""Who did something with a booking or a payment, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bookings.models import StatusChange

Actor = StatusChange.Actor
WHO = {
    Actor.STAFF: _("Staff"),
    Actor.CUSTOMER: _("The customer"),
    Actor.PROVIDER: _("The payment provider"),
    Actor.JOB: _("The calendar"),
    Actor.DATABASE: _("The database"),
}


def who(row: Any) -> str:
    """A member of staff by name, anyone else by kind. `row` has `actor` and `actor_kind`."""
    return str(row.actor or WHO[Actor(row.actor_kind)])
