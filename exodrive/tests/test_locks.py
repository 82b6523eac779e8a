"""The lock of a car and its days in Redis: polite to a double click, in nobody's way when Redis is."""

import contextlib

import pytest

from exodrive.cache import client, locks
from exodrive.cache.locks import Held, car_lock, lock_key

DAYS = "2019-03-11/2019-03-14"
CAR = 987_654


def kept():
    return client.client().get(lock_key(CAR, DAYS))


def test_one_has_it_until_the_block_ends(fresh_redis):
    with car_lock(CAR, DAYS):
        with pytest.raises(Held), car_lock(CAR, DAYS):
            pass
        with car_lock(CAR, "other days"), car_lock(CAR + 1, DAYS):
            assert kept()
    assert kept() is None
    with car_lock(CAR, DAYS):
        assert 0 < client.client().ttl(lock_key(CAR, DAYS)) <= locks.LOCK_SECONDS


def test_a_lock_that_ran_out_is_left_to_who_has_it_now(fresh_redis):
    with car_lock(CAR, DAYS):
        client.client().set(lock_key(CAR, DAYS), "somebody", ex=10)
    assert kept() == b"somebody"
    assert client.breaker.is_open(), "Redis has answered: it is not away"
    client.client().delete(lock_key(CAR, DAYS))


@pytest.mark.parametrize("fault", ["away", "hanging"])
def test_without_redis_everybody_goes_on(fault, request):
    request.getfixturevalue(fault)
    with car_lock(CAR, DAYS), car_lock(CAR, DAYS):
        assert not client.breaker.is_open()


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_told_meanwhile_goes_out_with_the_release(fails, fresh_redis, round_trips):
    key = f"{lock_key(CAR, DAYS)}:told"
    with contextlib.suppress(ZeroDivisionError), car_lock(CAR, DAYS):
        client.tell(lambda redis: redis.set(key, "told", ex=10))
        assert round_trips == [["SET"]]
        assert 1 / (1 - fails)
    assert round_trips == [["SET"], ["SET", "EVAL"]]
    assert client.client().get(key) == b"told"
    assert kept() is None


def test_outside_of_a_lock_it_is_told_at_once(fresh_redis, round_trips):
    client.tell(lambda redis: redis.set("exodrive-test:told", "x", ex=10))
    assert round_trips == [["SET"]]
