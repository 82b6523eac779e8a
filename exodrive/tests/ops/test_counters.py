"""What happens is counted beside the work: never in anybody's transaction, and not lost while the database is away."""

import threading

import pytest
from django.db import transaction
from django.test import Client

from bookings.availability.rules import Reason
from bookings.errors import DatesTaken, RulesRefused
from bookings.events import refusals_logged
from exodrive.db import bounded
from exodrive.models import EventCount
from exodrive.ops import counters
from exodrive.ops.counters import count, flush
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_yet():
    counters._counts.clear()
    yield
    counters._counts.clear()


def written():
    with as_owner():
        return sorted(EventCount.objects.values_list("name", "code", "count"))


def test_counts_come_together_and_are_written_in_one_go():
    for code in ("dates_taken", "dates_taken", "hold_expired"):
        count("booking_refused", code)
    assert written() == []
    assert (flush(), flush()) == (2, 0)
    assert written() == [("booking_refused", "dates_taken", 2), ("booking_refused", "hold_expired", 1)]


def test_a_refusal_is_counted_although_its_transaction_rolled_back():
    with acting_as(PUBLIC), pytest.raises(DatesTaken), refusals_logged(), transaction.atomic():
        raise DatesTaken
    flush()
    assert written() == [("booking_refused", "dates_taken", 1)]


def test_error_answers_are_counted_by_status(monkeypatch):
    from exodrive.errors import Unavailable
    from exodrive.http import middleware

    monkeypatch.setattr(middleware.RefusalMiddleware, "__call__", lambda self, request: refuse(request))

    def refuse(request):
        from exodrive.http.refusals import refuse as answer

        return answer(request, Unavailable())

    assert Client().get("/en/").status_code == 503
    flush()
    assert written() == [("http", "503", 1)]


def test_with_the_database_away_counts_wait(monkeypatch, caplog):
    count("http", "503")
    with monkeypatch.context() as away:
        away.setattr(bounded, "own_conninfo", lambda: "host=127.0.0.1 port=1 user=exo_app")
        assert flush() == 0
    assert "Counts were not written down: refused" in caplog.text
    count("http", "503")
    assert flush() == 1
    assert written() == [("http", "503", 2)]


def test_nothing_is_lost_between_threads():
    def work():
        for _ in range(500):
            count("http", "429")

    threads = [threading.Thread(target=work) for _ in range(4)] + [threading.Thread(target=flush)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flush()
    assert sum(number for _name, _code, number in written()) == 2000


def test_only_words_of_ours_are_counted():
    for code in ("", "it's", "x'); DROP TABLE bookings; --", "a" * 41, "Marta"):
        with pytest.raises(ValueError, match="http"):
            count("http", code)


def test_the_writer_starts_by_itself(monkeypatch):
    monkeypatch.setattr(counters, "_automatic", True)
    wrote, stopped = threading.Event(), threading.Event()
    monkeypatch.setattr(counters, "_stopped", stopped)
    monkeypatch.setattr(counters, "EVERY", 0.01)
    monkeypatch.setattr(counters, "flush", wrote.set)
    monkeypatch.setattr(counters.atexit, "register", lambda function: None)
    monkeypatch.setattr(counters, "_writer", None)
    count("http", "500")
    assert wrote.wait(5)
    stopped.set()
    counters._writer.join(5)
    assert not counters._writer.is_alive()


def test_each_rule_that_refused_is_counted_too():
    reasons = [Reason("min_days", "At least 2 days."), Reason("closed", "Closed on Sunday.")]
    with acting_as(PUBLIC), pytest.raises(RulesRefused), refusals_logged():
        raise RulesRefused(reasons=reasons)
    flush()
    assert written() == [
        ("booking_refused", "rules_refused", 1),
        ("rule_refused", "closed", 1),
        ("rule_refused", "min_days", 1),
    ]
