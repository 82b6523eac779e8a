"""What a mail says: one template per letter, laid out as HTML, as plain text and as a subject line."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from bookings.availability.extras import extras_of
from bookings.models import Booking, DataRequest, MailboxCode, StatusChange
from bookings.payments.terms_text import paying
from bookings.ridden import what_of, when_of
from bookings.tokens import booking_url
from exodrive.context_processors import business
from exodrive.i18n import formats
from exodrive.i18n.formats import listed_extras
from inbox.mail.attachments import attach_calendar
from inbox.mail.message import Letter
from inbox.mail.money import TO_PAY, about_money, facts_of_money, lines_of
from inbox.mail.places import Fact, about_the_place, one_line
from inbox.mail.rides import facts_of_ride
from inbox.models import InboxEmail

Template = InboxEmail.Template
DATA_LETTERS: dict[str, str] = {
    Template.DATA_COPY: DataRequest.Kind.COPY,
    Template.DATA_ERASURE: DataRequest.Kind.ERASURE,
}
NAME = re.compile(r"[^\W\d_]([^\W\d_]|['’ -]){0,19}")  # one short word of letters
BLANK_LINES = re.compile(r"\n{3,}")
INDENT = re.compile(r"\n +")  # a fifth of a mail, and programs cut long ones


def compose(email: InboxEmail, recipients: list[str], *, at: datetime) -> Letter:
    """The mail as it would go out at the instant `at`, in the row's language. Reads the database, changes nothing."""
    with translation.override(email.language):
        context = _context(email, at)
        context["subject"] = subject = _subject(email, context)
        message = Letter(
            subject=subject,
            body=_render(email, "_text.txt", context),
            to=recipients,
            reply_to=[settings.BUSINESS_EMAIL],
            headers={
                # The same for every attempt: a copy that a dying worker sent twice is one mail to most programs.
                "Message-ID": f"<{email.pk}@{urlsplit(settings.SITE_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        html = INDENT.sub("\n", _render(email, "_html.html", context))
        message.attach_alternative(html, "text/html")
        attach_calendar(message, email)
        return message


def _render(email: InboxEmail, layout: str, context: dict[str, Any]) -> str:
    text = render_to_string(f"emails/{email.template}.html", {**context, "layout": f"emails/{layout}"})
    return BLANK_LINES.sub("\n\n", text).strip()


def _subject(email: InboxEmail, context: dict[str, Any]) -> str:
    return one_line(_render(email, "_subject.txt", context))


def _context(email: InboxEmail, at: datetime) -> dict[str, Any]:
    booking, said = email.booking, {**business(None), "lang": formats.locale().replace("_", "-")}
    if booking is None or email.code:
        return said | {
            "code": email.code and email.code.code,
            "minutes": MailboxCode.LASTS_MINUTES,
            "customer_mail": True,
        }
    free_until = booking.free_cancellation_until
    return {
        **said,
        "booking": booking,
        "name": _called(email),
        "prove_until": formats.instant(booking.proof.due_at, booking.pick_up.zone)
        if email.to_unproven
        else "",
        **about_money(email, at),
        "not_proven": _reason_of(email) == "not_proven",
        "not_paid": _reason_of(email) == "unpaid",
        "no_show": booking.is_no_show,
        "is_back": booking.status == Booking.Status.COMPLETED,
        "customer_mail": email.audience == InboxEmail.Audience.CUSTOMER,
        "car": what_of(booking),
        "dates": when_of(booking),
        "pick_up": booking.pick_up,
        "from_day": formats.day_long(booking.start_date),
        "from_time": formats.clock(booking.pickup_time),
        "free_until": formats.instant(free_until, booking.pick_up.zone)
        if free_until and free_until > at
        else "",
        "total": formats.money(booking.total_money),
        "cancelled_by": _cancelled_by(email),
        "difference": _sums(email),
        "link_until": formats.instant(booking.link.expires_at, booking.pick_up.zone),
        "facts": list(_facts(email)),
        "url": _url(email),
    }


def _url(email: InboxEmail) -> str:
    """The mail's only link: the customer's secret page, or the staff page, which wants a login."""
    if email.audience == InboxEmail.Audience.STAFF:
        return settings.SITE_URL + reverse("staff_booking", args=[email.booking_id])
    if email.template in DATA_LETTERS:
        request = data_request_of(email)
        with translation.override(email.language):
            return settings.SITE_URL + reverse(
                "data_request", args=[request.mailed_token() if request else "-"]
            )
    token = email.about.link.mailed_token()
    if email.to_unproven:
        with translation.override(email.language):
            return settings.SITE_URL + reverse(
                "booking_proof", args=[token, email.about.proof.mailed_token()]
            )
    if email.template in TO_PAY:
        with translation.override(email.language):
            return settings.SITE_URL + reverse("booking_payment", args=[token])
    return booking_url(token, email.language)


def _called(email: InboxEmail) -> str:
    """How the letter calls its reader: by the name typed only where that cannot be a message from somebody else."""
    booking = email.about
    return (
        booking.first_name
        if not email.to_unproven or NAME.fullmatch(booking.first_name)
        else booking.reference
    )


def _reason_of(email: InboxEmail) -> str:
    if email.template != Template.BOOKING_CANCELLED:
        return ""
    moves = StatusChange.objects.filter(booking=email.about, to_status=Booking.Status.CANCELLED)
    return moves.values_list("reason", flat=True).last() or ""


def data_request_of(email: InboxEmail) -> DataRequest | None:
    """The request about personal data that the mail asks to confirm."""
    return email.about.data_requests.filter(kind=DATA_LETTERS.get(email.template, "")).first()


def _cancelled_by(email: InboxEmail) -> str:
    """The kind of actor who cancelled: the letter says "you", "we" or that time ran out."""
    if email.template != Template.BOOKING_CANCELLED:
        return ""
    moves = StatusChange.objects.filter(booking=email.about, to_status=Booking.Status.CANCELLED)
    return moves.values_list("actor_kind", flat=True).last() or ""


def _sums(email: InboxEmail) -> str:
    """What the changes did to the price; once the car is back also what is still to be paid."""
    is_back = email.about.status == Booking.Status.COMPLETED
    difference = _difference(email)
    return f"{difference} {paying(email.about)}" if difference and is_back else difference


def _difference(email: InboxEmail) -> str:
    """What the changes since the last such mail did to the price, as a sentence."""
    if email.template != Template.BOOKING_CHANGED:
        return ""
    last = InboxEmail.objects.filter(
        booking=email.about, template=email.template, status=InboxEmail.Status.SENT
    )
    told = last.exclude(pk=email.pk).aggregate(at=Max("claimed_at"))["at"]
    changes = list(email.about.revisions.all())
    news = [change for change in changes if told is None or change.created_at > told] or changes[-1:]
    difference = (
        sum((change.difference_money for change in news[1:]), news[0].difference_money) if news else None
    )
    if not difference:
        return _("The price stays the same.")
    words = _("It costs %(amount)s more.") if difference.amount > 0 else _("It costs %(amount)s less.")
    return words % {"amount": formats.money(abs(difference))}


def _facts(email: InboxEmail) -> Iterator[Fact]:
    booking = email.about
    yield _("Reference"), booking.reference
    if email.audience == InboxEmail.Audience.STAFF:
        yield from _about_the_customer(booking)
    yield from (facts_of_ride if booking.is_ride else _about_the_rental)(email)
    if email.template == Template.BOOKING_CHANGED:
        yield from ((one_line(what), amount) for what, amount in lines_of(booking.as_quoted))
    if email.template != Template.BOOKING_CANCELLED:
        yield from facts_of_money(booking)
        if booking.special_requests and not email.to_unproven:
            yield _("Special requests"), one_line(booking.special_requests)


def _about_the_customer(booking: Booking) -> Iterator[Fact]:
    yield _("Customer"), one_line(booking.full_name)
    if booking.email:
        yield _("Email"), booking.email
    if booking.phone:
        yield _("Phone"), booking.phone
    yield _("Language"), booking.get_language_display()
    yield _("Booked through"), booking.get_source_display()


def _about_the_rental(email: InboxEmail) -> Iterator[Fact]:
    booking = email.about
    yield _("Car"), booking.cars_in_words
    if email.audience == InboxEmail.Audience.STAFF:
        yield _("Plate"), booking.car.plate
    yield (
        _("Pick-up"),
        _("%(day)s, from %(time)s")
        % {"day": formats.day_long(booking.start_date), "time": formats.clock(booking.pickup_time)},
    )
    yield (
        _("Return"),
        _("%(day)s, by %(time)s")
        % {"day": formats.day_long(booking.end_date), "time": formats.clock(booking.return_time)},
    )
    yield from about_the_place(email)
    if had := extras_of(booking):
        yield _("Extras"), listed_extras((extra.text, quantity) for extra, quantity in had)
