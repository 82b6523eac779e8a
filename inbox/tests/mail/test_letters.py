"""What the mails say, in four languages, as HTML and as text."""

import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.utils import timezone, translation
from icalendar import Calendar

from bookings import privacy
from bookings.days import Days
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.request import Details, Person
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, BookingLink
from bookings.tests.support.factories import CarFactory, LocationFactory, make_booking, move_to, prove
from cars.pricing.agreed import Pricing
from exodrive.i18n import formats
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from exodrive.tests.support.made_once import own
from exodrive.tests.support.money import eur
from inbox.mail.letters import DATA_LETTERS, compose
from inbox.mail.money import TO_PAY
from inbox.mail.queue import FOR_STAFF
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
TEMPLATES = [template for template in InboxEmail.Template.values if template != "mailbox_code"]
EVERY_LETTER = [(template, language) for template in TEMPLATES for language in LANGUAGES]
AT = datetime(2027, 2, 1, 9, tzinfo=UTC)
START, END = date(2027, 3, 11), date(2027, 3, 14)


@pytest.fixture(autouse=True)
def that_year(monkeypatch):
    monkeypatch.setattr(formats, "this_year", lambda: AT.year)


@pytest.fixture(scope="module")
def made(made_once):
    return made_once(proven_booking)


@pytest.fixture
def booking(made, db):
    return own(made)


def proven_booking():
    location = LocationFactory(name="Lyon Part-Dieu", phone="+33 4 72 00 00 00")
    car = CarFactory(location=location, model="GT coupé", plate="AB-123-CD")
    booking = make_booking(car=car, start=START, at=AT, special_requests="A child seat.\nThank you.")
    ask_for_data(booking)
    return prove(booking)


def ask_for_data(booking):
    """As long as the link works by the database's own clock, which knows nothing of AT."""
    link = BookingLink.objects.filter(booking=booking)
    with as_owner():
        expires_at = link.get().expires_at
        link.update(expires_at=timezone.now() + timedelta(days=1))
    with acting_as(PUBLIC, token=booking.secret):
        for kind in DATA_LETTERS.values():
            privacy.ask(kind)
    with as_owner():
        link.update(expires_at=expires_at)


def letter(booking, template, language="en", *, at=AT):
    audience = InboxEmail.Audience.STAFF if template in FOR_STAFF else InboxEmail.Audience.CUSTOMER
    with acting_as(SERVICE):
        fresh = Booking.objects.get(pk=booking.pk)  # without the secret that only its maker knows
        email = InboxEmail(booking=fresh, template=template, audience=audience, language=language)
        return compose(email, ["someone@example.com"], at=at)


def html_of(message):
    (alternative,) = message.alternatives
    assert alternative.mimetype == "text/html"
    return alternative.content


def words_of(html):
    """What a person reads of an HTML mail, on one line."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def facts_of(booking, template, language):
    """What every mail must say, whatever words stand around it."""
    with translation.override(language):
        facts = [
            booking.reference,
            "Calder GT coupé",
            formats.day_long(START),
            formats.day_long(END),
            "10:00",
            "18:00",
            "Lyon Part-Dieu",
            "12 rue de la Villette, 69003 Lyon",
            booking.pick_up.number,
            booking.pick_up.hours_text,
        ]
        if template != "booking_cancelled":
            facts += [formats.money(eur(960)), formats.money(eur(2000)), "A child seat. Thank you."]
        if template in FOR_STAFF:
            facts += ["Marta Oliveira", booking.email, booking.phone, "AB-123-CD"]
        else:
            facts += ["Marta"]
    return [" ".join(fact.split()) for fact in facts]


def test_the_number_in_a_mail_is_the_branch_and_not_the_business(booking):
    for template in TEMPLATES:
        message = letter(booking, template)
        assert settings.BUSINESS_PHONE not in message.body + html_of(message)


@pytest.mark.parametrize(("template", "language"), EVERY_LETTER)
def test_both_parts_carry_every_fact_and_one_link(booking, template, language):
    message = letter(booking, template, language)
    html, text = html_of(message), message.body
    for part in (words_of(html), " ".join(text.split())):
        assert [fact for fact in facts_of(booking, template, language) if fact not in part] == []
    links = re.findall(r'href="([^"]+)"', html)
    url = f"{settings.SITE_URL}/staff/bookings/{booking.pk}/"
    if template not in FOR_STAFF:
        url = f"{settings.SITE_URL}/{language}/booking/{booking.secret}/"
    if template in TO_PAY:
        url += "payment/"
    if template in DATA_LETTERS:
        with as_owner():
            request = booking.data_requests.get(kind=DATA_LETTERS[template])
        url = f"{settings.SITE_URL}/{language}/data/{request.token}/"
    assert links == [url]
    assert text.splitlines().count(url) == 1


@pytest.mark.parametrize(("template", "language"), EVERY_LETTER)
def test_mail_programs_get_what_they_need(booking, template, language):
    message = letter(booking, template, language)
    html = html_of(message)
    tag = {"en": "en-GB", "es": "es-ES", "fr": "fr-FR", "pt": "pt-PT"}[language]
    assert len(html.encode()) < 20_000
    assert html.startswith("<!DOCTYPE html>")
    assert html.count(f'lang="{tag}" dir="ltr"') == 2
    assert html.count("<table") == flat(html).count('<table role="presentation"')
    assert "<img" not in html
    assert "<script" not in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert message.reply_to == [settings.BUSINESS_EMAIL]
    assert message.subject == " ".join(message.subject.split())
    assert "Calder GT coupé" in message.subject
    assert not re.search(r"\n{3,}|\{\{|\{%", message.body)
    message.message()  # headers are valid


def test_every_language_has_its_own_subject(booking):
    subjects = {letter(booking, "booking_confirmed", language).subject for language in LANGUAGES}
    assert len(subjects) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("template", "subject"),
    [
        ("booking_received", "We have your request: Calder GT coupé, 11–14 Mar"),
        ("booking_confirmed", "You’re booked: Calder GT coupé, 11–14 Mar"),
        ("booking_changed", "Booking changed: Calder GT coupé, 11–14 Mar"),
        ("booking_cancelled", "Booking cancelled: Calder GT coupé, 11–14 Mar"),
        ("new_link", "Your booking link: Calder GT coupé, 11–14 Mar"),
    ],
)
def test_the_subject_says_the_fact_first(booking, template, subject):
    assert letter(booking, template).subject == subject


def test_the_preheader_adds_place_and_reference(booking):
    html = html_of(letter(booking, "booking_confirmed"))
    (preheader,) = re.findall(r'<div style="display:none[^>]*>(.*?)</div>', html, flags=re.DOTALL)
    day = formats.day_long(START)
    assert preheader.strip() == f"Pick-up {day} from 10:00, Lyon Part-Dieu. Reference {booking.reference}."


def test_nobody_breaks_out_of_a_subject_a_line_or_a_tag():
    car = CarFactory(make="Calder\r\nBcc: all@example.com", model="GT <b>")
    who = Person("Mar<script>ta", "marta@example.com")
    booking = make_booking(
        car=car, who=who, special_requests="no smoke\n\nSee your booking:\nhttp://evil.test"
    )
    with as_owner():  # no door takes a name of two lines: the letters do not rely on that
        Booking.objects.update(full_name="Mar<script>ta\nOliveira")
    for template in TEMPLATES:
        message = letter(booking, template, at=timezone.now())
        assert "\n" not in message.subject
        assert "\r" not in message.subject
        assert "Bcc" not in message.message()
        assert "<script>" not in html_of(message)
        assert "<b>" not in html_of(message)
        assert "http://evil.test" not in message.body.splitlines()


def test_free_cancellation_is_promised_only_while_it_lasts(booking):
    promise = "Free cancellation until Tue 9 Mar, 10:00."
    late = datetime(2027, 3, 10, 9, tzinfo=UTC)
    assert promise in letter(booking, "booking_confirmed").body
    assert "Free cancellation" not in letter(booking, "booking_confirmed", at=late).body


def test_times_are_those_of_the_place():
    auckland = LocationFactory(name="Auckland", time_zone="Pacific/Auckland")
    booking = make_booking(car=CarFactory(location=auckland), start=START, at=AT)
    assert "Free cancellation until Tue 9 Mar, 10:00." in letter(booking, "booking_received").body


def test_another_place_of_return_is_named(booking):
    other = LocationFactory(name="Nice Airport", address="1 promenade des Anglais")
    moved = make_booking(car=CarFactory(), start=START, at=AT, details=Details(drop_off=other))
    assert "Return to: Nice Airport, 1 promenade des Anglais" in letter(moved, "booking_confirmed").body
    assert "Return to" not in letter(booking, "booking_confirmed").body


def test_a_price_difference_is_told_once(booking):
    with acting_as(STAFF):
        change_booking(booking=booking, at=AT, to=ChangeRequest(days=Days(START, END + timedelta(days=2))))
    assert "It costs €480 more." in letter(booking, "booking_changed").body
    with as_owner():
        InboxEmail.objects.filter(booking=booking, template="booking_changed").update(
            status="sent", claimed_at=AT + timedelta(minutes=1)
        )
    with acting_as(STAFF):
        later = AT + timedelta(hours=1)
        change_booking(booking=booking, at=later, to=ChangeRequest(details=Details(phone="+33 1")))
    assert "The price stays the same." in letter(booking, "booking_changed").body


def test_a_change_lists_what_the_price_is_made_of(booking):
    line = Adjustment(eur(-60), "The car was dirty")
    longer = ChangeRequest(days=Days(START, END + timedelta(days=1)), pricing=Pricing.KEPT, adjustment=line)
    with acting_as(STAFF):
        change_booking(booking=booking, at=AT, to=longer)
    message = letter(booking, "booking_changed")
    for part in (words_of(html_of(message)), " ".join(message.body.split())):
        assert "It costs €60 less." in part
        for what in (
            "€240 × 4 days",
            "€0 × 1 day",
            "Adjustment: The car was dirty",
            "-€60",
            "€900 for 5 days",
        ):
            assert what in part
    assert "€240 × 4 days" not in letter(booking, "booking_confirmed").body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("more", [2, -1, 0])
def test_a_change_is_told_with_the_new_days_and_what_it_costs_more_or_less(booking, language, more):
    end = END + timedelta(days=more)
    car = CarFactory(location=booking.car.location, model="Cabriolet")
    with acting_as(STAFF):
        change_booking(booking=booking, at=AT, to=ChangeRequest(days=Days(START, end), car=car))
        booking.car = car
        change_booking(
            booking=booking, at=AT + timedelta(hours=1), to=ChangeRequest(details=Details(phone="1"))
        )
    message = letter(booking, "booking_changed", language)
    sentences = {
        "en": ("It costs €480 more.", "It costs €240 less.", "The price stays the same."),
        "es": ("Cuesta 480 € más.", "Cuesta 240 € menos.", "El precio no cambia."),
        "fr": ("Elle coûte 480 € de plus.", "Elle coûte 240 € de moins.", "Le prix reste le même."),
        "pt": ("Custa mais 480 €.", "Custa menos 240 €.", "O preço mantém-se."),
    }
    sentence = sentences[language][{2: 0, -1: 1, 0: 2}[more]]
    for part in (words_of(html_of(message)), " ".join(message.body.split())):
        assert sentence in " ".join(part.split())
        assert "Calder Cabriolet" in part
        with translation.override(language):
            assert " ".join(formats.day_long(end).split()) in " ".join(part.split())


def test_what_was_paid_is_not_asked_for_again(booking):
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(payment_status="paid", paid=booking.total)
    paid, unpaid = letter(booking, "booking_confirmed").body, letter(make_booking(), "booking_confirmed").body
    assert "Paid: €960 for 4 days" in paid
    assert "To pay at pick-up: €960 for 4 days" in unpaid
    assert "You have not been charged" not in letter(booking, "booking_cancelled").body


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("customer", "You cancelled it."),
        ("staff", "We had to cancel it."),
        ("job", "We could not confirm it before the pick-up day."),
    ],
)
def test_a_cancellation_says_who_cancelled(role, words):
    booking = make_booking()
    if role == "staff":
        move_to(booking, "cancelled")
    elif role == "customer":
        with acting_as(PUBLIC, token=booking.secret):
            cancel(booking=booking, at=timezone.now())
    else:
        with acting_as(SERVICE, actor="job"):
            cancel(booking=booking, at=timezone.now())
    assert f"{words} You have not been charged." in letter(booking, "booking_cancelled").body


def test_a_link_mail_says_how_long_the_link_works(booking):
    with as_owner():
        BookingLink.objects.filter(booking=booking).update(expires_at=datetime(2027, 4, 13, 16, tzinfo=UTC))
    assert "It works until Tue 13 Apr, 18:00." in letter(booking, "new_link").body


def test_a_confirmation_brings_the_calendar_file(booking):
    message = letter(booking, "booking_confirmed")
    (part,) = message.attachments
    assert part.get_content_type() == "text/calendar"
    assert (part.get_param("method"), part.get_content_charset()) == ("PUBLISH", "utf-8")
    assert part.get_filename() == f"{booking.reference}.ics"
    (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    assert event["DTSTART"].dt == datetime(2027, 3, 11, 9, tzinfo=UTC)
    assert event["DTEND"].dt == datetime(2027, 3, 14, 17, tzinfo=UTC)
    assert event["SUMMARY"] == "Car rental: Calder GT coupé"
    assert event["LOCATION"] == "Lyon Part-Dieu, 12 rue de la Villette, 69003 Lyon"
    assert event["STATUS"] == "TENTATIVE"
    assert booking.reference in str(event["DESCRIPTION"])


def test_calendar_times_survive_a_clock_change():
    # In New York the clocks go forward on 14 March 2027.
    place = LocationFactory(time_zone="America/New_York")
    booking = make_booking(
        car=CarFactory(location=place),
        start=date(2027, 3, 13),
        length=2,
        at=AT,
        details=Details(pickup_time=time(10), return_time=time(10)),
    )
    (part,) = letter(booking, "booking_confirmed").attachments
    (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    assert event["DTSTART"].dt == datetime(2027, 3, 13, 15, tzinfo=UTC)
    assert event["DTEND"].dt == datetime(2027, 3, 14, 14, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Dr. Anna Schmidt", "de la Cruz", "Müller, Jürgen", "Win at pills.example"])
def test_who_has_no_sure_first_name_is_greeted_by_the_whole_and_an_advertisement_by_nothing(client, name):
    booking = prove(make_booking(who=Person(name, "someone@example.com"), start=START, at=AT))
    ask_for_data(booking)
    said = booking.reference if "pills" in name else name
    for template in set(TEMPLATES) - set(FOR_STAFF):
        message = letter(booking, template)
        assert f", {said}" in next(line for line in message.body.splitlines() if line.strip()), template
        assert f", {said}" in words_of(html_of(message)), template
        assert "pills" not in message.body, template
    now = make_booking(who=Person(name, "someone@example.com"))
    said = now.reference if "pills" in name else name
    page = client.get(f"/en/booking/{now.secret}/").content.decode()
    assert f"We have your request, {said}" in unescape(page)
