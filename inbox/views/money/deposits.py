"""A deposit that is held: taken, released, or handed back at the counter."""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.payments import manual
from bookings.payments.deposits import capture_deposit, release
from exodrive.i18n.formats import money
from inbox.desk.language import in_any_language
from inbox.desk.money import CAPTURE, RELEASE, RETURNED, acts_of
from inbox.forms.money import KeepForm, NothingForm
from inbox.permissions import StaffRequest, manager_required, staff_required
from inbox.views.money.forms import Asked, answer, payment_row
from inbox.views.money.payments import FORM, lead_of


@require_http_methods(FORM)
@manager_required
@in_any_language
def capture(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/payments/<uuid>/capture/`: take (a part of) what is held."""
    payment = payment_row(pk)
    form = KeepForm(_sent(request), payment=payment)
    asked = Asked(
        payment.booking,
        reverse("staff_capture", args=[pk]),
        title=_("Capture the deposit of %(name)s") % {"name": payment.booking.full_name},
        button=_("Capture"),
        look="btn--danger",
        lead=lead_of(payment),
        about=_(
            "It can be done once: the rest is released with it. The customer gets an email if we have their address."
        ),
    )

    def act() -> str:
        capture_deposit(pk, form.amount, reason=form.cleaned_data["reason"], at=timezone.now())
        return _("%(amount)s of the deposit is captured.") % {"amount": money(form.amount)}

    return answer(request, asked, form, act, legal=CAPTURE in acts_of(payment, manager=True))


@require_http_methods(FORM)
@staff_required
@in_any_language
def let_go(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/payments/<uuid>/release/`: give the whole hold back."""
    payment = payment_row(pk)
    form = NothingForm(_sent(request))
    asked = Asked(
        payment.booking,
        reverse("staff_release", args=[pk]),
        title=_("Release the deposit of %(name)s") % {"name": payment.booking.full_name},
        button=_("Release the deposit"),
        lead=lead_of(payment),
        about=_(
            "Nothing of it can be taken afterwards. The customer gets an email if we have their address."
        ),
    )

    def act() -> str:
        release(pk, at=timezone.now())
        return _("The deposit of %(name)s is released.") % {"name": payment.booking.full_name}

    return answer(request, asked, form, act, legal=RELEASE in acts_of(payment, manager=True))


@require_http_methods(FORM)
@staff_required
@in_any_language
def returned(request: StaffRequest, pk: UUID) -> HttpResponse:
    """`/staff/payments/<uuid>/returned/`: a deposit that was left at the counter went back; managers may keep a part."""
    payment = payment_row(pk)
    form = KeepForm(_sent(request), payment=payment, optional=True)
    asked = Asked(
        payment.booking,
        reverse("staff_deposit_returned", args=[pk]),
        title=_("Return the deposit of %(name)s") % {"name": payment.booking.full_name},
        button=_("Deposit returned"),
        lead=lead_of(payment),
        about=_(
            "Write down that you have handed it back. The customer gets an email if we have their address."
        ),
    )
    if not request.staff.is_manager:
        form.hide("amount", "reason")

    def act() -> str:
        manual.deposit_returned(pk, kept=form.amount, reason=form.cleaned_data["reason"], at=timezone.now())
        return _("The deposit of %(name)s was returned.") % {"name": payment.booking.full_name}

    return answer(request, asked, form, act, legal=RETURNED in acts_of(payment, manager=True))


def _sent(request: StaffRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
