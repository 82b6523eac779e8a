"""Who has not shown that they can be reached keeps no cars from others: limits, the proof, its end, and staff's way out."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail as post
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.availability.holds import Visitor, place_hold, release_hold
from bookings.days import Days
from bookings.errors import ProofRequired, TooManyRequests
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Details, Person
from bookings.lifecycle.transitions import transition
from bookings.lifecycle.unproven import cancel_unproven
from bookings.links import proof as proofs
from bookings.models import Booking, BookingLink, BookingProof, Hold, MailboxCode
from bookings.tests.support.api import Api
from bookings.tests.support.booked_rides import Chauffeurs
from bookings.tests.support.factories import (
    MARTA,
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_desk,
    move_to,
    prove,
)
from bookings.tests.support.racing import all_at_once
from bookings.tests.support.site import text_of
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.mail.letters import compose
from inbox.mail.queue import deliver
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db


@pytest.fixture
def bounded(settings):
    settings.HOLDS_PER_NETWORK = settings.UNPROVEN_PER_NETWORK = 4
    settings.UNPROVEN_PER_VISITOR = 2
    return settings


def person(n):
    return Person(f"Person {n}", f"person-{n}@example.com")


def letter_of(booking, template="booking_received"):
    """The mail as the worker would write it, with its links working from then on."""
    with acting_as(SERVICE):
        email = InboxEmail.objects.select_related(
            "booking__car__location", "booking__link", "booking__proof"
        ).get(booking=booking, template=template)
        return compose(email, [booking.mailbox], at=timezone.now()).body


def path_in(letter, part):
    (url,) = [line for line in letter.splitlines() if line.startswith(settings.SITE_URL) and part in line]
    return url.removeprefix(settings.SITE_URL)


def state(booking):
    with as_owner():
        return BookingProof.objects.get(booking=booking).how, Booking.objects.get(pk=booking.pk).status


def later(booking, **delta):
    with as_owner():
        BookingProof.objects.filter(booking=booking).update(due_at=timezone.now() - timedelta(**delta))


# --- Limits --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "visitor", "network", "most"),
    [
        (lambda n: MARTA, lambda n: f"v{n}", lambda n: f"n{n}", 2),
        (person, lambda n: "v", lambda n: f"n{n}", 2),
        (person, lambda n: f"v{n}", lambda n: "n", 4),
        (person, lambda n: f"v{n}", lambda n: f"n{n}", 6),
    ],
    ids=["a mailbox", "a visitor", "a network", "nobody"],
)
def test_so_many_unproven_bookings_at_once(bounded, who, visitor, network, most):
    made = []
    for n in range(6):
        try:
            made.append(make_booking(who=who(n), visitor=visitor(n), network=network(n)))
        except TooManyRequests:
            continue
    assert len(made) == most
    if most < 6:
        prove(made[0])
        assert make_booking(who=who(7), visitor=visitor(7), network=network(7))


def test_holds_are_counted_like_bookings_by_the_visitor_who_made_them(bounded):
    def book(n, visitor):
        with acting_as(PUBLIC):
            hold = place_hold(
                car=CarFactory(),
                days=Days.starting(in_days(3), 2),
                at=timezone.now(),
                by=Visitor("web", visitor, "n"),
            )
        with acting_as(PUBLIC, token=hold.token):
            return create_booking(
                BookingRequest(
                    hold.car, hold.days, person(n), hold=hold, visitor="another", network="another"
                ),
                at=timezone.now(),
            )

    book(1, "v")
    book(2, "v")
    with pytest.raises(TooManyRequests):
        book(3, "v")


def test_holds_of_a_network(bounded):
    def hold(n):
        with acting_as(PUBLIC):
            return place_hold(
                car=CarFactory(),
                days=Days.starting(in_days(3), 2),
                at=timezone.now(),
                by=Visitor("web", f"v{n}", "n"),
            )

    for n in range(4):
        hold(n)
    with pytest.raises(TooManyRequests, match="network"):
        hold(5)


@pytest.mark.django_db(transaction=True)
def test_rivals_of_one_network_cannot_slip_through_together(bounded):
    cars = [CarFactory() for _n in range(8)]
    tries = [
        lambda n=n, car=car: make_booking(car=car, who=person(n), visitor=f"v{n}", network="n")
        for n, car in enumerate(cars)
    ]
    made = [one for one in all_at_once(tries) if isinstance(one, Booking)]
    assert len(made) == 4


def test_staff_are_bound_by_none_of_it(bounded):
    with acting_as(STAFF, user=make_desk()):
        for _n in range(5):
            car = CarFactory()
            booking = create_booking(
                BookingRequest(car, Days.starting(in_days(3), 2), MARTA, visitor="v", network="n"),
                at=timezone.now(),
            )
            assert booking.prove_by is None
    assert state(booking) == ("staff", "pending")


def test_staff_who_hold_by_api_are_no_visitor(bounded):
    api = Api(user=make_desk())
    for _n in range(5):
        answer = api.post(
            "/api/holds", {"carId": CarFactory().pk, "startDate": str(in_days(3)), "endDate": str(in_days(4))}
        )
        assert answer.status_code == 201
    with as_owner():
        assert set(Hold.objects.values_list("visitor", "network")) == {("", "")}


# --- The same days again and again ----------------------------------------------------------------------------------


def hold_again(car, at, visitor="v"):
    with acting_as(PUBLIC):
        return place_hold(car=car, days=Days.starting(in_days(3), 2), at=at, by=Visitor("web", visitor, "n"))


def age(hold, minutes):
    """As if it had been placed, and had lapsed or been given back, so long ago."""
    with as_owner():
        past = timezone.now() - timedelta(minutes=minutes)
        Hold.objects.filter(pk=hold.pk).update(since=past, expires_at=timezone.now() - timedelta(seconds=1))
        hold.ledger.all().delete()


def test_after_two_holds_in_a_row_others_get_their_turn():
    car = CarFactory()
    first = hold_again(car, timezone.now())
    age(first, 16)
    second = hold_again(car, timezone.now())
    assert second.since < timezone.now() - timedelta(minutes=15)  # the first one's
    age(second, 31)
    with pytest.raises(TooManyRequests, match="others get a chance"):
        hold_again(car, timezone.now())
    assert hold_again(car, timezone.now(), visitor="somebody else")


def test_giving_days_back_just_before_they_lapse_is_no_way_around():
    car = CarFactory()
    hold = hold_again(car, timezone.now())
    with acting_as(PUBLIC, token=hold.token):
        release_hold(hold=hold)
    with as_owner():
        Hold.objects.update(since=timezone.now() - timedelta(minutes=31))
    with pytest.raises(TooManyRequests):
        hold_again(car, timezone.now())
    with as_owner():
        Hold.objects.update(expires_at=timezone.now() - timedelta(minutes=6))
    assert hold_again(car, timezone.now())


# --- The proof -----------------------------------------------------------------------------------------------------


def test_the_mailed_link_keeps_the_car_and_the_pages_own_address_does_not(client):
    booking = make_booking()
    assert state(booking) == ("", "pending")
    letter = letter_of(booking)
    page = reverse("booking", args=[booking.secret])
    assert "Keep the car" in letter
    assert page in letter
    client.get(page)
    assert state(booking)[0] == ""
    answer = client.get(path_in(letter, "/proof/"), follow=True)
    assert answer.redirect_chain[0] == (page, 303)
    assert "the car is kept for you" in text_of(answer)
    assert state(booking) == ("mail", "pending")
    with as_owner():
        assert set(BookingProof.objects.values_list("visitor", "network")) == {("", "")}


@pytest.mark.parametrize("proof", ["A" * 22, "x", "0" * 300])
def test_another_proof_proves_nothing(client, proof):
    booking = make_booking()
    letter_of(booking)
    client.get(reverse("booking_proof", args=[booking.secret, proof]))
    assert state(booking) == ("", "pending")


def test_a_proof_belongs_to_its_booking(client):
    booking, other = make_booking(), make_booking()
    link = path_in(letter_of(other), "/proof/").replace(other.secret, booking.secret)
    client.get(link)
    assert state(booking)[0] == ""


def test_the_page_says_until_when(client):
    text = text_of(client.get(reverse("booking", args=[make_booking().secret])))
    assert "within 120 minutes" in text or "within 119 minutes" in text
    assert MARTA.email in text


def test_nothing_a_stranger_typed_reaches_an_unproven_mailbox():
    typed = Person("Visit http://evil.example now", "somebody@example.com")
    booking = make_booking(who=typed, special_requests="Buy at evil.example")
    letter = letter_of(booking)
    assert "evil" not in letter
    assert booking.reference in letter
    prove(booking)
    assert "evil" in letter_of(booking)


def test_unproven_bookings_end_in_time():
    booking, proven = make_booking(), prove(make_booking())
    later(booking, seconds=1)
    later(proven, seconds=1)
    with acting_as(SERVICE, actor="job"):
        assert cancel_unproven(timezone.now()) == 1
        assert cancel_unproven(timezone.now()) == 0
    assert state(booking)[1] == "cancelled"
    assert state(proven)[1] == "pending"
    with as_owner():
        assert not booking.ledger.exists()
        assert booking.changes.last().reason == "not_proven"
    assert "Nobody opened the link" in letter_of(booking, "booking_cancelled")


@pytest.mark.django_db(transaction=True)
def test_a_proof_and_the_end_at_the_same_moment(rounds):
    """Whoever is told that the car is kept keeps it."""
    for _round in range(rounds(3, 40)):
        booking = make_booking()
        proof = path_in(letter_of(booking), "/proof/").rstrip("/").rpartition("/")[2]
        later(booking, seconds=1)

        def end():
            with acting_as(SERVICE, actor="job"):
                return cancel_unproven(timezone.now())

        def keep(booking=booking, proof=proof):
            with acting_as(PUBLIC, token=booking.secret):
                return proofs.prove(proof)

        ended, kept = all_at_once([end, keep])
        assert (ended, state(booking)[1]) == ((0, "pending") if kept else (1, "cancelled"))


def test_a_mail_that_is_written_late_revives_no_link(client):
    """The worker may write a mail while the booking ends: its link must not begin to work then."""
    booking = make_booking()
    with acting_as(SERVICE):
        assert proofs.lapse(booking)
    link = path_in(letter_of(booking), "/proof/")
    client.get(link)
    assert state(booking) == ("", "pending")


def test_who_made_a_booking_is_forgotten_when_it_no_longer_waits():
    waits, over, known = (make_booking(visitor="v", network="n") for _n in range(3))
    move_to(over, "cancelled")
    prove(known)
    with acting_as(SERVICE):
        assert proofs.forget_visitors() == 2
        assert proofs.forget_visitors() == 0
    with as_owner():
        assert BookingProof.objects.exclude(visitor="").get().booking == waits


def test_staff_vouch_by_confirming():
    booking = make_booking()
    with acting_as(STAFF, user=make_desk()):
        transition(booking=booking, to="upcoming", at=timezone.now())
    assert state(booking) == ("staff", "upcoming")


def test_a_mailbox_whose_owner_has_had_a_car_is_known():
    move_to(prove(make_booking(start=in_days(-9))), "completed")
    assert make_booking().prove_by is None
    assert make_booking(who=person(1)).prove_by is not None


def test_a_car_that_staff_handed_to_an_unproven_mailbox_proves_no_mailbox():
    move_to(make_booking(start=in_days(-9)), "completed")
    assert make_booking().prove_by is not None


# --- A wrong address -----------------------------------------------------------------------------------------------


def test_the_address_is_corrected_and_the_old_link_dies(client):
    booking = make_booking()
    old = path_in(letter_of(booking), "/proof/")
    answer = client.post(
        reverse("booking_address", args=[booking.secret]), {"email": "Right@Example.com"}, follow=True
    )
    assert "We have sent the link to Right@Example.com." in text_of(answer)
    assert Client().get(reverse("booking", args=[booking.secret])).status_code == 404
    Client().get(old)
    assert state(booking)[0] == ""
    with as_owner():
        now = Booking.objects.select_related("customer").get(pk=booking.pk)
        assert (now.email, now.mailbox, now.customer.email) == (
            "Right@Example.com",
            "right@example.com",
            "right@example.com",
        )
        link = BookingLink.objects.get(booking=booking)
        now.secret = ""
        assert now.token == answer.redirect_chain[0][0].rstrip("/").rpartition("/")[2]
        assert link.pin_hash == ""
        mails = InboxEmail.objects.filter(booking=booking, template="booking_received").order_by("created_at")
        assert mails.count() == 2
        newest = mails.last()
    with acting_as(SERVICE):
        assert deliver(newest.pk, at=timezone.now())
    assert post.outbox[-1].to == ["right@example.com"]


@pytest.mark.parametrize("email", ["", "right", "vıctim@example.com"])
def test_an_address_that_is_none_changes_nothing(client, email):
    booking = make_booking()
    answer = client.post(reverse("booking_address", args=[booking.secret]), {"email": email})
    assert answer.status_code == 422
    assert client.get(reverse("booking", args=[booking.secret])).status_code == 200


def test_a_proven_address_is_not_corrected(client):
    booking = prove(make_booking())
    answer = client.post(reverse("booking_address", args=[booking.secret]), {"email": "right@example.com"})
    assert answer.status_code == 403


def test_nor_one_that_was_corrected_too_often(client):
    page = reverse("booking", args=[make_booking().secret])
    for n in range(3):
        page = client.post(f"{page}address/", {"email": f"right-{n}@example.com"}).url
    assert client.post(f"{page}address/", {"email": "right@example.com"}).status_code == 403


# --- Too much at one place: prove first -----------------------------------------------------------------------------


@pytest.fixture
def crowded(settings):
    """A place with ten cars, two of which strangers keep on the same days."""
    settings.UNPROVEN_SHARE = 20
    place = LocationFactory()
    cars = [CarFactory(location=place) for _n in range(10)]
    for n in range(2):
        make_booking(car=cars[n], start=in_days(3), who=person(n))
    return cars


def test_beyond_the_share_nothing_is_held_without_a_proof(crowded):
    with pytest.raises(ProofRequired):
        hold_again(crowded[2], timezone.now())
    with pytest.raises(ProofRequired):
        make_booking(car=crowded[2], start=in_days(3), who=person(9), visitor="v", network="n")
    with acting_as(PUBLIC):  # on other days there is room
        assert place_hold(
            car=crowded[2], days=Days.starting(in_days(30), 2), at=timezone.now(), by=Visitor("web", "v", "n")
        )
    elsewhere = CarFactory()
    assert hold_again(elsewhere, timezone.now(), visitor="w")


def test_what_is_proven_or_ours_does_not_count(crowded):
    with as_owner():
        prove(Booking.objects.order_by("created_at")[0])
    assert hold_again(crowded[2], timezone.now())
    with acting_as(STAFF, user=make_desk()):
        assert create_booking(
            BookingRequest(crowded[3], Days.starting(in_days(3), 2), MARTA, details=Details(phone="1")),
            at=timezone.now(),
        )


def test_hours_that_strangers_keep_count_as_much_as_their_days(settings):
    settings.UNPROVEN_SHARE = 20
    hired = Chauffeurs(cars=10)
    rides = [hired.book(car=hired.cars[n], who=person(n), day=in_days(3)) for n in range(2)]
    rental, other = hired.cars[2], hired.cars[3]
    with pytest.raises(ProofRequired):
        hold_again(rental, timezone.now())
    with pytest.raises(ProofRequired):
        hired.hold("10:00", day=in_days(3), by=Visitor("web", "v", "n"))
    with as_owner():
        prove(rides[0])
    assert hold_again(other, timezone.now())


def code_sent():
    with as_owner():
        code = MailboxCode.objects.order_by("-created_at").first()
        email = InboxEmail.objects.get(code=code)
    with acting_as(SERVICE):
        assert deliver(email.pk, at=timezone.now())
    assert post.outbox[-1].to == [code.mailbox]
    assert code.code in post.outbox[-1].subject
    return code.code


def test_the_page_asks_for_a_code_and_goes_on_where_one_was(client, crowded):
    url = reverse("car", args=[crowded[2].slug])
    client.get(url)
    dates = {"start": str(in_days(3)), "end": str(in_days(4))}
    asked = client.post(url, dates)
    assert (asked.status_code, "Confirm your email address" in text_of(asked)) == (409, True)
    sent = client.post(url, {**dates, "email": "new@example.com", "special_requests": "A seat"})
    assert (sent.status_code, "We have sent a code" in text_of(sent)) == (200, True)
    assert 'value="A seat"' in sent.content.decode()
    code = code_sent()
    wrong = client.post(
        url, {**dates, "email": "new@example.com", "code": "111111" if code != "111111" else "222222"}
    )
    assert (wrong.status_code, "This code is wrong" in text_of(wrong)) == (422, True)
    done = client.post(url, {**dates, "email": "new@example.com", "code": code})
    assert done.status_code == 303
    form = client.get(done.url)
    assert 'value="new@example.com"' in form.content.decode()
    with as_owner():
        hold = Hold.objects.get(car=crowded[2])
    with acting_as(PUBLIC, token=hold.token):
        who = Person("New", "New@example.com")
        booking = create_booking(BookingRequest(hold.car, hold.days, who, hold=hold), at=timezone.now())
    assert state(booking)[0] == "code"


def test_a_code_is_for_the_browser_that_asked(crowded):
    with acting_as(PUBLIC):
        assert proofs.ask_for_code(email="new@example.com", visitor="v", language="en")
        assert not proofs.ask_for_code(email="NEW@example.com", visitor="w", language="en")
        code = code_sent()
        assert proofs.confirm_code(email="new@example.com", visitor="w", code=code) is None
        assert proofs.confirm_code(email="new@example.com", visitor="v", code=f" {code[:3]} {code[3:]} ")


def test_a_code_is_tried_five_times():
    with acting_as(PUBLIC):
        proofs.ask_for_code(email="new@example.com", visitor="v", language="en")
        code = code_sent()
        other = "000000" if code != "000000" else "000001"
        for _n in range(5):
            assert proofs.confirm_code(email="new@example.com", visitor="v", code=other) is None
        assert proofs.confirm_code(email="new@example.com", visitor="v", code=code) is None


def test_the_api_asks_for_a_code_too(crowded):
    api, dates = Api(), {"carId": crowded[2].pk, "startDate": str(in_days(3)), "endDate": str(in_days(4))}
    refused = api.post("/api/holds", dates)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "proof_required")
    assert api.post("/api/mailbox-codes", {"email": "new@example.com"}).status_code == 202
    code = code_sent()
    other = "000000" if code != "000000" else "000001"
    wrong = api.post("/api/holds", dates | {"proof": {"email": "new@example.com", "code": other}})
    assert (wrong.status_code, list(wrong.json()["error"]["details"]["fields"])) == (422, ["proof.code"])
    assert (
        api.post("/api/holds", dates | {"proof": {"email": "new@example.com", "code": code}}).status_code
        == 201
    )


# --- Staff ---------------------------------------------------------------------------------------------------------


def test_staff_cancel_all_of_one_source_at_once(client):
    mine = [make_booking(who=person(n), visitor="v", network=f"n{n}") for n in range(3)]
    near = make_booking(who=person(8), visitor="w", network="n1")
    other, known = make_booking(who=person(9), visitor="x", network="y"), prove(make_booking(visitor="v"))
    client.force_login(make_desk())
    page = client.get(reverse("staff_booking", args=[mine[1].pk]))
    assert "Cancel all 4 unproven bookings of this source" in text_of(page)
    answer = client.post(reverse("staff_cancel_unproven", args=[mine[1].pk]), follow=True)
    assert "4 unproven bookings are cancelled." in text_of(answer)
    assert [state(one)[1] for one in (*mine, near, other, known)] == ["cancelled"] * 4 + ["pending"] * 2


def test_the_row_says_so(client):
    make_booking()
    client.force_login(make_desk())
    assert "Unproven" in text_of(client.get(reverse("inbox")))
    with as_owner():
        prove(Booking.objects.get())
    assert "Unproven" not in text_of(client.get(reverse("inbox")))


def test_many_at_once_are_an_alarm(settings):
    from exodrive.ops import health

    settings.UNPROVEN_ALARM = 2
    now = timezone.now().isoformat()
    for n, status in [(1, "ok"), (2, "degraded")]:
        report = health.Report()
        health.judge({"now": now, "beats": {}, "runs": {}, "unproven": n}, report)
        assert report.parts["unproven"] == {"status": status, "bookings": n}


def test_nobody_mails_codes_to_everybody(limits):
    limits(link="3/hour")
    api = Api()
    answers = [api.post("/api/mailbox-codes", {"email": f"n{n}@example.com"}).status_code for n in range(4)]
    assert answers == [202, 202, 202, 429]


def test_wrong_codes_of_one_visitor_keep_no_other_from_trying(crowded, limits):
    limits(code_email="2/hour")
    url, dates = reverse("car", args=[crowded[2].slug]), {"start": str(in_days(3)), "end": str(in_days(4))}

    def tries(address):
        sent = {**dates, "email": "new@example.com", "code": "000000"}
        return Client(REMOTE_ADDR=address).post(url, sent).status_code

    assert [tries("198.51.100.1") for _n in range(3)] == [422, 422, 429]
    assert tries("203.0.113.1") == 422
