"""What may be done to several bookings at once."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTS: dict[str, Any] = {
    "upcoming": _("Mark upcoming"),
    "done": _("Rides done"),
    "seen": _("Seen"),
    "claim": _("Assign to me"),
    "cancel": _("Cancel…"),
}
# Where not all of them fit.
IN_TAB = {
    "pending": ("upcoming", "seen", "claim", "cancel"),
    "upcoming": ("upcoming", "seen", "claim", "cancel"),
    "active": ("done", "seen", "claim", "cancel"),
    "completed": ("seen", "claim"),
    "cancelled": ("seen", "claim"),
}


def acts_in(tab: str) -> list[tuple[str, Any]]:
    """Those of a tab, with their words."""
    return [(act, ACTS[act]) for act in IN_TAB.get(tab, ACTS)]
