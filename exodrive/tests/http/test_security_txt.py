"""security.txt says whom to tell, and never runs out."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone


def fields(client: Client) -> list[tuple[str, str]]:
    answer = client.get("/.well-known/security.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return [tuple(line.split(": ", 1)) for line in answer.content.decode().splitlines()]


def test_it_has_what_rfc_9116_wants(client, settings):
    settings.SITE_URL, settings.BUSINESS_EMAIL = "https://rent.example", "hello@rent.example"
    said = dict(fields(client))
    assert said["Contact"] == "mailto:hello@rent.example"
    assert said["Canonical"] == "https://rent.example/.well-known/security.txt"
    assert said["Preferred-Languages"] == "en, es, fr, pt"
    left = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert timedelta(days=170) < left < timedelta(days=365)


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("security@rent.example", "mailto:security@rent.example"),
        ("https://rent.example/report", "https://rent.example/report"),
        ("a@b.example\nExpires: never", "mailto:a@b.exampleExpires:never"),
    ],
)
def test_the_contact_is_a_setting(client, settings, contact, shown):
    settings.SECURITY_CONTACT = [contact]
    assert [value for name, value in fields(client) if name == "Contact"] == [shown]
    assert len([1 for name, _value in fields(client) if name == "Expires"]) == 1
