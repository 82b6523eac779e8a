"""Production does not run with development's secrets."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from exodrive.checks import production_is_configured, refuse_unsafe_production

GOOD = {
    "PRODUCTION": True,
    "SECRET_KEY": "s" * 50,
    "LINK_KEY": "l" * 50,
    "ALLOWED_HOSTS": ["rent.example"],
    "SITE_URL": "https://rent.example",
    "EMAIL_BACKEND": "anymail.backends.resend.EmailBackend",
    "RATE_LIMITING": True,
}


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a production site where nothing is missing."""
    for name, value in GOOD.items():
        setattr(settings, name, value)
    monkeypatch.setenv("DATABASE_URL", "postgres://exo_app@db/exodrive")
    monkeypatch.setenv("REDIS_URL", "redis://redis/0")
    return settings


def test_a_complete_production_site_passes(production: Settings) -> None:
    assert production_is_configured() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", settings.DEVELOPMENT_SECRET, "exodrive.E001"),
        ("SECRET_KEY", "short", "exodrive.E001"),
        ("SECRET_KEY_FALLBACKS", [settings.DEVELOPMENT_SECRET], "exodrive.E024"),
        ("LINK_KEY", settings.DEVELOPMENT_SECRET, "exodrive.E002"),
        ("LINK_KEY", GOOD["SECRET_KEY"], "exodrive.E003"),
        ("ALLOWED_HOSTS", [], "exodrive.E004"),
        ("ALLOWED_HOSTS", ["*"], "exodrive.E004"),
        ("SITE_URL", "http://rent.example", "exodrive.E005"),
        ("SITE_URL", "https://127.0.0.1:8000", "exodrive.E005"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "exodrive.E008"),
        ("DEBUG", True, "exodrive.E009"),
        ("CURRENCY", "EURO", "exodrive.E023"),
        ("TAX_RATE", "101", "exodrive.E024"),
        ("TAX_RATE", "a fifth", "exodrive.E024"),
        ("TOKEN_DAYS_AFTER_RETURN", 391, "exodrive.E026"),
        ("NEW_LINK_HOURS", 745, "exodrive.E026"),
        ("RATE_LIMITING", False, "exodrive.E020"),
        ("BEHIND_TLS_PROXY", True, "exodrive.E021"),
        ("RATE_LIMITS", {"hold": "many"}, "exodrive.E022"),
        ("RATE_LIMIT_WITHOUT_REDIS", "", "exodrive.E022"),
    ],
)
def test_each_development_value_is_refused(production: Settings, name: str, value: object, code: str) -> None:
    setattr(production, name, value)
    assert [message.id for message in production_is_configured()] == [code]


STRIPE = {
    "STRIPE_SECRET_KEY": "sk_test_1",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
}
LIVE_PAYPAL = {"PAYPAL_CLIENT_SECRET": "x", "PAYPAL_API_URL": "https://api.paypal.com"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"PAYMENT_METHODS": []}, "exodrive.E041"),
        ({"PAYMENT_METHODS": ["cheque"]}, "exodrive.E041"),
        ({"PAYMENT_METHODS": ["paypal"]}, "exodrive.E042"),
        ({"PAYMENT_METHODS": ["stripe"], **STRIPE, "STRIPE_WEBHOOK_SECRET": ""}, "exodrive.E043"),
        ({"PAYMENT_METHODS": ["sandbox"]}, "exodrive.E044"),
        ({"PAYMENTS_SANDBOX": True, "STRIPE_SECRET_KEY": "sk_live_1"}, "exodrive.E045"),
        ({"PAYMENTS_SANDBOX": True, **LIVE_PAYPAL}, "exodrive.E045"),
        ({"CANCELLATION_TIERS": ((72, 50),)}, "exodrive.E046"),
        ({"CANCELLATION_TIERS": ((24, 100), (72, 50))}, "exodrive.E046"),
        ({"PAYMENT_METHODS": ["transfer"]}, "exodrive.E047"),
    ],
)
def test_payments_that_cannot_work_are_refused_in_development_too(
    settings: Settings, values: dict[str, object], code: str
) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    assert [message.id for message in production_is_configured()] == [code]


def test_the_sandbox_is_refused_in_production(production: Settings) -> None:
    production.PAYMENTS_SANDBOX = True
    assert [message.id for message in production_is_configured()] == ["exodrive.E045"]


@pytest.mark.parametrize("methods", [["stripe", "pick_up"], ["sandbox", "pick_up"], ["pick_up"]])
def test_payments_that_can_work_are_not(settings: Settings, methods: list[str]) -> None:
    for name, value in STRIPE.items():
        setattr(settings, name, value)
    settings.PAYMENTS_SANDBOX, settings.PAYMENT_METHODS = True, methods
    settings.CANCELLATION_TIERS = ((72, 100), (24, 50))
    assert production_is_configured() == []


@pytest.mark.parametrize(
    ("name", "code"), [("DATABASE_URL", "exodrive.E006"), ("REDIS_URL", "exodrive.E007")]
)
def test_each_missing_service_is_refused(
    production: Settings, monkeypatch: pytest.MonkeyPatch, name: str, code: str
) -> None:
    monkeypatch.delenv(name)
    assert [message.id for message in production_is_configured()] == [code]


def test_development_needs_nothing(settings: Settings) -> None:
    settings.PRODUCTION = False
    assert production_is_configured() == []


def test_serving_is_refused_with_every_problem_named(production: Settings) -> None:
    production.SITE_URL, production.ALLOWED_HOSTS = "http://rent.example", []
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_unsafe_production(public_may=True)
    assert [line.rpartition("(")[2] for line in str(refusal.value).splitlines()] == [
        "exodrive.E004)",
        "exodrive.E005)",
    ]


def test_the_web_process_does_not_start_without_secrets() -> None:
    environment = {**os.environ, "ENVIRONMENT": "production"}
    for name in ("SECRET_KEY", "LINK_KEY", "SITE_URL"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", "import exodrive.wsgi"],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "exodrive.E001" in done.stderr) == (1, True)


def test_the_database_s_url_may_ask_for_tls() -> None:
    url = "postgres://exo_app@db.example/exodrive?sslmode=verify-full"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from exodrive.settings import DATABASES; print(DATABASES['default']['OPTIONS']['sslmode'])",
        ],
        env={**os.environ, "DATABASE_URL": url},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "verify-full"
