"""A dependency that hangs: every answer comes in time, says what to do, and loses nothing that was typed.

Real processes, frozen by SIGSTOP: their connections stay open and nothing comes back, which no time-out of theirs notices.
"""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone

from exodrive.dev.bench import FIRST_ID
from exodrive.dev.drill.browser import Browser
from exodrive.dev.drill.site import Answer, Site

pytestmark = pytest.mark.alone

LIMIT = 5.0  # seconds, what we promise
SLACK = (
    5.0  # for a machine on which everything else is slow too; a request that waits for the server never ends
)


@pytest.fixture
def site(whole_site: Site) -> Iterator[Site]:
    whole_site.start("web")
    yield whole_site
    whole_site.processes.stop()


def booking(site: Site, car: int, key: str, **headers: str) -> Answer:
    day = timezone.localdate() + timedelta(days=40)
    body = {
        "carId": FIRST_ID + car,
        "startDate": day.isoformat(),
        "endDate": day.isoformat(),
        "customer": {"fullName": "Marta Silva", "email": f"{key}@example.com"},
    }
    sent = {"Content-Type": "application/json", "Idempotency-Key": key, **headers}
    return site.ask("POST", "/api/bookings", json.dumps(body), sent)


def all_in_time(answers: list[Answer], what: str) -> None:
    slowest = max(answer.seconds for answer in answers)
    print(f"\n{what}: slowest of {len(answers)} answers {slowest:.2f} s")
    assert slowest < LIMIT + SLACK, f"{what}: slowest answer {slowest:.2f} s"


def details_of(site: Site, ahead: int) -> tuple[Browser, str]:
    """A browser that holds a car, and the path of its form."""
    browser, day = Browser(site), timezone.localdate() + timedelta(days=ahead)
    car = "/en/cars/bench-1/"
    browser.get(f"{car}?start={day}&end={day}")
    held = browser.post(car, start=day, end=day)
    assert held.status == 303, held.body
    path = held.headers["location"]
    assert browser.get(path).status == 200
    return browser, path


def patient(site: Site, ask: Callable[[], Answer]) -> Answer:
    """The first answer that is not 503, as for somebody who tries again."""
    answers: list[Answer] = []

    def served() -> bool:
        answers.append(ask())
        return answers[-1].status != 503

    site.wait(served, seconds=30, what="The site did not come back")
    return answers[-1]


TYPED = {"full_name": "Marta Silva", "email": "typed@example.com", "special_requests": "Two seats"}


def test_postgresql_hangs(site: Site) -> None:
    browser, path = details_of(site, 80)
    asked: list[Callable[[], Answer]] = [
        lambda: booking(site, 0, "hang-0", **{"Accept-Language": "fr"}),
        lambda: browser.post(path, **TYPED),
        lambda: site.ask("GET", "/es/cars/"),
        lambda: site.ask("GET", "/api/cars"),
        lambda: site.ask("GET", "/staff/", headers={"Cookie": "sessionid=" + "x" * 32}),
    ]
    with site.frozen(site.stack.postgres.pid), ThreadPoolExecutor(25) as clients:
        first = [clients.submit(ask) for _ in range(5) for ask in asked]
        answers = [future.result() for future in first]
    all_in_time(answers, "PostgreSQL hangs")
    assert {answer.status for answer in answers} == {503}
    assert all(answer.headers["retry-after"] for answer in answers)
    api, form, page, *_ = answers
    assert json.loads(api.body)["error"]["code"] == "unavailable"
    assert "Réessayez" in json.loads(api.body)["error"]["message"]
    assert 'value="Two seats"' in form.body
    assert 'value="typed@example.com"' in form.body
    assert path in re.findall(r'<form method="post" action="([^"]+)"', form.body)
    assert "Inténtalo de nuevo" in page.body
    assert "database does not answer (timeout)" in site.log.read_text(), "it gave up by its own deadline"

    again = [patient(site, ask) for ask in asked[:2]]
    assert [answer.status for answer in again] == [201, 303], again
    assert site.rows(
        "SELECT email, count(*) FROM bookings WHERE email ~ '^(hang|typed)' GROUP BY 1 ORDER BY 1"
    ) == [
        ("hang-0@example.com", 1),
        ("typed@example.com", 1),
    ]


def test_valkey_hangs(site: Site) -> None:
    browser, path = details_of(site, 60)
    count = (
        "SELECT (SELECT count(*) FROM bookings), (SELECT count(*) FROM inbox_emails WHERE status = 'queued')"
    )
    ((bookings, mails),) = site.rows(count)
    with site.frozen(site.stack.valkey.pid), ThreadPoolExecutor(8) as clients:
        made = [clients.submit(browser.post, path, **TYPED), clients.submit(booking, site, 1, "valkey")]
        read = [
            clients.submit(site.ask, "GET", path) for path in ("/en/cars/", "/api/cars") for _ in range(3)
        ]
        answers = [future.result() for future in made + read]
    all_in_time(answers, "Valkey hangs")
    assert [answer.status for answer in answers] == [303, 201] + 6 * [200]
    assert site.rows(count) == [(bookings + 2, mails + 4)]
