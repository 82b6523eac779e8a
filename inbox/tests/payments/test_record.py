"""Money that staff took: written down once, never more than is due, in the booking's currency."""

import pytest

from bookings.models import Payment
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.rls import as_owner
from exodrive.tests.support.html import inputs
from inbox.tests.payments.conftest import now, proven

pytestmark = pytest.mark.django_db


def url_of(booking):
    return f"/staff/bookings/{booking.pk}/payment/"


def typed(client, booking, **more):
    """The form as it was opened, with what was typed."""
    return inputs(client.get(url_of(booking))).dict() | {"means": "cash", "purpose": "rental"} | more


def payments():
    with as_owner():
        return [(one.purpose, one.means, one.amount, one.state) for one in Payment.objects.all()]


def test_what_is_due_stands_there_and_the_desk_writes_it_down(desk):
    booking = make_booking(start=in_days(30))
    page = desk.get(url_of(booking))
    assert inputs(page)["amount"] == "960.00"
    answer = desk.post(url_of(booking), typed(desk, booking, means="terminal"))
    assert (answer.status_code, answer.url) == (303, f"/staff/bookings/{booking.pk}/")
    assert payments() == [("rental", "terminal", 960, "captured")]
    after = now(booking)
    assert (after.paid, after.payment_status, after.status) == (960, "paid", "pending")
    text = desk.get(answer.url).content.decode()
    assert "€960 is recorded." in text
    assert "Card terminal" in text
    assert "Inès Laurent" in text
    assert proven() == []


def test_the_same_form_sent_twice_is_one_payment(desk):
    booking = make_booking(start=in_days(30))
    for purpose, amount in (("rental", "100"), ("damage", "80")):
        sent = typed(desk, booking, purpose=purpose, amount=amount)
        assert [desk.post(url_of(booking), sent).status_code for _ in range(2)] == [303, 303]
    assert payments() == [("rental", "cash", 100, "captured"), ("damage", "cash", 80, "captured")]
    assert now(booking).paid == 100
    assert proven() == []


def test_the_same_form_with_another_amount_is_refused(desk):
    booking = make_booking(start=in_days(30))
    sent = typed(desk, booking, amount="100")
    desk.post(url_of(booking), sent)
    answer = desk.post(url_of(booking), sent | {"amount": "200"})
    assert answer.status_code == 422
    assert "Something else was recorded with this form." in answer.content.decode()
    assert len(payments()) == 1


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("", "Enter an amount"),
        ("a lot", "Enter an amount"),
        ("0", "This is no amount that can be paid."),
        ("-5", "At least 0"),
        ("960.01", "At most €960 is due."),
        ("0.001", "At most 2 decimals."),
        ("NaN", "Enter an amount"),
        ("1.000", "Did you mean 1,000"),
    ],
)
def test_bad_amounts_come_back_with_what_is_wrong(desk, amount, said):
    booking = make_booking(start=in_days(30))
    answer = desk.post(url_of(booking), typed(desk, booking, amount=amount))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert 'id="errors"' in text
    assert payments() == []


def test_amounts_are_read_as_their_reader_writes_them(desk):
    booking = make_booking(start=in_days(30))
    desk.cookies["django_language"] = "fr"
    assert inputs(desk.get(url_of(booking)))["amount"] == "960,00"
    assert desk.post(url_of(booking), typed(desk, booking, amount="120,50")).status_code == 303
    assert [amount for _purpose, _means, amount, _state in payments()] == [pytest.approx(120.50)]


def test_a_booking_in_another_currency_is_paid_in_its_own(desk, settings):
    settings.CURRENCY = "JPY"
    booking = make_booking(car=CarFactory(daily_rate="24000"), start=in_days(30))
    settings.CURRENCY = "EUR"
    page = desk.get(url_of(booking))
    assert "Amount (JPY)" in page.content.decode()
    assert inputs(page)["amount"] == "96000"
    assert desk.post(url_of(booking), typed(desk, booking, amount="95999.5")).status_code == 422
    assert desk.post(url_of(booking), typed(desk, booking)).status_code == 303
    with as_owner():
        assert [str(one.money) for one in Payment.objects.all()] == ["96000.00 JPY"]


def test_a_deposit_that_is_left_is_held_and_held_once(desk):
    booking = make_booking(start=in_days(30))
    sent = typed(desk, booking, purpose="deposit", amount="2000")
    assert desk.post(url_of(booking), sent).status_code == 303
    assert now(booking).deposit_status == "held"
    again = {"means": "cash", "purpose": "deposit", "amount": "2000"}
    assert desk.post(url_of(booking), again).status_code == 422
    assert payments() == [("deposit", "cash", 2000, "authorized")]


def test_nothing_is_recorded_for_a_booking_that_is_over(desk):
    booking = make_booking(start=in_days(30), status="cancelled")
    assert desk.get(url_of(booking)).url == f"/staff/bookings/{booking.pk}/"
    assert "Record a payment" not in desk.get(f"/staff/bookings/{booking.pk}/").content.decode()
    sent = {"means": "cash", "purpose": "rental", "amount": "10"}
    assert desk.post(url_of(booking), sent).status_code == 422
    assert payments() == []


def test_in_the_inbox_the_form_opens_in_the_panel_and_its_answer_replaces_all_that_changed(desk):
    booking = make_booking(start=in_days(30))
    back = "/staff/inbox/?tab=pending"
    form = desk.htmx(f"{url_of(booking)}?next={back}")
    text = form.content.decode()
    assert "<html" not in text
    assert f'hx-target="#booking-{booking.pk}"' in text
    sent = inputs(form).dict() | {"means": "cash"}
    wrong = desk.htmx(url_of(booking), sent | {"amount": "961"}, target=f"booking-{booking.pk}")
    assert (wrong.status_code, "At most €960 is due." in wrong.content.decode()) == (422, True)
    answer = desk.htmx(url_of(booking), sent, target=f"booking-{booking.pk}")
    assert (answer.status_code, answer["HX-Reswap"]) == (200, "none")
    text = answer.content.decode()
    assert "€960 is recorded. 1 pending." in text
    assert "Mark upcoming" in text


def test_another_language_keeps_what_was_typed_and_records_nothing(desk):
    booking = make_booking(start=in_days(30))
    sent = typed(desk, booking, amount="55.50", in_language="fr")
    answer = desk.post(url_of(booking), sent)
    assert answer.status_code == 200
    assert '<html lang="fr-FR">' in answer.content.decode()
    assert inputs(answer)["amount"] == "55.50"
    assert payments() == []
