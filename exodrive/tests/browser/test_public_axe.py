"""The public pages under axe, narrow and wide, light and dark."""

import pytest

from bookings import privacy
from bookings.links.pins import set_pin
from bookings.models import DataRequest
from bookings.tests.support.factories import CarFactory, CarImageFactory, in_days, make_booking, make_hold
from cars.models import Extra, Fee
from exodrive.rls import PUBLIC, acting_as, as_owner
from exodrive.tests.browser.axe import audit, schemes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def car():
    car = CarFactory(make="Calder", model="GT coupé", slug="calder-gt")
    CarImageFactory(car=car)
    return car


def pages_of(car):
    booking, hold = make_booking(car=car, start=in_days(3), length=2), make_hold(car=car, start=in_days(20))
    change = make_booking(car=car, start=in_days(12), length=2)
    locked = make_booking(car=car, start=in_days(15), length=2)
    with acting_as(PUBLIC, token=locked.secret):
        privacy.ask("erasure")
        set_pin(booking=locked, pin="2468")
    with as_owner():
        asked = DataRequest.objects.get().mailed_token()
        Extra.objects.create(name="Child seat", price="5.00", per="day", stock=2)
        Fee.objects.create(name="Delivery", kind="delivery", amount="60.00")
        Fee.objects.create(name="Young driver", kind="young_driver", amount="10.00", below_age=25)
    return {
        "home": "/en/",
        "catalogue": f"/en/cars/?start={in_days(3)}&end={in_days(4)}",
        "car": f"/en/cars/calder-gt/?start={in_days(8)}&end={in_days(10)}",
        "details": f"/en/book/{hold.token}/",
        "booking page": f"/en/booking/{booking.secret}/",
        "car with an error": "/en/cars/calder-gt/?check=1",
        "cancellation": f"/en/booking/{booking.secret}/cancellation/",
        "car with other dates": f"/en/cars/calder-gt/?start={in_days(3)}&end={in_days(4)}",
        "change": f"/en/booking/{change.secret}/change/",
        "new PIN": f"/en/booking/{change.secret}/pin/",
        "PIN": f"/en/booking/{locked.secret}/",
        "erasure": f"/en/data/{asked}/",
        "new link": "/en/link/",
        "terms": "/en/terms/",
        "not found": "/en/nothing/",
    }


MAIN_PAGES = 5  # the short run looks at the others on a phone only


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(new_page, car, width, soak):
    CarFactory(make="Novara", model="4 estate")
    page = new_page(width=width)
    problems = {}
    pages = list(pages_of(car).items())
    for name, url in pages if soak or width == 390 else pages[:MAIN_PAGES]:
        page.goto(url)
        for scheme in schemes(width, soak):
            if found := audit(page, scheme):
                problems[f"{name}, {scheme}"] = found
    assert problems == {}


def test_nothing_sticks_out_of_a_narrow_screen(new_page, car):
    page = new_page(width=320, height=640)
    wide = {}
    for name, url in pages_of(car).items():
        page.goto(url)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[name] = width
    assert wide == {}
