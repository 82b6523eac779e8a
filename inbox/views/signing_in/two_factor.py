"""Setting up the second step, while signing in or on the account page."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from exodrive.http.refusals import retry_later
from exodrive.limits.rates import TooMany
from exodrive.models import User
from exodrive.staff import two_factor
from inbox.forms.account import CodeForm
from inbox.forms.base import errors_of

NEW_KEY = "new_second_step"  # the session keeps the key until a code of it was entered


def setup_page(
    request: HttpRequest, user: User, form: CodeForm, *, title: str
) -> tuple[list[str], HttpResponse]:
    """(recovery codes, page): codes when the form turned it on, else none and the page to answer with."""
    key = request.session.setdefault(NEW_KEY, two_factor.new_key())
    refusal = None
    if form.is_valid():
        try:
            codes = two_factor.turn_on(user=user, key=key, code=form.cleaned_data["code"])
        except TooMany as too_many:
            form.add_error(None, str(too_many.message))
            codes, refusal = [], too_many
        if codes:
            del request.session[NEW_KEY]
            return codes, HttpResponse()
        if not refusal:
            form.add_error("code", CodeForm.WRONG)
    url = two_factor.setup_url(user, key)
    context = {"title": title, "form": form, "errors": errors_of(form), "qr": qr(url), "key": _in_fours(url)}
    page = render(request, "inbox/second_step.html", context, status=422 if form.is_bound else 200)
    return [], retry_later(page, refusal)


def codes_page(request: HttpRequest, codes: list[str], *, onward: str) -> HttpResponse:
    """The recovery codes, this once."""
    context = {"title": _("Your recovery codes"), "codes": codes, "onward": onward}
    return render(request, "inbox/recovery_codes.html", context)


def qr(url: str) -> str:
    """The key as an SVG picture without inline styles."""
    label = _("QR code for the authenticator app")
    svg = segno.make(url, error="m").svg_inline(
        border=2, omitsize=True, dark="#13201b", light="#ffffff", svgclass=None, lineclass=None
    )
    return mark_safe(svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1))


def _in_fours(url: str) -> str:
    """The key as one types it into an app: base32 in groups of four."""
    secret = url.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def is_required() -> bool:
    """Whether everybody who works here needs one."""
    return bool(settings.STAFF_TOTP_REQUIRED)
