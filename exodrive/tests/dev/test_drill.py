"""The drill finds what it looks for: a booking or a mail that was lost or doubled, a car given away twice."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from exodrive.dev.drill.browser import Fields
from exodrive.dev.drill.provider import Mail, Provider
from exodrive.dev.drill.tally import Promise
from exodrive.dev.drill.verdict import LETTERS, Booked, Found, Hours, violations
from exodrive.tests.conftest import ROOT

MONDAY, TUESDAY = date(2027, 3, 1), date(2027, 3, 2)
ANNA = Promise("anna@example.com", 1, MONDAY, TUESDAY, "api")
BEN = Promise("ben@example.com", 2, TUESDAY, TUESDAY, "page")


def mail(number: str, to: str = "anna@example.com") -> Mail:
    return Mail(to, "We have your request", "...", f"<{number}@127.0.0.1>")


@pytest.fixture
def found() -> Found:
    """What there is when nothing went wrong."""
    return Found(
        bookings=[
            Booked("a", ANNA.email, ANNA.car, ANNA.start, ANNA.end, 1),
            Booked("b", BEN.email, BEN.car, BEN.start, BEN.end, 1),
        ],
        letters={
            f"{booking}{n}": (booking, template) for booking in "ab" for n, template in enumerate(LETTERS)
        },
        mails=[mail("a0"), mail("a1"), mail("b0"), mail("b1")],
    )


def test_nothing_wrong(found: Found) -> None:
    assert list(violations([ANNA, BEN], found)) == []


def test_hours_that_follow_each_other_are_right(found: Found) -> None:
    found.hours += [by_the_hour(7, MONDAY, begins=n) for n in (9, 10, 11)] + [
        by_the_hour(8, MONDAY, begins=9)
    ]
    assert list(violations([ANNA, BEN], found)) == []


def lost_booking(found: Found) -> None:
    del found.bookings[1]


def other_days(found: Found) -> None:
    found.bookings[1] = found.bookings[1]._replace(start=MONDAY)


def second_booking(found: Found) -> None:
    found.bookings.append(found.bookings[1]._replace(id="c", car=3))
    found.letters |= {f"c{n}": ("c", template) for n, template in enumerate(LETTERS)}
    found.mails += [mail("c0"), mail("c1")]


def double_day(found: Found) -> None:
    found.bookings[1] = found.bookings[1]._replace(car=1)


def no_item(found: Found) -> None:
    found.bookings[0] = found.bookings[0]._replace(items=0)


def lost_mail(found: Found) -> None:
    del found.mails[0]


def double_mail(found: Found) -> None:
    found.mails.append(mail("a0"))


def lost_staff_mail(found: Found) -> None:
    del found.mails[3]


def by_the_hour(car: int, day: date, *, begins: int) -> Hours:
    since = datetime.combine(day, time(begins), tzinfo=UTC)
    return Hours(car, day, since, since + timedelta(hours=1))


def hours_twice(found: Found) -> None:
    found.hours += [by_the_hour(7, MONDAY, begins=10), with_a_gap(by_the_hour(7, MONDAY, begins=9))]


def with_a_gap(hours: Hours) -> Hours:
    """With a gap that reaches into what follows."""
    return hours._replace(until=hours.until + timedelta(minutes=10))


def hours_on_a_booked_day(found: Found) -> None:
    found.hours.append(by_the_hour(ANNA.car, TUESDAY, begins=10))


def strange_mail(found: Found) -> None:
    found.mails.append(mail("z9"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lost_booking, ["ben@example.com was promised one booking by page and has 0"]),
        (other_days, ["ben@example.com was promised one booking by page and has 0"]),
        (second_booking, ["ben@example.com asked once and has 2 bookings"]),
        (
            double_day,
            [
                "ben@example.com was promised one booking by page and has 0",
                "car 1 is booked 2 times on 2027-03-02",
            ],
        ),
        (hours_twice, ["car 7 is taken twice at 2027-03-01 10:00"]),
        (hours_on_a_booked_day, ["car 1 is booked and taken by the hour on 2027-03-02"]),
        (no_item, ["the booking of anna@example.com is in the inbox 0 times"]),
        (lost_mail, ["the mail booking_received for the booking of anna@example.com was sent 0 times"]),
        (double_mail, ["the mail booking_received for the booking of anna@example.com was sent 2 times"]),
        (lost_staff_mail, ["the mail new_booking for the booking of ben@example.com was sent 0 times"]),
        (strange_mail, ["a mail to anna@example.com was never queued"]),
    ],
)
def test_what_is_wrong_is_said(found: Found, spoil: Callable[[Found], None], said: list[str]) -> None:
    spoil(found)
    assert list(violations([ANNA, BEN], found)) == said


def test_a_double_day_is_found_even_when_both_were_promised(found: Found) -> None:
    double_day(found)
    assert list(violations([ANNA, replace(BEN, car=1)], found)) == ["car 1 is booked 2 times on 2027-03-02"]


def test_a_mail_that_says_anew_what_has_changed_is_no_double(found: Found) -> None:
    """The booking was paid between two tries of one mail; a second mail of its own is still one too many."""
    found.mails.append(mail("a0")._replace(text="Paid"))
    assert list(violations([ANNA, BEN], found)) == []
    found.letters["a9"] = ("a", LETTERS[0])
    found.mails.append(mail("a9")._replace(text="Paid again"))
    assert list(violations([ANNA, BEN], found)) == [
        "the mail booking_received for the booking of anna@example.com was sent 2 times"
    ]


def test_the_provider_knows_a_key_again_and_nothing_else() -> None:
    provider = Provider()
    first = provider.take("key", mail("a0"))
    again = provider.take("key", mail("a0"))
    other = provider.take("other key", mail("a0"))
    assert (first, again, other) == (("drill-0", True), ("drill-0", False), ("drill-1", True))
    assert [sent.message_id for sent in provider.sent] == ["<a0@127.0.0.1>"] * 2, "the verdict sees both"


def test_the_provider_sends_whatever_comes_without_a_key() -> None:
    provider = Provider()
    assert [provider.take(None, mail("a0"))[1] for _ in range(2)] == [True, True]


def test_a_form_is_sent_as_it_stands_on_the_page() -> None:
    page = """<form><input type="hidden" name="key" value="k"><input name="phone"><input type="checkbox" name="seat">
    <select name="time"><option value="10">10</option><option value="11" selected>11</option></select>
    <select name="place"><option value="1">Lyon</option><option value="2">Nice</option></select>
    <textarea name="wish"></textarea><button name="csrfmiddlewaretoken" value="t">Go</button><button name="x">No</button>"""
    assert Fields(page).values == {
        "key": "k",
        "phone": "",
        "time": "11",
        "place": "1",
        "wish": "",
        "csrfmiddlewaretoken": "t",
    }


@pytest.mark.alone
@pytest.mark.usefixtures("only_in_soak")
def test_nothing_is_lost_whatever_breaks() -> None:
    """The whole drill, short; `make drill` takes longer over each fault."""
    done = subprocess.run(
        [sys.executable, "manage.py", "drill", "--seconds=3", "--clients=8"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Violations: 0" in done.stdout
