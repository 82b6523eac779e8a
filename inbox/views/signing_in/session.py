"""Signing in and out. The identity here is the login role: it reaches users and sessions, nothing else.

Between password and second step nobody is signed in: the session only knows, for some minutes, whose code is awaited.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from exodrive.http.refusals import retry_later
from exodrive.http.request import Request
from exodrive.limits.rates import TooMany
from exodrive.models import User
from exodrive.staff import lockout, two_factor
from exodrive.staff.journal import Kind, note
from inbox.desk.responses import SeeOther, next_url
from inbox.forms.account import CodeForm, LoginForm
from inbox.forms.base import errors_of
from inbox.permissions import forbidden
from inbox.views.signing_in.two_factor import codes_page, setup_page

AWAITED, TIMEOUT = "second_step", 600  # seconds


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """The sign-in form. A right password of somebody who does not work here opens no session: 403."""
    onward = next_url(request, reverse("inbox"))
    if request.staff is not None:
        return SeeOther(onward)
    if request.method != "POST":
        return _form_page(request, LoginForm(request), onward)
    email = request.POST.get("username", "")
    try:
        lockout.count_attempt(request, email)
    except TooMany as refusal:
        return _form_page(request, LoginForm(request, initial={"username": email}), onward, refusal=refusal)
    form = LoginForm(request, request.POST)
    if not form.is_valid():
        _note_failure(email)
        return _form_page(request, form, onward, status=422)
    user = form.get_user()
    if not user.works_here:
        _note_failure(email)
        return forbidden(request)
    return _second_step(request, user, onward) or _open(request, user, onward)


def _note_failure(email: str) -> None:
    """Of whose account, when there is one: what was typed may be anything, a password too."""
    found = User.objects.filter(email=email.strip().lower().replace("\0", "")).first()
    note(Kind.SIGN_IN_FAILED, user_id=found.pk if found else None)


def _form_page(
    request: HttpRequest, form: LoginForm, onward: str, *, refusal: TooMany | None = None, status: int = 200
) -> HttpResponse:
    errors = [("", str(refusal.message))] if refusal else errors_of(form) if form.is_bound else []
    context = {"form": form, "errors": errors, "next": onward, "ended": "ended" in request.GET}
    return retry_later(render(request, "inbox/login.html", context, status=status), refusal)


def _open(request: HttpRequest, user: User, onward: str) -> HttpResponse:
    response = SeeOther(onward)
    _begin(request, response, user)
    return response


def _begin(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """A session under a new key, whatever the browser had before."""
    request.session.pop(AWAITED, None)
    login(request, user)
    note(Kind.SIGNED_IN, user_id=user.pk)
    lockout.signed_in(request, response, user.email)


# --- The second step --------------------------------------------------------------------------------------------


def _second_step(request: HttpRequest, user: User, onward: str) -> HttpResponse | None:
    """Where to go on after the right password, None when it is enough."""
    on = two_factor.is_on(user)
    if not (on or settings.STAFF_TOTP_REQUIRED):
        return None
    request.session.flush()
    request.session[AWAITED] = {"user": user.pk, "at": int(time.time()), "next": onward}
    return SeeOther(reverse("staff_login_code" if on else "staff_login_setup"))


def _awaited(request: HttpRequest) -> tuple[User | None, str]:
    """Whose code we wait for, and where they go then."""
    kept: dict[str, Any] = request.session.get(AWAITED) or {}
    if not kept or time.time() - kept["at"] > TIMEOUT:
        return None, ""
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return user, kept["next"]


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code from the app, or a recovery code. Without a right password in the last minutes: back to the beginning."""
    user, onward = _awaited(request)
    if user is None:
        return SeeOther(reverse("staff_login"))
    form, refusal = CodeForm(request.POST or None), None
    if form.is_valid():
        try:
            if two_factor.accepts(user=user, code=form.cleaned_data["code"]):
                return _open(request, user, onward)
            form.add_error("code", CodeForm.WRONG)
        except TooMany as too_many:
            form.add_error(None, str(too_many.message))
            refusal = too_many
    context = {"form": form, "errors": errors_of(form)}
    page = render(request, "inbox/login_code.html", context, status=422 if form.is_bound else 200)
    return retry_later(page, refusal)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_setup(request: HttpRequest) -> HttpResponse:
    """Where a second step is required: set it up before the first session opens."""
    user, onward = _awaited(request)
    if user is None or two_factor.is_on(user):
        return SeeOther(reverse("staff_login"))
    codes, page = setup_page(
        request, user, CodeForm(request.POST or None), title=_("Set up your second step")
    )
    if not codes:
        return page
    response = codes_page(request, codes, onward=onward)
    _begin(request, response, user)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return SeeOther(reverse("staff_login"))
