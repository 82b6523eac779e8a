"""Where a car is picked up and brought back, as mails say it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inbox.models import InboxEmail

Fact = tuple[str, str]


def one_line(text: str) -> str:
    """What people typed cannot pass for a line of ours."""
    return " ".join(text.split())


def about_the_place(email: InboxEmail) -> Iterator[Fact]:
    """The address of the pick-up, its hours and telephone, and that of the return where it is another."""
    booking = email.about
    if booking.delivery_address:
        yield (
            _("Where"),
            _("At the address you gave") if email.to_unproven else one_line(booking.delivery_address),
        )
    else:
        yield _("Where"), booking.pick_up.line
        if hours := booking.pick_up.hours_text:
            yield _("Opening hours"), hours
    yield _("Phone there"), booking.pick_up.number
    if booking.drop_off != booking.pick_up:
        yield _("Return to"), booking.drop_off.line
        if hours := booking.drop_off.hours_text:
            yield _("Opening hours there"), hours
