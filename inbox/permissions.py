"""Who may open the staff pages: Desk, Manager and superusers. `is_staff` alone opens nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from bookings.errors import Forbidden
from exodrive.http.refusals import send_again
from exodrive.http.request import Request
from exodrive.models import User

View = Callable[..., HttpResponse]


class StaffRequest(Request):
    """Behind `staff_required` it is known who asks."""

    staff: User


def staff_required(view: View) -> View:
    """Let staff in; send visitors to the sign-in page and back, and show everyone else a 403 page.

    The identity middleware has decided already: `request.staff` is the user, or None. Nothing is ever cached.
    """

    @never_cache
    @wraps(view)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.staff is not None:
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:
            return forbidden(request)
        return _sign_in_first(request)

    return checked


def manager_required(view: View) -> View:
    """The same, and 403 for who works here but is no manager."""

    @staff_required
    @wraps(view)
    def checked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.staff.is_manager:
            raise Forbidden(_("Only a manager may do this."))
        return view(request, *args, **kwargs)

    return checked


def forbidden(request: HttpRequest) -> HttpResponse:
    """403 for somebody who is signed in but does not work here."""
    return render(request, "inbox/forbidden.html", status=403)


def _sign_in_first(request: Request) -> HttpResponse:
    # A form cannot be posted again from the sign-in page, and a fragment is no page to come back to.
    back = reverse("inbox")
    if set(request.POST) - {"csrfmiddlewaretoken", "next"}:
        return send_again(request, sign_in=_sign_in(request))
    if request.htmx:
        sign_in = redirect_to_login(back, _sign_in(request)).url
        return HttpResponseClientRedirect(sign_in)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else back, _sign_in(request))


def _sign_in(request: Request) -> str:
    """The sign-in page, which says so when a session has just ended."""
    return resolve_url(settings.LOGIN_URL) + ("?ended=1" if request.session_ended else "")
