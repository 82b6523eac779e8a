"""Every line of a mail's head says something, whatever names and subjects people have."""

from email import message_from_bytes, policy
from email.header import Header, decode_header, make_header
from email.utils import parseaddr

import pytest
from django.test import override_settings
from django.utils import timezone

from bookings.lifecycle.request import Person
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking, prove
from exodrive.rls import SERVICE, acting_as
from inbox.mail.letters import compose
from inbox.mail.message import LINE, folded
from inbox.mail.queue import FOR_STAFF
from inbox.models import InboxEmail
from inbox.tests.mail.test_letters import EVERY_LETTER, ask_for_data

LONG = "Éléonore-Françoise " * 5
BUSINESS = '"Autovermietung Müller, Söhne und sehr viele Töchter zu Größenwörth" <büro@müller.example>'


@pytest.fixture
def booking():
    place = LocationFactory(name="Aéroport de Saint-Étienne–Loire, très long")
    car = CarFactory(location=place, make="Citroën à rallonge", model="Électrique décapotable très chère")
    booking = make_booking(car=car, start=in_days(20), who=Person(LONG.strip(), "someone@example.com"))
    ask_for_data(booking)
    return prove(booking)


def head(message):
    return message.message().as_bytes(linesep="\r\n").partition(b"\r\n\r\n")[0]


@pytest.mark.django_db
@override_settings(DEFAULT_FROM_EMAIL=BUSINESS, SITE_URL="https://" + "long-name." * 8 + "example")
def test_no_header_line_is_empty(booking):
    for template, language in EVERY_LETTER:
        audience = "staff" if template in FOR_STAFF else "customer"
        with acting_as(SERVICE):
            email = InboxEmail(booking=booking, template=template, audience=audience, language=language)
            message = compose(email, ["a" * 60 + "@example.com"], at=timezone.now())
        lines = head(message).decode("ascii").split("\r\n")
        for line in lines:
            assert line.partition(":")[2].strip() or line.startswith(" "), (template, language, line)
            assert line.strip(), (template, language)
            assert "=?" not in line or len(line) <= LINE, (template, language, line)
        parsed = message_from_bytes(head(message), policy=policy.default)
        assert parsed["Subject"] == message.subject, (template, language)
        name = parseaddr(message_from_bytes(head(message))["From"])[0]
        assert str(make_header(decode_header(name))) == parseaddr(BUSINESS)[0]


@pytest.mark.parametrize(
    "text",
    ["é" * 200, "plain words " * 20, "x" * 300, "Début puis des mots sans accents, et un dernier: été"],
)
def test_what_is_folded_is_read_as_it_was(text):
    value = text if text.isascii() else Header(text, "utf-8").encode()
    lines = folded("Subject", value).split("\n")
    assert all(line.strip() for line in lines)
    assert str(make_header(decode_header(" ".join(line.strip() for line in lines)))) == text.strip()
