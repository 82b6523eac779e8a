"""The lock of a car and its days in Redis: polite to a double click, in nobody's way when Redis is."""

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


def test_taking_and_releasing_are_one_question_each(fresh_redis, monkeypatch):
    with car_lock(CAR, DAYS):
        pass  # the first one teaches Redis the script
    asked, execute = [], client.client().execute_command

    def counted(*command, **options):
        asked.append(command[0])
        return execute(*command, **options)

    monkeypatch.setattr(client.client(), "execute_command", counted)
    with car_lock(CAR, DAYS):
        pass
    assert asked == ["SET", "EVALSHA"]
