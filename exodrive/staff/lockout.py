"""Guessing passwords of staff gets slower and slower, and nobody can lock a colleague out.

Every try counts before the password is looked at, for the address it comes from and for the pair of account and address,
whose limits are the back-off: five wrong ones cost a minute, ten a quarter of an hour, twenty an hour, sixty a day. Whoever
guesses from many addresses meets a limit of the account. A browser that has signed in to it before shares none of these: it
keeps a device cookie and has the back-off for itself (OWASP: "Slow Down Online Guessing Attacks with Device Cookies"), so
neither the world nor the guest next door can lock it out. Accounts that do not exist are treated alike.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from exodrive.http.client_ip import client_network
from exodrive.http.cookies import cookie_attributes
from exodrive.limits.rates import hit, keyed, reset

COOKIE, SALT = f"{settings.COOKIE_PREFIX}known", "exodrive.lockout.known"
MAX_ACCOUNTS, LIFE = 4, timedelta(days=90)  # accounts that one browser is known for, and for how long


def count_attempt(request: HttpRequest, email: str) -> None:
    """Count one try to sign in, before the password is looked at. Raises TooMany."""
    email, address = _plain(email), client_network(request)
    if browser := _known(request).get(keyed("account", email)):
        hit("login_pair", email, browser)
        return
    hit("login", address)
    hit("login_pair", email, address)
    hit("login_account", email)


def count_password(user_id: int) -> None:
    """Count one try at the password of somebody who is signed in, perhaps at their open screen. Raises TooMany."""
    hit("login_pair", "signed in", user_id)


def signed_in(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """It was the right password: the tries of the pair are forgotten, and the browser is known from now on."""
    email = _plain(email)
    reset("login_pair", email, client_network(request))
    known = _known(request)
    browser = known.pop(keyed("account", email), "") or secrets.token_urlsafe(12)
    reset("login_pair", email, browser)
    newest = {keyed("account", email): browser, **known}
    kept = signing.dumps(dict(list(newest.items())[:MAX_ACCOUNTS]), salt=SALT)
    response.set_cookie(COOKIE, kept, **cookie_attributes(LIFE))


def _known(request: HttpRequest) -> dict[str, str]:
    """Accounts (hashed) that this browser has signed in to, and what it is called there."""
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFE))
    except (signing.BadSignature, ValueError):
        return {}


def _plain(email: str) -> str:
    return email.strip().lower()
