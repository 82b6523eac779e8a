"""Every address of the site, with every method, as everybody: each answer stands in the table of `crawl.py`.

Requests about things are about B's: a booking, a hold, mails, days. `A` is another customer with links of their own, who
knows B's ids but not B's secrets. What anonymous and A are answered never has anything of B's in it.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from bookings.lifecycle.request import Person
from bookings.models import DataRequest, DoNotRent, ProviderEvent, TourDeparture
from bookings.payments.manual import record_payment
from bookings.payments.refunds import ask_refund
from bookings.tests.support.factories import (
    CarFactory,
    CarImageFactory,
    in_days,
    make_block,
    make_booking,
    make_desk,
    make_hold,
    make_manager,
    make_user,
)
from bookings.tokens import hash_of, new_nonce, token_of
from cars.models import ClosedDay, Discount, Extra, Fee, Season
from cars.tests.support.rides import make_class, make_service
from exodrive.models import ApiToken, JobRun
from exodrive.money import Money
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support import crawl
from exodrive.tests.support.made_once import MadeOnce
from inbox.models import InboxEmail, SavedFilter

pytestmark = pytest.mark.django_db
B = Person("Béatrice Quentin", "beatrice.quentin@example.com")
B_PHONE = "+33 6 98 76 54 32"
WISH = "Please leave the key at the bakery"
API_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PAGE_METHODS = ("GET", "POST")


def routes() -> dict[str, URLPattern]:
    """Every address of the URLconf, in the first language, as Django writes it."""
    return dict(_walk("", get_resolver().url_patterns))


def _walk(prefix: str, patterns: Any) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from _walk(route, pattern.url_patterns)


class World:
    """B's things, A's links, and a client for each caller."""

    def __init__(self) -> None:
        self.car = CarImageFactory(car=CarFactory(slug="calder")).car
        self.service = make_service(kind="hourly", slug="calder")
        self.a, self.a_hold = make_booking(start=in_days(30)), make_hold(car=CarFactory())
        self.b = make_booking(car=self.car, who=B, start=in_days(10), phone=B_PHONE, special_requests=WISH)
        self.b_hold = make_hold(car=CarFactory())
        self.block = make_block(car=CarFactory(), start=in_days(20), length=3)
        self.users = {
            "desk": make_desk(email="desk@exodrive.test"),
            "manager": make_manager(email="manager@exodrive.test"),
            "superuser": make_user(email="root@exodrive.test", is_staff=True, is_superuser=True),
        }
        self.clients = {who: Client(raise_request_exception=False) for who in crawl.CALLERS}
        for who, user in self.users.items():
            self.clients[who].force_login(user)
        with acting_as(STAFF):
            self.payment = record_payment(
                booking=self.b, amount=Money(Decimal(100), "EUR"), means="cash", at=timezone.now()
            )
            self.refund = ask_refund(
                payment_id=self.payment.pk, amount=Money(Decimal(1), "EUR"), reason="Sorry"
            )
        with as_owner():
            nonce = new_nonce()
            self.b_request = token_of(nonce)
            asked = {"asked_at": timezone.now(), "expires_at": timezone.now() + timedelta(days=1)}
            DataRequest.objects.create(
                booking=self.b,
                mailbox=self.b.mailbox,
                kind="copy",
                nonce=nonce,
                token_hash=hash_of(self.b_request),
                **asked,
            )
            Season.objects.create(name="S", start_date=in_days(1), end_date=in_days(9), percent=120)
            Discount.objects.create(name="D", percent=10)
            Fee.objects.create(name="F", kind="cleaning", amount=10)
            Extra.objects.create(name="Seat", price=5)
            make_class()
            tour = make_service().tour
            starts_at = timezone.now() + timedelta(days=9)
            TourDeparture.objects.create(
                tour=tour,
                car=self.car,
                capacity=1,
                language="en",
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
            )
            ClosedDay.objects.create(date=in_days(99))
            JobRun.objects.create(name="j", started_at=timezone.now())
            ApiToken.issue(user=self.users["manager"], name="t")
            self.mark = DoNotRent.objects.create(mailbox_hash="m", reason="R")
            self.event = ProviderEvent.objects.create(provider="sandbox", event_id="e", type="t", body=b"{}")
            self.list = SavedFilter.objects.create(user=self.users["desk"], name="Mine", asked={"tab": "all"})
            self.mail = InboxEmail.objects.filter(booking=self.b, template="booking_received").get()

    @property
    def of_b(self) -> list[str]:
        """Texts that would give B away."""
        return [
            B.full_name,
            B.email,
            B_PHONE,
            WISH,
            self.b.reference,
            self.b.secret,
            self.b_hold.token,
            self.b_request,
        ]

    def path(self, route: str, who: str) -> str:
        """The route with B's things in it; secrets only for B."""
        guess = self.b.pk.hex[:22]
        others = {"en/book/": self.b_hold.token, "en/data/": self.b_request}
        secret = others.get(route.partition("<")[0], self.b.secret)
        model = crawl.MODEL.match(route)
        values = {
            "token": secret if who == "B" else guess,
            "proof": "A" * 22,
            "slug": self.car.slug,
            "code": "utilisation",
            "pk": self.key(route),
            "booking_id": self.b.pk,
            "hold_id": self.b_hold.pk,
            "block_id": self.block.pk,
            "service_id": self.service.pk,
            "payment_id": self.payment.pk,
            "order_id": self.payment.pk,
            "mark_id": self.mark.pk,
            "object_id": crawl.some_object(*model.groups()) if model else 1,
            "content_type_id": 1,
            "id": self.users["desk"].pk,
            "path": "none.jpg",
            "rest": "nowhere",
            "name": "0" * 20,
            "app_label": "cars",
            "url": "nowhere/",
        }
        filled = re.sub(
            r"<(?:\w+:)?(\w+)>",
            lambda found: str(values[found[1]]),
            re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route),
        )
        return "/" + re.sub(r"[\^$]|\\Z", "", filled).replace("(?P", "")

    def key(self, route: str) -> Any:
        """Of the thing that a staff page is about: a booking, unless its address says otherwise."""
        things = {
            "blocks": self.block,
            "inbox": self.list,
            "cars": self.car,
            "mails": self.mail,
            "maintenance": self.car,
            "payments": self.payment,
            "refunds": self.refund,
            "reports": self.event,
        }
        return things.get(route.removeprefix("staff/").partition("/")[0], self.b).pk

    def headers(self, route: str, who: str) -> dict[str, str]:
        """The link of a customer on the API."""
        if who not in "AB" or not route.startswith("api/"):
            return {}
        mine, held = {"A": (self.a, self.a_hold), "B": (self.b, self.b_hold)}[who]
        return {"Authorization": f"Bearer {held.token if 'holds' in route else mine.secret}"}


@pytest.fixture(scope="module")
def made(made_once: MadeOnce[World]) -> World:
    return made_once(World)


@pytest.fixture
def world(made: World, monkeypatch: pytest.MonkeyPatch) -> World:
    # The test client copies every context of every template; nobody looks at them here.
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *args, **kwargs: None)
    return made


def ask(world: World, method: str, route: str, who: str) -> Any:
    """The answer, and everything it wrote taken back."""
    client, body = world.clients[who], crawl.BODIES.get(f"{method} {route}", {})
    cookies = copy(client.cookies)
    sent = (
        {"data": json.dumps(body), "content_type": "application/json"}
        if route.startswith("api/")
        else {"data": body}
    )
    send = getattr(client, method.lower())
    block = transaction.atomic()
    block._from_testcase = True  # verbs may begin a durable transaction in it
    with block:
        response = send(
            world.path(route, who), **({} if method == "GET" else sent), headers=world.headers(route, who)
        )
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


@contextmanager
def not_rendered(unless: bool) -> Iterator[None]:
    """The admin decides before it renders: a page that one caller has seen whole need not be made again."""
    with nullcontext() if unless else patch.object(SimpleTemplateResponse, "rendered_content", ""):
        yield


def ask_admin(world: World, method: str, route: str, whole: bool) -> list[int]:
    """Statuses; each page is made for the first who may see it, with `whole` for everybody."""
    statuses: list[int] = []
    for who in crawl.ADMIN:
        with not_rendered(unless=whole or 200 not in statuses):
            statuses.append(ask(world, method, route, who).status_code)
    return statuses


def unlisted(method: str, route: str, statuses: list[int], callers: tuple[str, ...]) -> list[str]:
    """What to do about an answer that is not in the table."""
    expected = crawl.expected(method, route, callers)
    if statuses == expected or (len(statuses) < len(callers) and set(statuses) == {crawl.NOT_ALLOWED}):
        return []
    line = f"{method} {route} {' '.join(map(str, statuses))}"
    return [f"in exodrive/tests/support/crawl.py, expected {expected}; the line would be:\n    {line}"]


def problems(world: World, route: str, methods: tuple[str, ...], callers: tuple[str, ...]) -> list[str]:
    """One line for each answer that is not in the table, ready to be put there, and for each leak."""
    found = []
    for method in methods:
        # What nobody may do is refused before it matters who asks: two of them are enough.
        asked = callers if f"{method} {route}" in crawl.TABLE else (callers[0], callers[-1])
        answers = {who: ask(world, method, route, who) for who in asked}
        if {answer.status_code for answer in answers.values()} != {crawl.NOT_ALLOWED}:
            asked = callers
            answers |= {who: ask(world, method, route, who) for who in callers if who not in answers}
        found += unlisted(method, route, [answers[who].status_code for who in asked], callers)
        for who in {"anonymous", "A"} & set(asked):
            said = answers[who].getvalue().decode(errors="replace") + str(answers[who].headers)
            found += [f"{method} {route} tells {who} {text}" for text in world.of_b if text in said]
    return found


def test_every_public_address_answers_as_the_table_says(world: World) -> None:
    found = []
    for route in routes():
        if not route.startswith(("staff/", "admin/", "api/")):
            found += problems(world, route, PAGE_METHODS, crawl.PUBLIC)
    assert not found, "\n".join(found)


def test_every_address_of_the_api_answers_as_the_table_says(world: World) -> None:
    found = []
    for route in routes():
        if route.startswith("api/"):
            found += problems(world, route, API_METHODS, crawl.PUBLIC)
    assert not found, "\n".join(found)


def test_every_staff_page_answers_as_the_table_says(world: World) -> None:
    found = []
    for route in routes():
        if route.startswith("staff/"):
            found += problems(world, route, PAGE_METHODS, crawl.STAFF)
    assert not found, "\n".join(found)


def test_every_admin_page_answers_as_the_table_says(world: World, soak: bool) -> None:
    found = []
    for route in routes():
        if route.startswith("admin/"):
            for method in crawl.admin_methods(route, everything=soak):
                statuses = ask_admin(world, method, route, whole=soak)
                found += unlisted(method, route, statuses, crawl.ADMIN)
    assert not found, "\n".join(found)


def test_the_table_names_no_address_that_is_gone() -> None:
    known = set(routes())
    assert [line for line in crawl.LINES if line.split()[1] not in known] == []
