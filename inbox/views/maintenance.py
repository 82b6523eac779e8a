"""Cars that are due for a service: block them, or say that it was done."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.errors import ChangedMeanwhile, Invalid
from bookings.forms.base import show_refusal
from cars.models import Car
from inbox.desk.maintenance import Due, planned, service_done
from inbox.desk.responses import SeeOther
from inbox.forms.base import errors_of
from inbox.forms.maintenance import ServiceForm
from inbox.permissions import StaffRequest, staff_required


@require_safe
@staff_required
def maintenance(request: StaffRequest) -> HttpResponse:
    """`/staff/maintenance/`: what is due by km or by date."""
    return _page(request)


@require_POST
@staff_required
def serviced(request: StaffRequest, pk: int) -> HttpResponse:
    """A service was done: the next one is planned."""
    form = ServiceForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _page(request, pk=pk, form=form, status=422)
    try:
        car = service_done(car_id=pk, **form.cleaned_data, at=timezone.now())
    except Car.DoesNotExist:
        raise Http404 from None
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _page(request, pk=pk, form=form, status=refusal.status)
    except ChangedMeanwhile as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, pk=pk, form=form, status=refusal.status)
    messages.success(
        request, _("The service of %(car)s is written down.") % {"car": f"{car.name}, {car.plate}"}
    )
    return SeeOther(reverse("staff_maintenance"))


def _page(
    request: StaffRequest, *, pk: int = 0, form: ServiceForm | None = None, status: int = 200
) -> HttpResponse:
    rows = [(one, form if form and one.car.pk == pk else _form_of(one)) for one in planned(timezone.now())]
    context: dict[str, Any] = {
        "rows": rows,
        "tried": pk,
        "errors": errors_of(form) if form else [],
        "title": _("Maintenance"),
        "section": "today",
    }
    return render(request, "inbox/maintenance.html", context, status=status)


def _form_of(one: Due) -> ServiceForm:
    initial = {"km": one.odometer, "day": one.today, "seen": one.seen}
    return ServiceForm(prefix=str(one.car.pk), initial=initial)
