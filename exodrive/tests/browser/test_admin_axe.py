"""Every kind of page of the admin under axe, narrow and wide, light and dark."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from bookings.models import Booking
from bookings.tests.support.factories import CarImageFactory, in_days, make_extra, make_user
from cars.models import Car, ClosedDay, Discount, Fee, Location, Season, Service
from cars.tests.support.rides import make_class, make_service
from exodrive.models import ApiToken, JobRun, User
from exodrive.rls import LOGIN, SERVICE, acting_as, as_owner
from exodrive.tests.browser.axe import audit, schemes
from exodrive.tests.browser.test_staff_axe import busy_fleet, with_money
from exodrive.tests.support.admin import pages
from inbox.models import InboxItem

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def something_of_everything(root: User) -> None:
    """A row of each model that has a page."""
    booking = busy_fleet()
    with_money()
    make_extra()
    CarImageFactory(car=booking.car)
    make_class()
    for kind in ("hourly", "transfer", "tour"):
        make_service(kind=kind)
    with as_owner():
        days = {"start_date": in_days(3), "end_date": in_days(9)}
        Season.objects.create(name="Summer", percent=120, **days)
        Discount.objects.create(name="Week", min_days=7, percent=10)
        Fee.objects.create(name="Cleaning", kind="cleaning", amount=30)
        ClosedDay.objects.create(name="New Year", date=in_days(30))
        ApiToken.issue(user=root, name="Till", scopes=["read"], days=30)
    with acting_as(SERVICE):
        JobRun.objects.create(name="drop_lapsed_holds", started_at=timezone.now(), ok=True)


# Of each way in which pages differ, one: in the short run these stand for the others.
TELLING = (Car, Location, Season, Service, Booking, InboxItem, User)


def paths(soak: bool, width: int) -> Iterator[str]:
    """Lists, forms to add and to change, histories and deletions, and what belongs to no model.

    Wide, the short run looks at the lists and the forms to change: the others are made of the same parts.
    """
    yield "/admin/"
    for model in [page.model for page in pages()] if soak else TELLING:
        at = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield at
        with as_owner():
            row = model._default_manager.first()
        if row is not None:
            yield f"{at}{row.pk}/change/"
    if width != 390 and not soak:
        return
    yield from ("/admin/cars/", "/admin/password_change/")
    for name in (
        "cars/car",
        "cars/location",
        "cars/season",
        "exodrive/user",
        "exodrive/apitoken",
        "bookings/tourdeparture",
    ):
        yield f"/admin/{name}/add/"
    with as_owner():
        car, season, user = Car.objects.first(), Season.objects.first(), User.objects.first()
    yield f"/admin/cars/car/{car.pk}/history/"
    yield f"/admin/cars/season/{season.pk}/delete/"
    yield f"/admin/exodrive/user/{user.pk}/password/"


def signed_in(page: Page, user: User, url: str) -> Page:
    """By cookie: the word typed as a password stands in an address of the admin, and no log may have what is typed."""
    client = Client()
    with acting_as(LOGIN):
        client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
    return page


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_in_the_admin(new_page, live_server, width, soak):
    root = make_user(is_staff=True, is_superuser=True)
    something_of_everything(root)
    # axe styles elements for a moment, which the policy refuses on these pages; that we do not: `test_staff_axe`.
    page = signed_in(new_page(width=width, bypass_csp=True), root, live_server.url)
    problems = {}
    for path in paths(soak, width):
        answer = page.goto(path)
        assert answer.status == 200, path
        for scheme in schemes(width, soak):
            if found := audit(page, scheme):
                problems[f"{path}, {scheme}"] = found
    assert problems == {}
