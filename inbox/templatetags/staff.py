"""Words of the staff pages: ages, payments, fuel, mails; and what may be done with a booking."""

from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_timedelta
from django import template
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from bookings.marks import hashes_in_force, is_marked
from bookings.models import Booking, Payment
from exodrive.i18n.formats import kilometres, locale, money, weekday
from inbox.desk import badge, maintenance, payment_queue
from inbox.desk.available_actions import Action, primary
from inbox.desk.money import method_words
from inbox.desk.schedule.timeline import Bar
from inbox.desk.triage import tells
from inbox.desk.words.readings import fuel_level
from inbox.models import InboxEmail

register = template.Library()
NARROW_COLUMN = 4  # letters
DONE = Booking.Status.COMPLETED
PAID_OR_NOT = (Booking.PaymentStatus.PAID, Booking.PaymentStatus.UNPAID)
CALLED_OFF = (Booking.Status.CANCELLED, Booking.Status.REFUNDED)


@register.simple_tag(takes_context=True)
def do_not_rent(context: template.Context, booking: Booking) -> bool:
    """{% do_not_rent booking as marked %}: whether a manager has decided so. One query for all rows of a page."""
    request = context["request"]
    if not hasattr(request, "marks_in_force"):
        request.marks_in_force = hashes_in_force()
    return is_marked(booking, request.marks_in_force)


@register.simple_tag
def sent_by(act: str, booking: Booking) -> str:
    """{% sent_by "cancel" booking %}: what a press on this act (its code) sends, as a sentence."""
    return capfirst(tells.sentence(booking, act))


@register.filter
def ago(value: datetime, at: datetime) -> str:
    """{{ created_at|ago:at }}: "4 min ago"."""
    passed = max(at - value, timedelta())
    if passed < timedelta(minutes=1):
        return _("just now")
    return format_timedelta(-passed, add_direction=True, format="short", threshold=1, locale=locale())


@register.filter
def payment_words(booking: Booking) -> str:
    """How and whether it is paid. Nothing is owed for a booking that is cancelled."""
    if booking.paid and booking.amount_due and booking.payment_status in PAID_OR_NOT:
        return _("%(amount)s due") % {"amount": money(booking.amount_due)}
    if booking.payment_status != Booking.PaymentStatus.UNPAID or booking.status in CALLED_OFF:
        return booking.get_payment_status_display()
    if booking.payment_method != Booking.PaymentMethod.PICK_UP:
        return f"{booking.get_payment_status_display()} ({booking.get_payment_method_display()})"
    return booking.get_payment_method_display() if booking.status == DONE else _("Pays at pick-up")


@register.filter
def payment_method_words(payment: Payment) -> str:
    """ "PayPal", "Cash"."""
    return str(method_words(payment))


register.filter("km", kilometres)
register.filter("fuel_level", fuel_level)


@register.filter
def mail_words(mail: InboxEmail) -> str:
    """What the mail says, and to whom when that is not the customer."""
    words = mail.get_template_display()
    return _("%(mail)s (to staff)") % {"mail": words} if mail.audience == InboxEmail.Audience.STAFF else words


@register.filter
def lost_words(mail: InboxEmail) -> str:
    """Why the customer may not have a mail."""
    words = {
        InboxEmail.Delivery.BOUNCED.value: _("The email “%(mail)s” came back."),
        InboxEmail.Delivery.COMPLAINED.value: _(
            "The email “%(mail)s” was marked as spam. Others may not arrive."
        ),
    }.get(mail.delivery, _("The email “%(mail)s” was not sent."))
    return words % {"mail": mail.get_template_display()}


@register.simple_tag
def beside(booking: Booking, name: str) -> Any:
    """{% beside booking "triage" as triage %}: that row of its own, or None. A template that looks up what is not there asks
    for all names of the booking, which takes longer than drawing its row's line.
    """
    return getattr(booking, name, None)


@register.simple_tag
def overdue(booking: Booking, at: datetime) -> bool:
    """{% overdue booking at as late %}."""
    return booking.is_overdue(at)


@register.simple_tag
def primary_action(booking: Booking, tab: str, at: datetime) -> Action | None:
    """{% primary_action booking tab at as action %}; the booking comes from `listing.with_rows`."""
    return primary(booking, waiting=booking.is_new, tab=tab, at=at)  # type: ignore[attr-defined]


@register.inclusion_tag("inbox/_badge.html", takes_context=True)
def inbox_badge(context: template.Context) -> dict[str, Any]:
    """The number of bookings that wait, once per page."""
    return {"pending": context.get("pending") or badge.pending()}


@register.inclusion_tag("inbox/_payments_badge.html")
def payments_badge() -> dict[str, Any]:
    """How many payments wait for people."""
    return {"waiting": payment_queue.waiting()}


@register.filter
def inside(bar: Bar) -> str:
    """What stands in a bar of the calendar. Not a template: there are some hundred on a page."""
    if bar.is_short:
        return format_html(
            '<b aria-hidden="true">{}</b><span class="vh">{}, {}</span>', bar.name, bar.whole, bar.when
        )
    return format_html('<b>{}</b><span>{}</span><span class="vh">, {}</span>', bar.name, bar.words, bar.when)


@register.filter
def weekday_short(day: date) -> str:
    """ "Thu"; where the language abbreviates to whole words (Portuguese "segunda"), the shorter "seg."."""
    name = weekday(day, "abbreviated")
    return name if len(name) <= NARROW_COLUMN else weekday(day, "short")


@register.inclusion_tag("inbox/_service_due.html")
def service_due(at: datetime) -> dict[str, int]:
    """{% service_due at %}: how many cars are due for a service, nothing where none is."""
    return {"service_due": maintenance.count_due(at)}
