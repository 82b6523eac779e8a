"""One's own account: the second step of signing in, recovery codes, open sessions, the way to a new password."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exodrive.http.refusals import retry_later
from exodrive.limits.rates import TooMany
from exodrive.staff import sessions, two_factor
from inbox.desk.responses import SeeOther
from inbox.forms.account import CodeForm, SetupForm
from inbox.forms.base import errors_of
from inbox.permissions import StaffRequest, staff_required
from inbox.views.signing_in.two_factor import codes_page, is_required, setup_page


@require_safe
@staff_required
def account(request: StaffRequest) -> HttpResponse:
    """Who I am here, and how I sign in."""
    return _page(request, CodeForm())


def _page(
    request: StaffRequest, form: CodeForm, status: int = 200, refusal: TooMany | None = None
) -> HttpResponse:
    context = {
        "title": _("Your account"),
        "section": "account",
        "form": form,
        "errors": errors_of(form) if form.is_bound else [],
        "on": two_factor.is_on(request.staff),
        "left": two_factor.recovery_codes_left(request.staff),
        "required": is_required(),
        "sessions": sessions.open_of(request.staff, current=request.session.session_key),
        "zone": ZoneInfo(settings.TIME_ZONE),
    }
    return retry_later(render(request, "inbox/account.html", context, status=status), refusal)


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def set_up(request: StaffRequest) -> HttpResponse:
    """Turn the second step on: password, QR code, first code."""
    if two_factor.is_on(request.staff):
        return SeeOther(reverse("staff_account"))
    form = SetupForm(request.POST or None, user=request.staff)
    codes, page = setup_page(request, request.staff, form, title=_("Set up your second step"))
    return codes_page(request, codes, onward=reverse("staff_account")) if codes else page


@sensitive_post_parameters("code")
@require_POST
@staff_required
def recovery_codes(request: StaffRequest) -> HttpResponse:
    """New recovery codes, for a code of the app."""
    refused = _without_code(request)
    if refused:
        return refused
    codes = two_factor.new_recovery_codes(request.staff)
    return codes_page(request, codes, onward=reverse("staff_account"))


@sensitive_post_parameters("code")
@require_POST
@staff_required
def removal(request: StaffRequest) -> HttpResponse:
    """Turn the second step off, for a code; not where everybody needs one."""
    if is_required():
        return SeeOther(reverse("staff_account"))
    refused = _without_code(request)
    if refused:
        return refused
    two_factor.turn_off(request.staff)
    messages.success(request, _("The second step is off. Your password alone signs you in."))
    return SeeOther(reverse("staff_account"))


def _without_code(request: StaffRequest) -> HttpResponse | None:
    """The account page with what is wrong, or None when the code is right."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        if two_factor.accepts(user=request.staff, code=form.cleaned_data["code"]):
            return None
    except TooMany as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, form, refusal=refusal)
    form.add_error("code", CodeForm.WRONG)
    return _page(request, form, status=422)


@require_POST
@staff_required
def end_session(request: StaffRequest, name: str) -> HttpResponse:
    """End one of one's other sessions, by the name that the account page gives it."""
    return _ended(request, sessions.end(request.staff, but=request.session.session_key, name=name))


@require_POST
@staff_required
def end_other_sessions(request: StaffRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    return _ended(request, sessions.end(request.staff, but=request.session.session_key))


def _ended(request: StaffRequest, n: int) -> HttpResponse:
    words = ngettext("%(n)d session is ended.", "%(n)d sessions are ended.", n) % {"n": n}
    messages.success(request, words if n else _("That session has ended already."))
    return SeeOther(reverse("staff_account"))
