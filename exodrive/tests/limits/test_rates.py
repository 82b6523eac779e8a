"""Counting in Redis, and what happens while Redis is away or does not answer."""

import threading

import pytest
from django.utils import translation

from exodrive.cache import client
from exodrive.limits import rates
from exodrive.limits.rates import READ, TooMany, hit, reset, retry_after
from exodrive.tests.support.limits import counted

ADA = "ada@example.com"


@pytest.fixture(autouse=True)
def rules(limits):
    limits(thing="3/minute;5/hour", **{READ: "2/minute"})


def tries(n, rule="thing", who=ADA):
    allowed = 0
    for _turn in range(n):
        try:
            hit(rule, who)
        except TooMany:
            continue
        allowed += 1
    return allowed


def test_a_rule_has_room_for_so_many_and_says_when_there_is_more():
    assert tries(3) == 3
    with pytest.raises(TooMany) as refusal:
        hit("thing", ADA)
    assert 55 <= refusal.value.retry_after <= 60
    assert str(refusal.value) == f"Too many tries. Try again in {refusal.value.retry_after} seconds."
    assert retry_after("thing", "somebody@example.com") == 0
    assert tries(1, who="somebody@example.com") == 1


def test_refused_tries_do_not_prolong_the_wait():
    assert tries(10) == 3
    assert retry_after("thing", ADA) <= 60


def test_what_is_forgiven_counts_anew():
    tries(3)
    reset("thing", ADA)
    assert tries(3) == 3


def test_no_rule_no_limit():
    assert tries(50, rule="unheard_of") == 50


def test_fifty_at_once_get_what_the_rule_has(limits):
    limits(thing="7/minute")
    found = []
    threads = [threading.Thread(target=lambda: found.append(tries(1))) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == 7


def test_redis_learns_neither_address_nor_email():
    tries(2)
    keys = [key.decode() for key in counted()]
    assert len(keys) == 2
    assert not [key for key in keys if "ada" in key or "example" in key]


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "dans 1 seconde"), (90, "dans 90 secondes"), (91, "dans 2 minutes")]
)
def test_the_wait_in_words(seconds, words):
    with translation.override("fr"):
        assert rates.in_words(seconds) == words


# --- Without Redis ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["away", "hanging"])
def test_reads_go_on_and_writes_have_a_small_limit_in_this_process(
    fault, request, limits, settings, monkeypatch
):
    request.getfixturevalue(fault)
    limits(thing="500/minute;9000/hour", **{READ: "2/minute"})
    settings.RATE_LIMIT_WITHOUT_REDIS = "4/minute"
    monkeypatch.setattr(client, "PAUSE_SECONDS", 600.0)  # longer than a slow machine needs for this
    waited, trip = [], client.breaker.trip

    def counted():
        waited.append(fault)
        trip()

    monkeypatch.setattr(client.breaker, "trip", counted)
    assert tries(50, rule=READ) == 50
    assert tries(50) == 4
    assert 1 <= retry_after("thing", ADA) <= 60
    assert waited == [fault]  # time-outs are paid once, then Redis is left alone for a while
    assert not client.breaker.is_open()


def test_a_rule_that_is_slower_than_the_small_limit_stays_so(away, limits):
    limits(thing="3/minute;5/hour")
    assert tries(50) == 3


def test_fifty_at_once_without_redis(away, limits, settings):
    limits(thing="500/minute")
    settings.RATE_LIMIT_WITHOUT_REDIS = "7/minute"
    found = []
    threads = [threading.Thread(target=lambda: found.append(tries(1))) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == 7


def test_addresses_counted_without_redis_do_not_fill_the_memory(away, monkeypatch):
    monkeypatch.setattr(rates, "MAX_KEPT", 20)
    for number in range(100):
        assert tries(1, who=f"2001:db8:0:{number}::/64") == 1
    kept = rates._own().storage
    assert len(kept.events) <= 40  # two limits each
    assert tries(9, who="2001:db8:0:99::/64") == 2  # the latest are still counted
