"""Money of a booking: written down, given back, looked at, asked for by mail. The verbs decide."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.errors import BookingError
from bookings.models import Payment, Refund
from bookings.payments import manual
from bookings.payments.refunds import ask_refund
from bookings.payments.registry import MANUAL
from exodrive.i18n.formats import money
from inbox.desk import booking as booking_detail
from inbox.desk.language import in_any_language
from inbox.desk.money import method_words
from inbox.desk.money_actions import looked_at, send_payment_link
from inbox.desk.responses import done, refused
from inbox.forms.money import RecordForm, RefundForm
from inbox.permissions import StaffRequest, manager_required, staff_required
from inbox.views.money.forms import Asked, answer, payment_row

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@staff_required
@in_any_language
def record(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/bookings/<uuid>/payment/`: money that was taken at the counter, on a terminal, by transfer."""
    booking = booking_detail.row(pk)
    form = RecordForm(request.POST if request.method == "POST" else None, booking=booking)
    asked = Asked(
        booking,
        reverse("staff_record_payment", args=[pk]),
        title=_("Record a payment of %(name)s") % {"name": booking.full_name},
        button=_("Record payment"),
        about=_("Write down what you have received. No provider is asked, and the booking stays as it is."),
    )

    def act() -> str:
        said = {name: form.cleaned_data[name] for name in ("means", "purpose", "key")}
        manual.record_payment(booking=booking, amount=form.amount, at=timezone.now(), **said)
        return _("%(amount)s is recorded.") % {"amount": money(form.amount)}

    return answer(request, asked, form, act, legal=bool(manual.purposes_due(booking)))


@require_http_methods(FORM)
@manager_required
@in_any_language
def refund(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/payments/<uuid>/refund/`: give (a part of) a payment back."""
    payment = payment_row(pk)
    form = RefundForm(request.POST if request.method == "POST" else None, payment=payment)
    by_hand = payment.provider == MANUAL
    asked = Asked(
        payment.booking,
        reverse("staff_refund", args=[pk]),
        title=_("Give money back to %(name)s") % {"name": payment.booking.full_name},
        button=_("Give back"),
        look="btn--danger",
        lead=lead_of(payment),
        about=_("You give it back yourself, and say so here afterwards.")
        if by_hand
        else _("The provider sends it to where it came from. That cannot be undone."),
    )

    def act() -> str:
        said = {name: form.cleaned_data[name] for name in ("reason", "key")}
        ask_refund(payment_id=pk, amount=form.amount, **said)
        owed, sent = _("%(amount)s is to be given back."), _("%(amount)s is on its way back.")
        return (owed if by_hand else sent) % {"amount": money(form.amount)}

    return answer(request, asked, form, act, legal=bool(payment.kept))


@require_POST
@staff_required
def refund_given(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A refund that was owed is in the customer's hands."""
    given = get_object_or_404(Refund.objects.select_related("payment__booking__car__location"), pk=pk)
    booking = given.payment.booking
    try:
        manual.refund_given(pk, at=timezone.now())
    except BookingError as refusal:
        return refused(request, booking, refusal)
    return done(request, booking, _("%(amount)s was given back.") % {"amount": money(given.money)})


@require_POST
@staff_required
def seen(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The problem of a payment has been dealt with."""
    payment = payment_row(pk)
    looked_at(pk, by=request.staff, at=timezone.now())
    name = {"name": payment.booking.full_name}
    return done(request, payment.booking, _("The payment of %(name)s is marked as looked at.") % name)


@require_POST
@staff_required
def link(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Mail the customer where to pay."""
    booking = booking_detail.row(pk)
    try:
        sent = send_payment_link(booking)
    except BookingError as refusal:
        return refused(request, booking, refusal)
    words = _("The link to pay is on its way to %(name)s."), _("A link to pay is on its way already.")
    return done(request, booking, words[0] % {"name": booking.full_name} if sent else words[1])


def lead_of(payment: Payment) -> str:
    """Which payment: "Rental €960, PayPal"."""
    return f"{payment.get_purpose_display()} {money(payment.money)}, {method_words(payment)}"
