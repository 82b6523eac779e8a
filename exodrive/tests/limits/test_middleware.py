"""What comes too often: pages, API, emails, links that open nothing; and that nobody else is hurt."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from bookings.availability.holds import place_hold
from bookings.days import Days
from bookings.links.pins import set_pin
from bookings.models import BookingLink, Hold
from bookings.payments.registry import PROVIDERS
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk
from bookings.tests.support.site import MARTA, car_url, press_continue, text_of
from bookings.tokens import hash_of, token_of
from exodrive.limits.known_links import COOKIE
from exodrive.rls import PUBLIC, acting_as, as_owner
from exodrive.routes import Tag, routes
from exodrive.tests.support.limits import counted

pytestmark = pytest.mark.django_db
HERE, THERE = "198.51.100.7", "198.51.100.8"
WRONG = "A" * 22


@pytest.fixture(autouse=True)
def english():
    """A request in another language leaves it active in its thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def car():
    return CarFactory(make="Calder", model="GT coupé", slug="calder-gt")


@pytest.fixture
def hold(car):
    with acting_as(PUBLIC):
        return place_hold(car=car, days=Days.starting(in_days(10), 3), at=timezone.now())


def page(token, name="booking"):
    return reverse(name, args=[token])


# --- Pages --------------------------------------------------------------------------------------------------------


def test_a_refused_form_says_when_and_keeps_what_was_typed(client, hold, limits):
    limits(booking="1/minute")
    wrong = MARTA | {"email": "", "key": "k", "full_name": 'Marta "M" <Oliveira>'}
    assert client.post(page(hold.token, "details"), wrong).status_code == 422
    refused = client.post(page(hold.token, "details"), wrong | {"phone": "+351 912 345 678"})
    seconds = int(refused["Retry-After"])
    assert (refused.status_code, 0 < seconds <= 60) == (429, True)
    assert f"Too many tries. Try again in {seconds} seconds." in text_of(refused)
    html = refused.content.decode()
    assert f'action="{page(hold.token, "details")}"' in html
    assert '<input type="hidden" name="full_name" value="Marta &quot;M&quot; &lt;Oliveira&gt;">' in html
    assert '<input type="hidden" name="phone" value="+351 912 345 678">' in html
    assert html.count("csrfmiddlewaretoken") == 1
    assert (refused["Cache-Control"], refused["Referrer-Policy"]) == ("private, no-store", "no-referrer")


def test_in_the_language_of_the_page(client, car, limits):
    limits(hold="1/minute")
    for _turn in range(2):
        refused = client.post(car_url(car).replace("/en/", "/fr/"), {})
    assert (refused.status_code, 'lang="fr-FR"' in refused.content.decode()) == (429, True)
    assert "Too many" not in text_of(refused)


def test_each_address_has_room_of_its_own(car, limits):
    limits(hold="1/minute")
    here, there = Client(REMOTE_ADDR=HERE), Client(REMOTE_ADDR=THERE)
    assert press_continue(here, car, Days.starting(in_days(10), 2)).status_code == 303
    assert press_continue(here, car, Days.starting(in_days(20), 2)).status_code == 429
    assert press_continue(there, car, Days.starting(in_days(30), 2)).status_code == 303


def test_a_made_up_forwarded_for_gives_no_new_room(car, limits, settings):
    limits(hold="1/minute")

    def send(forwarded):
        return Client(REMOTE_ADDR=HERE).post(car_url(car), {}, headers={"X-Forwarded-For": forwarded})

    assert [send(f"203.0.113.{n}").status_code for n in range(3)] == [422, 429, 429]
    settings.TRUSTED_PROXY_HOPS = 1
    assert [send(f"203.0.113.{n}, {THERE}").status_code for n in range(3)] == [422, 429, 429]


def test_new_prices_are_no_tries_to_book(client, hold, limits):
    limits(booking="1/minute", preview="3/minute")
    prices = [client.post(page(hold.token, "details"), MARTA | {"price": "1"}).status_code for _n in range(4)]
    assert prices == [200, 200, 200, 429]
    assert client.post(page(hold.token, "details"), MARTA).status_code == 303


def test_changes_are_counted_for_each_booking_too(limits):
    limits(change_link="2/hour")
    first, second = make_booking(), make_booking()
    path = page(first.token, "booking_cancellation")
    answers = [Client(REMOTE_ADDR=f"198.51.100.{n}").post(path).status_code for n in range(3)]
    assert answers == [303, 303, 429]
    assert Client().post(page(second.token, "booking_cancellation")).status_code == 303


def test_changes_by_page_and_by_api_count_together(limits):
    limits(change_link="2/hour")
    booking = make_booking()
    api, path = Api(bearer=booking.secret), f"/api/bookings/{booking.pk}"
    assert Client().post(page(booking.secret, "booking_requests"), {"phone": "1"}).status_code == 303
    assert [api.patch(path, {"phone": str(n)}).status_code for n in range(2)] == [200, 429]
    assert Client().post(page(booking.secret, "booking_requests"), {"phone": "1"}).status_code == 429
    assert api.get(path).status_code == 200


def test_pins_are_counted_wherever_they_are_tried_and_right_ones_too(limits):
    """Each costs a slow hash; reading with a link of one's own must not keep every processor busy."""
    limits(pin="2/minute")
    booking = make_booking()
    with acting_as(PUBLIC, token=booking.secret):
        set_pin(booking=booking, pin="2468")
    api = Api(bearer=booking.secret)
    answers = [api("GET", f"/api/bookings/{booking.pk}", X_Booking_Pin="2468").status_code for _n in range(3)]
    assert answers == [200, 200, 429]
    assert Client().post(page(booking.secret, "booking_entry"), {"pin": "2468"}).status_code == 429
    assert Client().get(page(booking.secret, "booking_entry")).status_code == 200
    other = Client(REMOTE_ADDR="198.51.100.9")
    assert other.post(page(booking.secret, "booking_entry"), {"pin": "2468"}).status_code == 303


def test_staff_are_never_counted(limits):
    limits(**dict.fromkeys(["change", "read", "hold", "booking", "staff_token"], "1/hour"))
    desk = make_desk()
    client = Client()
    client.force_login(desk)
    assert {client.post("/staff/blocks/new/", {}).status_code for _n in range(3)} == {422}
    api = Api(bearer=staff_token(desk))
    assert {api.get("/api/bookings").status_code for _n in range(3)} == {200}
    gone = (
        "/api/bookings/00000000-0000-4000-8000-000000000001"  # a right token that asks for what is not there
    )
    assert [api.get(gone).status_code for _n in range(3)] == [404] * 3


def test_what_is_not_counted_here_is_named():
    """A new address falls under the rule for everything else."""
    assert {route.name for route in routes() if Tag.UNCOUNTED in route.tags} == {
        "staff_login",
        "staff_login_code",
        "staff_login_setup",
        "staff_logout",
        "staff_language",
        "api:resend",
        *(f"api:webhook_{provider}" for provider in PROVIDERS),
    }


# --- Emails -------------------------------------------------------------------------------------------------------


def test_one_customer_asks_for_so_many_links_from_anywhere(limits):
    limits(link_email="2/hour")
    asked = {"email": "Marta@Example.com", "reference": "EXO-AAAAAA"}
    answers = [Client(REMOTE_ADDR=f"198.51.100.{n}").post("/en/link/", asked) for n in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert Client().post("/en/link/", asked | {"email": "other@example.com"}).status_code == 303
    assert not [key for key in counted() if b"arta" in key or b"198." in key]


def test_one_customer_books_so_often_by_page_and_api(car, hold, limits):
    limits(booking_email="1/hour")
    assert Client().post(page(hold.token, "details"), MARTA).status_code == 303
    body = {
        "carId": car.pk,
        "startDate": str(in_days(40)),
        "endDate": str(in_days(41)),
        "customer": {"fullName": "Marta", "email": MARTA["email"].upper()},
    }
    refused = Api().post("/api/bookings", body)
    assert error(refused) == (429, "too_many_requests")
    body["customer"]["email"] = "other@example.com"
    assert Api().post("/api/bookings", body).status_code == 201


# --- API ----------------------------------------------------------------------------------------------------------


def test_the_api_refuses_in_json_with_the_wait_and_in_the_callers_language(car, limits):
    limits(read="1/minute", hold="1/minute", change="1/minute")
    assert Api().get("/api/cars").status_code == 200
    api = Api()
    api.headers["Accept-Language"] = "pt"
    api.client.cookies["django_language"] = "fr"
    refused = api.get("/api/cars")
    assert error(refused) == (429, "too_many_requests")
    assert 50 < int(refused["Retry-After"]) <= 60
    assert refused["Content-Language"] == "pt"
    assert "Too many" not in refused.json()["error"]["message"]
    body = {"carId": car.pk, "startDate": str(in_days(10)), "endDate": str(in_days(11))}
    assert [Api().post("/api/holds", body).status_code for _n in range(2)] == [201, 429]


def test_webhooks_have_no_limit_here(limits):
    limits(change="1/hour")
    for provider in ("resend", "sandbox"):
        answers = [Client().post(f"/api/webhooks/{provider}").status_code for _n in range(3)]
        assert len(set(answers)) == 1
        assert 429 not in answers
    assert [Client().post("/api/webhooks/nobody").status_code for _n in range(2)] == [404, 429]


# --- Links that open nothing --------------------------------------------------------------------------------------


@pytest.fixture
def links():
    """One link of each kind: right, never made, replaced, expired."""
    right, rotated, expired = make_booking(), make_booking(), make_booking()
    old = rotated.token
    with as_owner():
        nonce = b"another nonce 16"
        BookingLink.objects.filter(booking=rotated).update(nonce=nonce, token_hash=hash_of(token_of(nonce)))
        BookingLink.objects.filter(booking=expired).update(expires_at=timezone.now() - timedelta(seconds=1))
    return {"right": right.token, "unknown": WRONG, "rotated": old, "expired": expired.token}


def shape(response):
    """Everything an outsider can compare, without what differs in every answer."""
    body = re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode())
    for token in re.findall(r"/booking/([^/\"?]+)/", response.request["PATH_INFO"]) or []:
        body = body.replace(token, "")
    headers = {
        k: v for k, v in response.items() if k not in ("X-Request-Id", "Content-Length", "Retry-After")
    }
    return response.status_code, re.sub(r"in \d+ second", "", body), headers, sorted(response.cookies)


def test_wrong_links_of_every_kind_look_the_same(links):
    wrong = [shape(Client().get(page(links[kind]))) for kind in ("unknown", "rotated", "expired")]
    assert wrong[0][0] == 404
    assert wrong[0] == wrong[1] == wrong[2]


def test_after_so_many_wrong_ones_no_link_is_looked_at(links, limits, django_assert_num_queries):
    limits(guess="2/minute")
    for n in range(2):
        assert Client(REMOTE_ADDR=HERE).get(page(f"{WRONG[:-1]}{n}")).status_code == 404
    with django_assert_num_queries(0):
        answers = [shape(Client(REMOTE_ADDR=HERE).get(page(token))) for token in links.values()]
    assert answers[0][0] == 429
    assert answers.count(answers[0]) == len(links)
    assert Client(REMOTE_ADDR=THERE).get(page(links["right"])).status_code == 200


def test_whoever_opened_their_link_before_goes_on(links, limits):
    limits(guess="2/minute")
    guest = Client(REMOTE_ADDR=HERE)
    assert guest.get(page(links["right"])).status_code == 200
    for n in range(3):
        Client(REMOTE_ADDR=HERE).get(page(f"{WRONG[:-1]}{n}"))
    assert guest.get(page(links["right"])).status_code == 200
    assert guest.get(page(WRONG)).status_code == 429
    stranger = Client(REMOTE_ADDR=HERE)
    stranger.cookies[COOKIE] = "f" * 32 + ".é"
    assert stranger.get(page(links["right"])).status_code == 429


@pytest.mark.parametrize(
    "guess",
    [
        lambda client, n: client.get(page(f"{WRONG[:-1]}{n}", "booking_unprefixed")),
        lambda client, n: client.get(page(f"{WRONG[:-1]}{n}", "details")),
        lambda client, n: client.post(page(f"{WRONG[:-1]}{n}", "booking_cancellation")),
        lambda client, n: client.get(page(f"{WRONG[:-1]}{n}", "booking_ics")),
        lambda client, n: client.get(
            "/api/bookings/00000000-0000-4000-8000-000000000001",
            headers={"Authorization": f"Bearer {WRONG[:-1]}{n}"},
        ),
        lambda client, n: client.get(
            "/api/bookings", headers={"Authorization": f"Bearer exo_staff_{WRONG[:-1]}{n}"}
        ),
    ],
)
def test_every_door_counts(guess, limits):
    limits(guess="2/minute", staff_token="2/minute")
    assert 429 not in [guess(Client(REMOTE_ADDR=HERE), n).status_code for n in range(2)]
    assert guess(Client(REMOTE_ADDR=HERE), 3).status_code == 429


def test_customers_who_mistype_do_not_lock_out_staff_tokens(limits):
    limits(guess="1/minute", staff_token="1/minute")
    token = staff_token(make_desk())
    for _n in range(2):
        refused = Client().get(page(WRONG))
    assert refused.status_code == 429
    assert Api(bearer=token).get("/api/bookings").status_code == 200


def test_the_proof_is_no_link(links):
    client = Client()
    client.get(page(links["right"]))
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert links["right"] not in cookie.value
    assert Client().get(page(cookie.value)).status_code == 404


def test_a_browser_keeps_proofs_of_its_last_few_links(limits):
    client, tokens = Client(), [make_booking().token for _n in range(8)]
    for token in tokens:
        client.get(page(token))
    limits(guess="1/minute")
    Client().get(page(WRONG))
    answers = [client.get(page(token)).status_code for token in tokens]
    assert answers == [429] * 2 + [200] * 6


def test_holds_that_ended_are_no_guesses(client, hold, limits):
    limits(guess="1/minute")
    with as_owner():
        Hold.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    for _n in range(3):
        assert client.get(page(hold.token, "details")).status_code == 200


@pytest.mark.parametrize("fault", ["away", "hanging"])
def test_the_site_works_without_redis(fault, request, limits, settings):
    request.getfixturevalue(fault)
    limits(read="1/minute", link="9/minute", guess="9/minute", login="9/minute", login_pair="9/minute")
    settings.RATE_LIMIT_WITHOUT_REDIS = "2/minute"
    assert [Api().get("/api/cars").status_code for _n in range(3)] == [200] * 3
    assert [Client().post("/en/link/", {}).status_code for _n in range(3)] == [422, 422, 429]
    assert [Client().get(page(f"{WRONG[:-1]}{n}")).status_code for n in range(3)] == [404, 404, 429]
    typed = {"username": "ines@example.com", "password": "wrong"}
    assert [Client().post("/staff/login/", typed).status_code for _n in range(3)] == [422, 422, 429]
