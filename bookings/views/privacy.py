"""Customers and their own data: they ask on the booking page, and confirm from their mailbox."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.errors import NotFound
from bookings.links.lookup import booking_for
from bookings.models import DataRequest
from bookings.privacy import ask, asked, confirmed_copy, confirmed_erasure, zip_of
from bookings.views.decorators import private, see_other
from bookings.views.pin import pin_protected


@require_POST
@pin_protected
def data_ask(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Mail the link that confirms a copy or an erasure. Whoever has the booking's link learns nothing by it."""
    booking_for(token)
    if ask(kind):
        messages.success(
            request, _("We have sent an email to the address of the booking. The link in it confirms.")
        )
    else:
        messages.success(
            request, _("We have just sent an email about this. It can take a few minutes to arrive.")
        )
    return see_other(reverse("booking", args=[token]))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def data_request(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the mailed link: GET says what would happen, POST gives the copy or erases. Raises NotFound when it is over."""
    found = asked()
    if found is None:
        raise NotFound
    kind, outcome = found
    if request.method != "POST":
        return _page(request, token, kind, outcome)
    if kind == DataRequest.Kind.COPY:
        return _download()
    erasure = confirmed_erasure()
    if erasure is None:
        raise NotFound
    outcome = DataRequest.Outcome.WAITING if erasure.unfinished else DataRequest.Outcome.DONE
    return _page(request, token, kind, outcome, erasure.unfinished)


def _download() -> HttpResponse:
    tables = confirmed_copy()
    if tables is None:
        raise NotFound
    at = timezone.now()
    response = HttpResponse(zip_of(tables, at=at), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="exodrive-{at:%Y-%m-%d}.zip"'
    return response


def _page(
    request: HttpRequest, token: str, kind: str, outcome: str, unfinished: list[str] | None = None
) -> HttpResponse:
    context = {"token": token, "kind": kind, "outcome": outcome, "unfinished": unfinished}
    return render(request, "bookings/data_request.html", context)
