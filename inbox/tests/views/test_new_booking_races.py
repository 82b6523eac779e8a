"""Two members of staff and one car, or one who presses twice: threads on a real PostgreSQL."""

from collections import Counter

import pytest
from django.db import connection

from bookings.availability import car_now, ledger
from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, in_days, make_desk
from bookings.tests.support.racing import ADD_DAY_PROMISE, DROP_DAY_PROMISE, all_at_once, double_days
from exodrive.rls import as_owner
from inbox.tests.conftest import signed_in
from inbox.tests.views.test_new_booking import body, typed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
NEW = "/staff/bookings/new/"


def posting(client, form):
    return lambda: client.post(NEW, form)


def by_two(car, days):
    """Each types another customer, with a key of their own, for days that are not quite the same."""
    forms = [
        typed(car, *days[n], full_name=f"Customer No {n}", email=f"c{n}@example.com", key=f"k{n}")
        for n in range(2)
    ]
    return all_at_once([posting(signed_in(make_desk()), form) for form in forms])


def overlapping():
    return [(in_days(5), in_days(7)), (in_days(6), in_days(8))]


def test_of_two_members_of_staff_one_gets_the_car_and_the_other_what_instead():
    car, sister = CarFactory(), CarFactory()
    answers = by_two(car, overlapping())
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 1}
    (late,) = (n for n, answer in enumerate(answers) if answer.status_code == 409)
    text = body(answers[late])
    assert f'value="Customer No {late}"' in text
    assert f'name="instead" value="{sister.pk}/' in " ".join(text.split()).replace('" value', '" value')
    assert double_days() == 0


def test_without_the_locks_and_the_constraint_both_get_it(monkeypatch):
    """The control: what the race above shows is due to what is taken away here."""
    monkeypatch.setattr(car_now, "lock_cars", lambda *cars: None)
    monkeypatch.setattr(ledger, "CLAIM", ledger.CLAIM.partition("ON CONFLICT")[0])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(DROP_DAY_PROMISE)
    try:
        answers = by_two(CarFactory(), overlapping())
        assert [answer.status_code for answer in answers] == [303, 303]
        assert double_days() == 2
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE car_availability")
            cursor.execute(ADD_DAY_PROMISE)


def test_two_presses_at_once_make_one_booking():
    """The second is answered with the booking, or that it is being made; pressed again, with the booking."""
    user, form = make_desk(), typed(CarFactory(), in_days(3), in_days(4), email="", phone="0612345678")
    answers = all_at_once([posting(signed_in(user), form) for _ in range(2)])
    assert {answer.status_code for answer in answers} <= {303, 409}
    (made,) = {answer.url for answer in answers if answer.status_code == 303}
    assert all('value="Aisha Khan"' in body(answer) for answer in answers if answer.status_code == 409)
    assert signed_in(user).post(NEW, form).url == made
    with as_owner():
        assert Booking.objects.count() == 1


def test_two_customers_by_one_phone_at_once_are_one():
    cars = [CarFactory() for _ in range(4)]
    forms = [
        typed(car, in_days(3), in_days(3), email="", phone="06 12 34 56 78", key=f"k{n}")
        for n, car in enumerate(cars)
    ]
    answers = all_at_once([posting(signed_in(make_desk()), form) for form in forms])
    assert {answer.status_code for answer in answers} == {303}
    with as_owner():
        assert Booking.objects.values("customer").distinct().count() == 1
