"""What the visitor's browser keeps for us, signed: the hold it made, what was typed so far, and the PIN it has shown."""

import json
import zlib
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override

from bookings.errors import NotFound
from bookings.links.lookup import hold_for
from bookings.models import BookingLink, Hold
from bookings.tokens import hash_of
from exodrive.http.cookies import cookie_attributes
from exodrive.rls import PUBLIC, acting_as

HOLD, HOLD_SALT = f"{settings.COOKIE_PREFIX}hold", "bookings.cookies.hold"
TYPED, TYPED_SALT = f"{settings.PATH_COOKIE_PREFIX}typed", "bookings.cookies.typed"
PAYER, PAYER_SALT = f"{settings.PATH_COOKIE_PREFIX}payer", "bookings.cookies.payer"
PIN, PIN_SALT, PIN_LIFE = f"{settings.PATH_COOKIE_PREFIX}pin", "bookings.cookies.pin", timedelta(hours=12)
ROOM = 3900  # bytes; browsers drop a cookie of more than 4096 with its name and attributes


def remember_hold(response: HttpResponse, hold: Hold) -> None:
    """Keep the hold's token for as long as a hold can last."""
    response.set_signed_cookie(
        HOLD, hold.token, salt=HOLD_SALT, **cookie_attributes(2 * settings.HOLD_FOR, "/")
    )


def forget_hold(response: HttpResponse) -> None:
    """The hold is over, or a booking."""
    response.delete_cookie(HOLD, path="/", samesite="Lax")


def live_hold(request: HttpRequest, at: datetime) -> Hold | None:
    """The hold this browser made, unless it has lapsed or become a booking. Reads with the hold's own token."""
    token = request.get_signed_cookie(HOLD, default="", salt=HOLD_SALT)
    if not token:
        return None
    with acting_as(PUBLIC, token=token):
        try:
            hold = hold_for(token)
        except NotFound:
            return None
    return hold if hold.is_live(at) else None


def keep_typed(response: HttpResponse, typed: dict[str, str], path: str) -> None:
    """Carry typed details to the page at `path`, and to no other, for as long as a hold lasts."""
    value = signing.dumps(typed, salt=TYPED_SALT, compress=True)
    if len(value) > ROOM:
        short = {name: text for name, text in typed.items() if not name.endswith("special_requests")}
        value = signing.dumps(short, salt=TYPED_SALT, compress=True)
    response.set_cookie(typed_cookie(path), value, **cookie_attributes(2 * settings.HOLD_FOR, path))


def typed_cookie(path: str) -> str:
    """Its name: each path has one of its own, so that one answer can end several."""
    return f"{TYPED}_{zlib.crc32(path.encode()):08x}"


def kept_typed(request: HttpRequest) -> dict[str, str]:
    """What `keep_typed` sent here, or nothing. The browser sends only what belongs to this path or to one above."""
    for name, value in request.COOKIES.items():
        if name.startswith(f"{TYPED}_"):
            with suppress(signing.BadSignature, json.JSONDecodeError):
                return dict(signing.loads(value, salt=TYPED_SALT, max_age=2 * settings.HOLD_FOR))
    return {}


def drop_typed(response: HttpResponse, *pages: tuple[str, list[str]]) -> None:
    """What was typed has been written: it is forgotten on these pages, in every language."""
    for code, _language in settings.LANGUAGES:
        with override(code):
            for view, args in pages:
                path = reverse(view, args=args)
                response.delete_cookie(typed_cookie(path), path=path, samesite="Lax")


def keep_pin(response: HttpResponse, token: str, proof: str) -> None:
    """This browser has shown the PIN: for PIN_LIFE, on the booking's own pages, in each language, and nowhere else."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            attributes = cookie_attributes(PIN_LIFE, reverse("booking", args=[token]))
        response.set_signed_cookie(f"{PIN}_{code}", proof, salt=f"{PIN_SALT}.{hash_of(token)}", **attributes)


def kept_pin(request: HttpRequest, token: str) -> str:
    """What `keep_pin` sent to this page, or ""."""
    salt = f"{PIN_SALT}.{hash_of(token)}"
    return request.get_signed_cookie(f"{PIN}_{get_language()}", default="", salt=salt, max_age=PIN_LIFE) or ""


def keep_payer(response: HttpResponse, token: str) -> None:
    """This browser went to pay for that booking: for as long as a provider's page can be open, where they come back to."""
    attributes = cookie_attributes(4 * settings.PAYMENT_WINDOW, "/pay/")
    response.set_signed_cookie(PAYER, token, salt=PAYER_SALT, **attributes)


def kept_payer(request: HttpRequest, link: BookingLink) -> str:
    """The secret of that link, if this browser went to pay with it, else "". It may have a PIN, which is asked for there."""
    token = request.get_signed_cookie(PAYER, default="", salt=PAYER_SALT) or ""
    return token if token and hash_of(token) == link.token_hash else ""
