"""The breaker: open after five silences in a row, one call to try after half a minute."""

import threading

import pytest

from bookings.payments.circuit import FAILURES, PAUSE, Circuit
from bookings.payments.provider import Declined, OutcomeUnknown, RateLimited


class Clock:
    """Monotonic seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuit(clock) -> Circuit:
    return Circuit(clock=clock)


def fail(circuit: Circuit, times: int = FAILURES) -> None:
    for _ in range(times):
        with pytest.raises(OutcomeUnknown), circuit.call():
            raise OutcomeUnknown


def answer(circuit: Circuit) -> None:
    with circuit.call():
        pass


def test_it_opens_after_five_silences_in_a_row(circuit):
    fail(circuit, FAILURES - 1)
    answer(circuit)
    fail(circuit, FAILURES - 1)
    assert not circuit.is_open
    fail(circuit, 1)
    assert circuit.is_open
    with pytest.raises(RateLimited) as refusal, circuit.call():
        pytest.fail("the call was made")
    assert refusal.value.code == "circuit_open"


def test_a_refusal_is_an_answer(circuit):
    fail(circuit, FAILURES - 1)
    with pytest.raises(Declined), circuit.call():
        raise Declined
    fail(circuit, FAILURES - 1)
    assert not circuit.is_open


def test_after_the_pause_one_call_tries_and_closes_it(circuit, clock):
    fail(circuit)
    clock.now += PAUSE - 0.1
    with pytest.raises(RateLimited):
        answer(circuit)
    clock.now += 0.1
    with circuit.call(), pytest.raises(RateLimited):  # another one meanwhile
        answer(circuit)
    assert not circuit.is_open
    answer(circuit)


def test_a_try_that_fails_starts_the_pause_again(circuit, clock):
    fail(circuit)
    clock.now += PAUSE
    fail(circuit, 1)
    clock.now += PAUSE - 0.1
    with pytest.raises(RateLimited):
        answer(circuit)
    clock.now += 0.1
    answer(circuit)
    assert not circuit.is_open


def test_a_mistake_of_ours_proves_nothing_and_blocks_nothing(circuit, clock):
    fail(circuit)
    clock.now += PAUSE
    with pytest.raises(ZeroDivisionError), circuit.call():
        raise ZeroDivisionError
    assert circuit.is_open
    answer(circuit)
    assert not circuit.is_open


def test_of_many_threads_one_tries(circuit, clock):
    fail(circuit)
    clock.now += PAUSE
    start, leave, tried = threading.Barrier(9), threading.Event(), []

    def call() -> None:
        start.wait()
        try:
            with circuit.call():
                tried.append(True)
                leave.wait(10)
        except RateLimited:
            tried.append(False)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    start.wait()
    while len(tried) < 8:
        leave.wait(0.01)
    leave.set()
    for thread in threads:
        thread.join()
    assert sorted(tried) == [False] * 7 + [True]
