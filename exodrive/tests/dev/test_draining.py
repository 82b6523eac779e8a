"""Processes that are told to stop finish what they have begun; one that is killed loses and doubles nothing."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from exodrive.dev.bench import FIRST_ID
from exodrive.dev.drill.moody import MOODS, MoodyRedis
from exodrive.dev.drill.provider import Provider
from exodrive.dev.drill.site import Answer, Site

pytestmark = pytest.mark.alone
# On a slow machine a request must not give up before the test lets it go on.
PATIENT = {"LOCK_TIMEOUT_MS": "30000", "STATEMENT_TIMEOUT_MS": "30000", "REQUEST_PATIENCE": "30"}


@pytest.fixture
def site(whole_site: Site) -> Iterator[Site]:
    yield whole_site
    whole_site.processes.stop()


def book(site: Site, who: str, days_ahead: int) -> Answer:
    day = (timezone.localdate() + timedelta(days=days_ahead)).isoformat()
    customer = {"fullName": "Marta Silva", "email": f"{who}@example.com"}
    body = {"carId": FIRST_ID, "startDate": day, "endDate": day, "customer": customer}
    return site.ask("POST", "/api/bookings", json.dumps(body), {"Content-Type": "application/json"})


def waiting_for_the_car(site: Site) -> int:
    return site.rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")[0][0]


def refuses(site: Site) -> bool:
    try:
        site.ask("GET", "/healthz", timeout=1)
    except OSError:
        return True
    return False


def test_requests_under_way_are_answered_when_the_web_process_is_told_to_stop(site: Site) -> None:
    """The worker does not run: what is mailed for these bookings waits for the next tests."""
    site.start("web", **PATIENT)
    with (
        ThreadPoolExecutor(4) as clients,
        closing(psycopg.connect(site.stack.urls["DATABASE_OWNER_URL"])) as lock,
    ):
        lock.execute("SELECT pg_advisory_xact_lock(7, %s::int)", [FIRST_ID])
        asked = [clients.submit(book, site, f"drained-{n}", 120 + n) for n in range(4)]
        site.wait(lambda: waiting_for_the_car(site) == 4, seconds=20, what="The requests did not wait")
        web = site.processes.take("web")
        web.send_signal(signal.SIGTERM)
        site.wait(lambda: refuses(site), seconds=5, what="It went on listening")
        assert waiting_for_the_car(site) == 4, "they are still under way"
        lock.rollback()
        answers = [future.result() for future in asked]
    assert [answer.status for answer in answers] == [201] * 4
    assert web.wait(20) == 0
    assert site.rows("SELECT count(*) FROM bookings WHERE email LIKE 'drained-%'") == [(4,)]


def sent_to(provider: Provider, who: str) -> int:
    return sum(mail.to == f"{who}@example.com" for mail in provider.sent)


def states(site: Site) -> dict[str, int]:
    return dict(site.rows("SELECT status, count(*) FROM inbox_emails GROUP BY 1"))


@pytest.mark.usefixtures("only_in_soak")
def test_a_mail_under_way_is_finished_when_the_worker_is_told_to_stop(site: Site, provider: Provider) -> None:
    known = provider.answers["known already"]
    provider.mood = "waits"
    provider.go_on.clear()
    site.start("web", "worker")
    assert book(site, "finished", 140).status == 201
    site.wait(lambda: provider.answers["made to wait"], seconds=30, what="No mail was handed over")
    worker = site.processes.take("worker")
    worker.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(1)  # it waits for its mail
    provider.mood = "fine"
    provider.go_on.set()
    assert worker.wait(30) == 0
    assert "sending" not in states(site), "nothing is left half done"

    site.manage("send_mails", check=True)
    assert set(states(site)) == {"sent"}
    assert sent_to(provider, "finished") == 1
    assert provider.answers["known already"] == known, "nothing was handed over twice"


@pytest.mark.usefixtures("only_in_soak")
def test_a_mail_under_way_is_sent_once_when_the_worker_is_killed(site: Site, provider: Provider) -> None:
    before, known = provider.answers["made to wait"], provider.answers["known already"]
    provider.mood = "waits"
    provider.go_on.clear()
    site.start("web", "worker")
    assert book(site, "killed", 160).status == 201
    site.wait(lambda: provider.answers["made to wait"] > before, seconds=30, what="No mail was handed over")
    site.processes.kill("worker")
    assert states(site)["sending"] >= 1
    provider.mood = "fine"
    provider.go_on.set()

    def all_sent() -> bool:
        site.manage("send_mails", check=True)
        return set(states(site)) == {"sent"}

    site.wait(all_sent, seconds=60, what="The mail of the dead worker was not taken over")
    assert sent_to(provider, "killed") == 1
    assert provider.answers["known already"] > known, "it was handed over again under the same key"


@pytest.mark.usefixtures("only_in_soak")
def test_worker_and_beat_outlive_a_redis_that_answers_errors(site: Site, provider: Provider) -> None:
    """And come back by themselves: the worker takes the next mail from the queue."""
    url, _, number = site.stack.urls["REDIS_URL"].rpartition("/")
    before, _, port = url.rpartition(":")
    provider.mood = "fine"
    with MoodyRedis(int(port)) as redis:
        site.start("web")
        site.start("worker", "beat", REDIS_URL=f"{before}:{redis.port}/{number}")
        for day, mood in enumerate(["", *MOODS], start=200):
            redis.mood = mood
            if mood:
                site.wait(lambda: redis.answers > 2, seconds=30, what=f"Nobody met the mood {mood}")
                time.sleep(3)
            site.processes.check()
            redis.mood = ""
            who = f"moody-{day}"
            assert book(site, who, day).status == 201
            site.wait(lambda who=who: sent_to(provider, who), seconds=40, what=f"No mail after {mood}")
        site.processes.check()
