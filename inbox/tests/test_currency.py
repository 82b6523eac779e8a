"""A booking in euros on a site that has gone over to francs: every amount of it stays in euros, everywhere."""

import re
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import privacy
from bookings.days import Days
from bookings.errors import Invalid
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.request import Details
from bookings.models import Booking
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_manager, move_to
from bookings.tests.support.site import text_of
from cars.models import Car, Extra, Fee
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.money import eur
from inbox.mail.letters import compose
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db


def change(booking, *, role=PUBLIC, user=None, **what):
    with acting_as(role, token=booking.secret if role == PUBLIC else None, user=user):
        mine = Booking.objects.get(pk=booking.pk)
        mine.secret = booking.secret
        return change_booking(booking=mine, at=timezone.now(), **what)


@pytest.fixture
def seat():
    with as_owner():
        Fee.objects.create(name="Delivery", kind="delivery", amount="60.00")
        return Extra.objects.create(name="Child seat", price=Decimal("25.00"), stock=9, max_per_booking=3)


@pytest.fixture
def old(seat, settings):
    """Booked and made a day longer in euros; since then the site is in francs."""
    booking = make_booking(
        car=CarFactory(daily_rate="241.00", deposit="2001.00"),
        start=in_days(10),
        length=3,
        details=Details(extras=((seat, 1),)),
    )
    longer = change(booking, to=ChangeRequest(days=Days(booking.start_date, in_days(13))))
    assert longer.difference == eur(241)
    settings.CURRENCY = "CHF"
    with as_owner():
        fresh = Booking.objects.select_related("car").get(pk=booking.pk)
    fresh.secret = booking.secret
    return fresh


def typed(booking, **changes):
    """What a change form posts."""
    return {
        "start": booking.start_date.isoformat(),
        "end": booking.end_date.isoformat(),
        "pick_up": booking.pick_up.pk,
        "drop_off": booking.drop_off.pk,
        "pickup_time": f"{booking.pickup_time:%H:%M}",
        "return_time": f"{booking.return_time:%H:%M}",
        "phone": booking.phone,
        "special_requests": "",
        f"extra_{booking.extras.get().extra_id}": "1",
        **changes,
    }


FRANCS = re.compile(r"(?<![A-Z0-9])CHF(?![A-Z])")  # a booking's reference may hold the letters, too


def amounts(words):
    """Every amount of money on a page, as it is written there."""
    return set(re.findall(r"(?:€|CHF)[\d,.]*\d", words))


def assert_in_euros(words, *expected):
    assert set(expected) <= amounts(words)
    assert not FRANCS.search(words)


def test_the_site_itself_is_in_francs(old, client):
    page = text_of(client.get(reverse("car", args=[old.car.slug])))
    assert amounts(page) == {"CHF241", "CHF2,001"}


@pytest.mark.parametrize("status", ["pending", "upcoming", "active", "completed", "cancelled"])
def test_the_pages_of_its_customer(old, client, status):
    pages = ["booking", "booking_change", "booking_cancellation"]
    move_to(old, status)
    shown = [client.get(reverse(name, args=[old.secret]), follow=True) for name in pages]
    for page in shown:
        assert page.status_code == 200
        assert not FRANCS.search(text_of(page))
    assert_in_euros(text_of(shown[0]), "€989")


def test_a_change_that_costs_nothing_new_goes_on(old, client):
    url = reverse("booking_change", args=[old.secret])
    with as_owner():
        form = typed(old, phone="+351 5")
    shown = client.post(url, {**form, "price": "1"})
    assert_in_euros(text_of(shown), "€989")
    assert "The price stays the same." in text_of(shown)
    seen = re.search(r'name="seen" value="([^"]+)"', shown.content.decode())[1]
    assert client.post(url, {**form, "seen": seen, "change": "1"}).status_code == 303
    with as_owner():
        after = Booking.objects.get(pk=old.pk)
    assert (after.phone, after.total_money, after.currency) == ("+351 5", eur(989), "EUR")


NEW_PRICES = [
    {"days": lambda: Days(in_days(10), in_days(15))},
    {"car": CarFactory},
    {"details": lambda: Details(extras=())},
    {"details": lambda: Details(delivery=True)},
]


@pytest.mark.parametrize("what", NEW_PRICES)
@pytest.mark.parametrize("override", ["", "A promise"])
def test_a_new_price_in_another_currency_is_refused(old, what, override):
    fields = {name: make() for name, make in what.items()}
    words = "priced in EUR and our prices are in CHF now"
    by_staff = ChangeRequest(**fields, override=override, customers_wish=True)
    with pytest.raises(Invalid, match=words):
        change(old, role=STAFF, user=make_manager(), to=by_staff)
    with pytest.raises(Invalid, match=words):
        change(old, to=ChangeRequest(**fields))
    with as_owner():
        assert Booking.objects.get(pk=old.pk).total_money == eur(989)


def test_a_swap_by_us_costs_nothing_in_any_currency(old):
    with as_owner():
        Car.objects.update(daily_rate="999.00", deposit="9.00")
    done = change(old, role=STAFF, user=make_manager(), to=ChangeRequest(car=CarFactory(daily_rate="1.00")))
    assert done.after == done.before
    with as_owner():
        saved = Booking.objects.get(pk=old.pk)
    assert (saved.total_money, saved.deposit_money, saved.car_id) == (
        eur(989),
        eur(2001),
        done.booking.car_id,
    )


def test_the_refusal_is_said_on_both_pages_and_by_the_api(old, client, desk):
    with as_owner():
        form = typed(old, end=in_days(15).isoformat())
    for page in (
        client.post(reverse("booking_change", args=[old.secret]), {**form, "price": "1"}),
        desk.post(reverse("staff_change", args=[old.pk]), {**form, "car": old.car_id}),
    ):
        assert page.status_code == 422
        assert "priced in EUR and our prices are in CHF now" in text_of(page)
        assert "€989" in text_of(page)
        assert not re.search(r"CHF\d", text_of(page))
    answer = Api(bearer=old.secret).patch(f"/api/bookings/{old.pk}", {"endDate": in_days(15).isoformat()})
    assert error(answer) == (422, "invalid")


def test_the_pages_of_staff(old, desk):
    pages = [
        (desk.get(reverse("inbox")), {"€989"}),
        (desk.get(reverse("inbox"), {"booking": str(old.pk)}), {"€989"}),
        (desk.get(reverse("staff_booking", args=[old.pk])), {"€989", "€2,001", "€241", "€25"}),
        (desk.htmx(reverse("staff_booking", args=[old.pk]), target="panel"), {"€989", "€2,001", "€241"}),
        (desk.get(reverse("staff_calendar"), {"from": f"{old.start_date}"}), {"€989"}),
        (desk.get(reverse("staff_change", args=[old.pk])), set()),
    ]
    for page, expected in pages:
        assert page.status_code == 200
        assert_in_euros(text_of(page), *expected)
    assert "+€241" in text_of(pages[2][0])


def test_the_preview_of_staff(old, desk):
    with as_owner():
        form = typed(old, car=old.car_id, phone="+351 5")
    page = desk.post(reverse("staff_change", args=[old.pk]), form)
    assert_in_euros(text_of(page), "€989", "€0")


def test_the_admin(old, desk):
    page = desk.get(reverse("admin:bookings_booking_change", args=[old.pk]))
    assert_in_euros(text_of(page), "€989", "€2,001")
    assert not re.search(r"\d\.\d\d\b", text_of(page))


def test_the_admin_of_the_catalogue_is_in_francs(old, manager):
    for name, expected in {"car": {"CHF241", "CHF2,001"}, "fee": {"CHF60"}, "extra": {"CHF25"}}.items():
        assert amounts(text_of(manager.get(reverse(f"admin:cars_{name}_changelist")))) == expected
        add = manager.get(reverse(f"admin:cars_{name}_add"))
        assert "Amounts in CHF." in text_of(add)


@pytest.mark.parametrize("who", ["customer", "staff"])
def test_the_api(old, who):
    api = Api(bearer=old.secret) if who == "customer" else Api(user=make_manager())
    one = f"/api/bookings/{old.pk}"
    answers = [api.get(one), api.patch(one, {"phone": "+351 5"}), api.post(f"{one}/cancel", {})]
    if who == "staff":
        answers.append(api.get("/api/bookings"))
    for answer in answers:
        assert answer.status_code == 200
        text = answer.content.decode()
        assert set(re.findall(r'"currency":\s*"(\w+)"', text)) == {"EUR"}
    assert answers[0].json()["quote"]["total"] == eur(989).as_json
    assert answers[1].json()["priceDifference"] == eur(0).as_json


@pytest.mark.parametrize("template", InboxEmail.Template.values)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_its_mails(old, template, language):
    with acting_as(PUBLIC, token=old.secret):
        privacy.ask("copy")
        privacy.ask("erasure")
    staff = template == InboxEmail.Template.NEW_BOOKING
    with acting_as(SERVICE):
        fresh = Booking.objects.get(pk=old.pk)
        audience = InboxEmail.Audience.STAFF if staff else InboxEmail.Audience.CUSTOMER
        email = InboxEmail(booking=fresh, template=template, audience=audience, language=language)
        message = compose(email, ["someone@example.com"], at=timezone.now())
    whole = f"{message.subject} {message.body} {message.alternatives[0].content}"
    assert not FRANCS.search(whole)
    assert "€" in whole or template == "booking_cancelled"
    if template == "booking_changed":
        assert "241" in message.body


def test_the_copy_of_its_customers_data(old):
    with acting_as(SERVICE):
        tables = privacy.personal_data(old.email)
    with ZipFile(BytesIO(privacy.zip_of(tables, at=timezone.now()))) as archive:
        words = archive.read("index.html").decode()
    assert_in_euros(words, "€989", "€2,001", "€241", "€748")
    assert not FRANCS.search(words)


def test_the_api_answers_in_yen_without_decimals(client, settings):
    settings.CURRENCY = "JPY"
    car = CarFactory(daily_rate="24000.00", deposit="99.50")
    (listed,) = client.get("/api/cars").json()["items"]
    assert listed["dailyRate"] == {"amount": "24000", "currency": "JPY"}
    assert listed["deposit"] == {"amount": "100", "currency": "JPY"}
    booking = make_booking(car=car, length=2)
    assert (booking.total_money.as_json, booking.currency) == ({"amount": "48000", "currency": "JPY"}, "JPY")
