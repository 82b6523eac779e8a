"""A whole working day at the counter, on a large screen, on a phone and by keyboard alone, and how many presses it takes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bookings.lifecycle.request import Person
from bookings.models import Block, Booking
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    extras_of,
    in_days,
    make_booking,
    make_extra,
)
from bookings.tests.support.swapping import days_of, make_rental
from exodrive.rls import as_owner
from exodrive.tests.browser.test_staff import sign_in_by_form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE, NARROW = 1440, 390
TRIAGE, WALK_IN = 14, 6  # presses, at most


class Hands:
    """Works a page as a person does, and counts the presses that act and the fields that are typed into.

    On a narrow screen a booking has a page of its own, so `panel` is all of it.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.locator("#panel" if page.viewport_size["width"] == WIDE else "main")
        self.presses = self.fields = 0

    @contextmanager
    def at_most(self, presses: int, fields: int = 0) -> Iterator[None]:
        self.presses = self.fields = 0
        yield
        assert self.presses <= presses
        assert self.fields <= fields

    def press(self, target: Locator) -> None:
        target.click()
        self.presses += 1

    def key(self, name: str) -> None:
        self.page.keyboard.press(name)
        self.presses += 1

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(re.compile(f"^{re.escape(label)}")).fill(text)
        self.fields += 1

    def choose(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(value)
        self.presses += 1

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        return self.panel.get_by_role("link", name=name, exact=True)

    def find(self, booking: Booking) -> None:
        """By the last digits of its phone number, from whatever page this is."""
        box = self.page.get_by_role("searchbox", name="Search name, email")
        box.fill(booking.phone[-6:])
        box.press("Enter")
        who = self.page.locator(f"#l-{booking.pk}")
        expect(self.page.locator(".row__who")).to_have_count(1)
        who.click()
        expect(self.page.locator(f"#h-{booking.pk}")).to_have_text(booking.full_name)

    def reach(self, target: Locator) -> None:
        """With the Tab key, as somebody without a pointer does."""
        target.wait_for()
        for _ in range(80):
            if target.evaluate("el => el === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {target}")

    def press_by_keys(self, target: Locator, name: str = "Enter") -> None:
        self.reach(target)
        self.key(name)


@dataclass
class Site:
    """One place in the morning: twelve wait, one comes, one did not come, one is late, one breaks down."""

    waiting: list[Booking]
    comes: Booking
    did_not_come: Booking
    late: Booking
    breaks_down: Booking
    free: list[Any]


NAMES = ["Ada", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hedy", "Ivo", "Jana", "Kai", "Lena"]


def person(name: str, n: int) -> dict[str, Any]:
    first = name.split()[0]
    return {"who": Person(name, f"{first.lower()}@example.com"), "phone": f"+33 6 12 {n:02d} 47 {n:02d}"}


def make_site(waiting: int = 12) -> Site:
    make_extra()
    place = LocationFactory()
    cars = [CarFactory(location=place) for _ in range(9)]
    wait = [
        make_booking(
            car=cars[n % 3], start=in_days(20 + n // 3 * 5), length=2, **person(f"{NAMES[n]} Moreau", 30 + n)
        )
        for n in range(waiting)
    ]
    comes = make_booking(car=cars[3], start=in_days(0), status="upcoming", **person("Marta Oliveira", 50))
    nobody = make_booking(car=cars[4], start=in_days(-1), status="upcoming", **person("Nils Aker", 51))
    late = make_rental(car=cars[5], begins=-4, length=3, **person("Aisha Khan", 52))
    breaks = make_rental(car=cars[6], begins=-2, length=5, **person("Luc Petit", 53))
    return Site(wait, comes, nobody, late, breaks, cars[7:])


def now(booking: Booking) -> Booking:
    with as_owner():
        return Booking.objects.select_related("car").get(pk=booking.pk)


def latest() -> Booking:
    with as_owner():
        return Booking.objects.select_related("car").latest("created_at")


def statuses(bookings: list[Booking]) -> set[str]:
    return {now(booking).status for booking in bookings}


def letters(booking: Booking) -> int:
    with as_owner():
        return booking.emails.filter(audience="customer").count()


def events(booking: Booking) -> int:
    with as_owner():
        return booking.events.count()


# --- The hours of the day ---------------------------------------------------------------------------------------


def briefing(hands: Hands, site: Site) -> None:
    """One look at Today: who comes, who is late, phone, plate and money, nothing of it out of sight or folded away."""
    hands.page.goto("/staff/today/")
    for booking in (site.comes, site.late, site.did_not_come):
        line = hands.page.locator(f"#b-{booking.pk}")
        for words in (booking.full_name, booking.phone, booking.car.plate, re.compile(r"€\d")):
            cell = line.get_by_text(words).first
            expect(cell).to_be_visible()
            box = cell.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= hands.page.viewport_size["width"]
    expect(hands.page.locator(f"#b-{site.late.pk} .tag--late")).to_be_visible()


def triage(hands: Hands, site: Site) -> None:
    hands.page.goto("/staff/inbox/")
    with hands.at_most(TRIAGE):
        hands.press(hands.page.get_by_text("Several at once", exact=True))
        hands.press(hands.page.get_by_role("link", name="Choose all on this page"))
        hands.press(hands.page.locator("#several").get_by_role("button", name="Mark upcoming"))
        expect(hands.page.get_by_role("heading", name="12 bookings are done")).to_be_visible()
    assert statuses(site.waiting) == {"upcoming"}


def phone_booking(hands: Hands, site: Site) -> None:
    """With a child seat: one form, confirmed at once, one mail."""
    page, car = hands.page, site.free[0]
    page.goto("/staff/bookings/new/")
    hands.write("Pick-up day", in_days(10).isoformat())
    hands.write("Return day", in_days(12).isoformat())
    page.get_by_label("Return day").blur()
    # The list of those days: what is about to go is not pressed.
    expect(page.locator(".htmx-request")).to_have_count(0)
    hands.press(page.get_by_text(car.plate))
    hands.choose("Child seat", "1")
    hands.write("Full name", "Nina Weber")
    hands.write("Email address", "nina@example.com")
    expect(page.locator("#offer")).to_contain_text("Child seat")
    hands.press(page.get_by_role("button", name="Make and confirm it"))
    expect(page.locator("h1")).to_have_text("Nina Weber")
    made = latest()
    assert (made.status, made.car, made.start_date) == ("upcoming", car, in_days(10))
    assert [quantity for _, quantity in extras_of(made)] == [1]
    assert letters(made) == 1


def walk_in(hands: Hands, site: Site) -> None:
    page, car = hands.page, site.free[1]
    page.goto("/staff/today/")
    with hands.at_most(WALK_IN, fields=2):
        hands.press(page.get_by_role("navigation", name="Staff").get_by_role("link", name="Calendar"))
        hands.press(page.get_by_role("link", name="New booking"))
        hands.press(page.get_by_text(car.plate))
        expect(page.locator("#offer")).to_contain_text(car.name)
        hands.write("Full name", "Yusuf Demir")
        hands.write("Phone number", "06 12 34 56 78")
        hands.press(page.get_by_role("button", name="Make and confirm it"))
        expect(page.locator("h1")).to_have_text("Yusuf Demir")
    made = latest()
    assert (made.status, made.start_date, made.car) == ("upcoming", in_days(0), car)


def hand_over(hands: Hands, site: Site) -> None:
    """And the second of two presses, on the same spot, does nothing."""
    page = hands.page
    hands.find(site.comes)
    hands.press(hands.link("Hand over car"))
    hands.write("Odometer (km)", "45010")
    hands.choose("Fuel or charge", "8")
    hands.press(page.get_by_label("I have seen the driving licence"))
    hands.press(page.get_by_label("Deposit taken"))
    button = hands.button("Hand over car")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    spot = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*spot)
    expect(hands.link("Take car back")).to_be_visible()
    after = events(site.comes)
    page.mouse.click(*spot)
    hands.find(site.late)  # whatever that press asked for has been answered by then
    assert (now(site.comes).status, events(site.comes)) == ("active", after)


def take_back(hands: Hands, site: Site) -> None:
    """Of the late one: what its days and fuel come to is shown before it is decided."""
    hands.press(hands.link("Take car back"))
    hands.write("Odometer (km)", "45210")
    hands.choose("Fuel or charge", "8")
    hands.press(hands.page.get_by_label("No", exact=True))
    hands.press(hands.button("Take car back"))
    expect(hands.page.locator("#charges")).to_be_visible()
    hands.press(hands.button("Take car back"))
    expect(hands.panel.locator(".tag", has_text="Completed").first).to_be_visible()
    assert now(site.late).status == "completed"


def breakdown(hands: Hands, site: Site) -> None:
    """The days that were driven stay with the broken car, which is blocked in the same step."""
    rental, other = site.breaks_down, site.late.car
    hands.find(rental)
    hands.press(hands.link("Swap car…"))
    hands.choose("New car", str(other.pk))
    hands.write("Odometer of the old car (km)", "45120")
    hands.choose("Fuel or charge of the old car", "4")
    hands.write("Reason", "Gearbox broke")
    hands.press(hands.button("Swap the car"))
    expect(hands.panel.get_by_text(other.plate).first).to_be_visible()
    expect(hands.page.locator(f"#h-{rental.pk}")).to_have_text("Luc Petit")
    old, new = rental.car.pk, other.pk
    assert [car for car, _, _ in days_of(rental)] == [old, old, new, new, new]


def extension(hands: Hands, site: Site) -> None:
    """Of the rental that goes on with the other car."""
    rental = site.breaks_down
    hands.press(hands.panel.get_by_role("link", name="Change…"))
    hands.write("Return day", in_days(4).isoformat())
    hands.press(hands.page.get_by_role("button", name="Show the new price"))
    expect(hands.page.locator("#change")).to_contain_text("€240")
    hands.press(hands.page.get_by_role("button", name="Change booking"))
    expect(hands.page.get_by_role("heading", name="Luc Petit").first).to_be_visible()
    assert (now(rental).end_date, len(days_of(rental))) == (in_days(4), 7)


def no_show(hands: Hands, site: Site) -> None:
    hands.find(site.did_not_come)
    hands.press(hands.link("No-show…"))
    hands.press(hands.button("Mark as no-show"))
    expect(hands.panel.locator(".tag", has_text="No-show").first).to_be_visible()
    assert (now(site.did_not_come).status, now(site.did_not_come).outcome) == ("cancelled", "no_show")


def block(hands: Hands, site: Site) -> None:
    """The booking that is in the way gets a sister car with the press that blocks."""
    page, booking = hands.page, site.waiting[0]
    page.goto(f"/staff/blocks/new/?car={booking.car.pk}")
    hands.write("First day", booking.start_date.isoformat())
    hands.write("Last day", booking.end_date.isoformat())
    hands.choose("Reason", "maintenance")
    hands.press(page.get_by_role("button", name="Block days"))
    expect(page.get_by_role("heading", name="1 booking is in the way")).to_be_visible()
    hands.press(page.get_by_role("button", name="Move all and block"))
    expect(page.get_by_role("status")).to_contain_text("is blocked")
    with as_owner():
        assert Block.objects.filter(car=booking.car, start_date=booking.start_date).exists()
    assert now(booking).car != booking.car


HOURS = [
    briefing,
    triage,
    phone_booking,
    walk_in,
    hand_over,
    take_back,
    breakdown,
    extension,
    no_show,
    block,
]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_working_day_by_pointer(new_page, width):
    site = make_site()
    hands = Hands(sign_in_by_form(new_page(width=width)))
    for hour in HOURS:
        hour(hands, site)


# --- By keyboard alone ------------------------------------------------------------------------------------------


def triage_by_keys(hands: Hands, site: Site) -> None:
    """`U` for each: the focus goes on by itself, at the end to the words that nothing is left."""
    with hands.at_most(TRIAGE):
        hands.key("j")
        for booking, ahead in zip(site.waiting, [*site.waiting[1:], None], strict=True):
            hands.key("u")
            expect(hands.page.locator(f"#b-{booking.pk}")).to_have_count(0)
            expect(hands.page.locator(f"#l-{ahead.pk}" if ahead else "#nothing")).to_be_focused()
    assert statuses(site.waiting) == {"upcoming"}


def search_by_keys(hands: Hands, site: Site) -> None:
    """From the empty list, which names the tab that has the booking."""
    hands.page.keyboard.press("/")
    hands.page.keyboard.type(site.comes.phone[-6:])
    hands.press_by_keys(hands.page.locator("#list .empty a", has_text="Upcoming (1)"))
    hands.press_by_keys(hands.page.locator(f"#l-{site.comes.pk}"))


def hand_over_by_keys(hands: Hands, site: Site) -> None:
    keys, panel = hands.page.keyboard, hands.panel
    expect(hands.link("Hand over car")).to_be_enabled()
    hands.press_by_keys(hands.link("Hand over car"))
    expect(panel.get_by_role("heading", name="Hand over")).to_be_focused()
    hands.reach(panel.get_by_label("Odometer (km)"))
    keys.type("45010")
    hands.reach(panel.get_by_label("Fuel or charge"))
    keys.type("Full")
    for label in ("I have seen the driving licence", "Deposit taken"):
        hands.press_by_keys(panel.get_by_role("checkbox", name=label), "Space")
    hands.press_by_keys(hands.button("Hand over car"))
    expect(hands.link("Take car back")).to_be_visible()
    assert now(site.comes).status == "active"


def test_a_working_day_by_keyboard_alone(new_page):
    site = make_site()
    hands = Hands(sign_in_by_form(new_page(width=WIDE)))
    for hour in (triage_by_keys, search_by_keys, hand_over_by_keys):
        hour(hands, site)
