"""What every kind of answer says to the browser, in a table; and that no page needs an exception from it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client

from bookings.tests.support.factories import CarFactory, make_booking, make_desk, make_hold, make_user
from bookings.views import catalogue

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
NOT_USED = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
ALWAYS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NOT_USED),
}
CSP_HEADER = "Content-Security-Policy"


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


class Browser(Client):
    """Over HTTPS; errors are pages."""

    def __init__(self, user=None, **options):
        super().__init__(raise_request_exception=False, **options)
        if user:
            self.force_login(user)

    def generic(self, *args, **options):
        return super().generic(*args, **{**options, "secure": True})


def limited(limits):
    limits(link="1/hour")
    Browser().post("/en/link/")
    return Browser().post("/en/link/")


def failing(monkeypatch, error):
    def fail(cars):
        raise error

    monkeypatch.setattr(catalogue, "listed", fail)
    return Browser().get("/en/")


def superuser():
    return Browser(make_user(is_superuser=True, is_staff=True))


# What it is: how to get it, and its status.
KINDS = {
    "home": (lambda f: Browser().get("/en/"), 200),
    "catalogue": (lambda f: Browser().get("/fr/cars/"), 200),
    "car": (lambda f: Browser().get(f"/en/cars/{CarFactory().slug}/"), 200),
    "details": (lambda f: Browser().get(f"/en/book/{make_hold().token}/"), 200),
    "booking": (lambda f: Browser().get(f"/en/booking/{make_booking().token}/"), 200),
    "change": (lambda f: Browser().get(f"/en/booking/{make_booking().token}/change/"), 200),
    "calendar file": (lambda f: Browser().get(f"/en/booking/{make_booking().token}/calendar.ics"), 200),
    "wrong link": (lambda f: Browser().get("/en/booking/none/"), 404),
    "redirect": (lambda f: Browser().get("/"), 302),
    "plain http": (lambda f: Client().get("/en/"), 301),
    "400": (lambda f: Browser(HTTP_HOST="elsewhere.test").get("/en/"), 400),
    "403": (lambda f: Browser(enforce_csrf_checks=True).post("/en/link/"), 403),
    "404": (lambda f: Browser().get("/en/nothing/"), 404),
    "405": (lambda f: Browser().delete("/en/"), 405),
    "422": (lambda f: Browser().post("/en/link/"), 422),
    "429": (lambda f: limited(f("limits")), 429),
    "500": (lambda f: failing(f("monkeypatch"), ZeroDivisionError()), 500),
    "503": (lambda f: failing(f("monkeypatch"), OperationalError()), 503),
    "robots": (lambda f: Browser().get("/robots.txt"), 200),
    "static": (lambda f: Browser().get("/static/css/app.css"), 200),
    "staff sign-in": (lambda f: Browser().get("/staff/login/"), 200),
    "staff inbox": (lambda f: Browser(make_desk()).get("/staff/inbox/"), 200),
    "staff calendar": (lambda f: Browser(make_desk()).get("/staff/calendar/"), 200),
    "staff new booking": (lambda f: Browser(make_desk()).get("/staff/bookings/new/"), 200),
    "staff account": (lambda f: Browser(make_desk()).get("/staff/account/"), 200),
    "staff second step": (lambda f: Browser(make_desk()).get("/staff/account/second-step/"), 200),
    "staff forbidden": (lambda f: Browser(make_user(is_staff=True)).get("/staff/inbox/"), 403),
    "admin": (lambda f: superuser().get("/admin/"), 200),
    "admin list": (lambda f: superuser().get("/admin/cars/car/"), 200),
    "admin form": (lambda f: superuser().get("/admin/cars/car/add/"), 200),
    "admin password": (lambda f: superuser().get("/admin/password_change/"), 200),
    "API docs": (lambda f: Browser().get("/api/docs"), 200),
    "API docs, staff": (lambda f: Browser(make_desk()).get("/api/docs"), 200),
    "API document": (lambda f: Browser().get("/api/openapi.json"), 200),
    "API": (lambda f: Browser().get("/api/cars"), 200),
    "API 401": (lambda f: Browser().get("/api/bookings"), 401),
    "API 404": (lambda f: Browser().get("/api/nothing"), 404),
}


@pytest.mark.parametrize("kind", KINDS)
def test_headers_of_every_kind_of_answer(kind, request, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    get, status = KINDS[kind]
    response = get(request.getfixturevalue)
    response.close()
    assert response.status_code == status
    always = dict(ALWAYS)
    if kind == "plain http":
        del always["Strict-Transport-Security"]  # means nothing there
    assert {name: response.get(name) for name in always} == always
    assert set(re.split(r"; *", response[CSP_HEADER].strip("; "))) == CSP
    assert response["Referrer-Policy"] in ("strict-origin-when-cross-origin", "no-referrer")
    if response.get("Content-Type", "").startswith("text/html"):
        assert inline_in(response.content.decode()) == []


INLINE = [
    re.compile(r"<style\b"),
    re.compile(r"<[a-z][^>]*\sstyle="),
    re.compile(r"<[a-z][^>]*\son[a-z]+="),
    re.compile(r"""(?:href|src|action)=["']?\s*javascript:"""),
    re.compile(r"<script\b(?![^>]*(?:\ssrc=|type=.application/(?:ld\+)?json))[^>]*>"),
    re.compile(r"""(?:src|href)=["'](?:https?:)?//(?!testserver)[^"']*\.(?:js|css)"""),
]


def inline_in(html):
    """What the policy would refuse. Browser tests fail on refusals too; this looks at pages they do not open."""
    return [found[0] for pattern in INLINE for found in pattern.finditer(html)]


@pytest.mark.parametrize(
    "html",
    [
        "<style>p{}</style>",
        '<p class="a" style="color:red">',
        '<img src="x" onerror="alert(1)">',
        "<a href='javascript:alert(1)'>",
        "<script>alert(1)</script>",
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_the_search_for_what_is_inline_finds_it(html):
    assert inline_in(html)


# --- Cookies ------------------------------------------------------------------------------------------------------

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SITE_URL": "https://example.com",
    "ALLOWED_HOSTS": "example.com",
    "RESEND_API_KEY": "none",
    "SECRET_KEY": "s" * 60,
    "LINK_KEY": "l" * 60,
    "DATABASE_URL": "postgres://exo_app:none@db.invalid/exodrive",
    "REDIS_URL": "redis://redis.invalid/0",
}
SAY = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "exodrive.settings"
import django
django.setup()
from django.conf import settings
from bookings import visitors
from bookings.views import cookies
from exodrive.staff import lockout
from exodrive.limits import known_links

flags = {kind: [getattr(settings, f"{kind}_COOKIE_{flag}") for flag in ("SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")]
         for kind in ("SESSION", "CSRF", "LANGUAGE")}
names = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME,
         cookies.HOLD, visitors.COOKIE, known_links.COOKIE, lockout.COOKIE, cookies.TYPED]
print(json.dumps([flags, names, settings.SILENCED_SYSTEM_CHECKS, settings.RATE_LIMITS == {}]))
"""


def test_cookies_in_production():
    done = subprocess.run(
        [sys.executable, "-c", SAY],
        env={"PATH": os.defpath, **PRODUCTION},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    flags, names, silenced, unlimited = json.loads(done.stdout)
    assert set(map(tuple, flags.values())) == {(True, True, "Lax", "/", None)}
    assert [name for name in names if not name.startswith("__Host-")] == ["__Secure-typed"]
    assert (silenced, unlimited) == ([], False)


def test_every_cookie_of_a_visit_is_kept_from_scripts_and_other_sites():
    car, visitor = CarFactory(), Browser()
    visitor.get(f"/en/cars/{car.slug}/")
    visitor.get(f"/en/booking/{make_booking().token}/")
    visitor.get("/en/link/")
    desk = Browser()
    desk.post("/staff/login/", {"username": make_desk().email, "password": "password"})
    desk.post("/staff/language/", {"language": "fr"})
    cookies = {**visitor.cookies, **desk.cookies}
    assert set(cookies) >= {"visitor", "opened", "csrftoken", "sessionid", "known", "django_language"}
    assert {(bool(c["httponly"]), c["samesite"], c["domain"]) for c in cookies.values()} == {
        (True, "Lax", "")
    }
