"""Pages hold still while they load, and hold large text: the public ones and those of staff."""

import pytest
from django.conf import settings

from bookings.tests.support.factories import make_manager
from exodrive.tests.browser.looks import LARGE, SPACED, alike, misfits, report, shifts, watch_shifts
from exodrive.tests.browser.test_public_axe import car, pages_of  # noqa: F401
from exodrive.tests.browser.test_staff import sign_in
from exodrive.tests.browser.test_staff_axe import busy_fleet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STILL = ["home", "catalogue", "car", "details", "booking page"]


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_a_page_loads(new_page, car, width, rounds):  # noqa: F811
    page, pages = new_page(width=width), pages_of(car)
    addresses = [pages[name] for name in STILL] + ["/staff/inbox/"]
    sign_in(page)
    watch_shifts(page)
    moved = {url: found for _ in range(rounds(1, 5)) for url in addresses if (found := shifts(page, url))}
    assert moved == {}


def staff_pages(booking):
    return [
        "/staff/inbox/?tab=all",
        f"/staff/bookings/{booking.pk}/",
        f"/staff/bookings/{booking.pk}/cancellation/",
        f"/staff/bookings/{booking.pk}/payment/",
        "/staff/payments/",
        f"/staff/bookings/{booking.pk}/change/",
        f"/staff/bookings/{booking.pk}/customer/",
        f"/staff/bookings/new/?car={booking.car_id}",
        f"/staff/blocks/new/?car={booking.car_id}",
        "/staff/security/",
        "/staff/figures/",
        "/staff/maintenance/",
        "/staff/today/",
        "/staff/account/",
        "/staff/calendar/?view=list",
        "/staff/calendar/?view=timeline",
    ]


@pytest.mark.parametrize("language", ["pt", "fr"])
def test_public_pages_hold_large_and_spaced_text(new_page, car, language, rounds):  # noqa: F811
    wrong, pages = {}, pages_of(car)
    for width in rounds([320 if language == "pt" else 390], [320, 390]):
        page = new_page(width=width)
        for name, url in pages.items():
            page.goto(url.replace("/en/", f"/{language}/", 1))
            wrong |= {f"{width} px, {name}, {style}": found for style, found in grown(page)}
    assert not wrong, report(wrong)


def test_staff_pages_hold_large_and_spaced_text(new_page, rounds):
    booking, boss, wrong = busy_fleet(), make_manager(), {}
    short, whole = [("en", 390)], [(code, width) for code in ("pt", "fr") for width in (320, 390)]
    for language, width in rounds(short, whole):
        page = new_page(width=width)
        sign_in(page, boss)
        speak(page, language)
        for url in staff_pages(booking):
            page.goto(url)
            wrong |= {f"{language}, {width} px, {url}, {style}": found for style, found in grown(page)}
    assert not wrong, report(wrong)


BAR = """() => {
  const bar = document.querySelector(".bar__in"), nav = bar.querySelector(".nav"), found = [];
  nav.querySelector(".count").textContent = "128";
  nav.querySelector("[href$='/payments/']").insertAdjacentHTML("beforeend", "<span class=count>12</span>");
  const hidden = nav.scrollWidth - nav.clientWidth, beyond = document.documentElement.scrollWidth - innerWidth;
  if (hidden > 0) found.push(`the links scroll by ${hidden} px`);
  if (beyond > 0) found.push(`the page scrolls by ${beyond} px`);
  const items = [...bar.querySelectorAll(".logo, .nav, .find, summary, .me__name, form.me .btn")];
  const boxes = items.map((el) => el.getBoundingClientRect()).filter((box) => box.height);
  const middles = boxes.map((box) => (box.top + box.bottom) / 2);
  if (items.length !== boxes.length || items.length < 6) found.push(`only ${boxes.length} items`);
  if (Math.max(...middles) - Math.min(...middles) > 8) found.push("it takes two lines");
  return found;
}"""


def test_the_bar_of_staff_pages_is_one_line_in_every_language(new_page, rounds):
    """With every link of a manager and long counts, on a small laptop and where one line begins."""
    busy_fleet()
    page, wrong = new_page(width=1280), {}
    sign_in(page, make_manager())
    pages = {"inbox": ["es", "fr", "pt"]} | {name: ["fr"] for name in ("calendar", "today", "figures")}
    everywhere = {name: [code for code, _language in settings.LANGUAGES] for name in pages}
    seen = [(1280, *one) for one in rounds(pages, everywhere).items()]
    for width, name, languages in [*seen, (1200, "inbox", ["pt"])]:
        page.set_viewport_size({"width": width, "height": 900})
        for language in languages:
            speak(page, language)
            page.goto(f"/staff/{name}/")
            if found := page.evaluate(BAR):
                wrong[f"{language}, {width} px, {name}"] = found
    assert not wrong, report(wrong)


def speak(page, language):
    """Let the pages be of this language from now on."""
    url = page.url.partition("/staff/")[0]
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": url}])


def grown(page):
    """What does not fit with letters of twice the size, or with the spacing of WCAG 1.4.12."""
    for style, css in (("large", LARGE), ("spaced", SPACED)):
        if found := misfits(page, css):
            yield style, found


DISABLED = {"aria-disabled": "true"}
DAYS = {
    "free": {},
    "today": {"aria-current": "date"},
    "past": DISABLED | {"data-k": "past"},
    "booked": DISABLED | {"data-k": "booked"},
    "first chosen": {"data-s": "start"},
    "between": {"data-s": "mid"},
    "last chosen": {"data-s": "end"},
    "chosen today": {"data-s": "one", "aria-current": "date"},
    "chosen": {"data-s": "one"},
    "would be chosen": {"data-p": "end"},
}
TAGS = ["pending", "upcoming", "active", "completed", "cancelled"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states_are_told_apart_where_the_reader_chose_the_colours(new_page, car, scheme):  # noqa: F811
    page = new_page(width=390, forced_colors="active", color_scheme=scheme)
    page.goto(pages_of(car)["car"])
    assert alike(page, "button", {name: {"class": "day"} | more for name, more in DAYS.items()}) == []
    assert alike(page, "span", {name: {"class": f"tag tag--{name}"} for name in TAGS}) == []
    keys = {"free": "key", "booked": "key key--booked", "yours": "key key--yours"}
    assert alike(page, "li", {name: {"class": value} for name, value in keys.items()}) == []
