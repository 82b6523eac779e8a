"""Running the same moment in many threads, each with its own connection to the real PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from bookings.models import CarAvailability
from exodrive.rls import as_owner

# For controls: the ledger without its promise about days. What spans point to goes and comes back with it.
DROP_DAY_PROMISE = """
ALTER TABLE vehicle_assignments DROP CONSTRAINT span_on_a_service_day;
ALTER TABLE car_availability DROP CONSTRAINT one_claim_per_car_day, DROP CONSTRAINT a_day_and_its_use
"""
ADD_DAY_PROMISE = """
ALTER TABLE car_availability ADD CONSTRAINT one_claim_per_car_day UNIQUE (car_id, date),
  ADD CONSTRAINT a_day_and_its_use UNIQUE (car_id, date, status);
ALTER TABLE vehicle_assignments ADD CONSTRAINT span_on_a_service_day FOREIGN KEY (car_id, date, day_status)
  REFERENCES car_availability (car_id, date, status) DEFERRABLE INITIALLY DEFERRED
"""


def all_at_once(runners: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start every runner at the same moment; what each returned, or the exception it raised, in order."""
    gate = threading.Barrier(len(runners))
    results: list[Any] = [None] * len(runners)

    def run(n: int) -> None:
        try:
            gate.wait(30)
            results[n] = runners[n]()
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a racer hangs"
    return results


def tally(results: Sequence[Any]) -> Counter[str]:
    """How many won (a result) and how many lost for which reason (a refusal's code; what else went wrong, in full)."""
    return Counter(
        getattr(r, "code", None) or repr(r) if isinstance(r, Exception) else "won" for r in results
    )


def double_days() -> int:
    """Car-days that more than one claimant has."""
    with as_owner():
        rows = CarAvailability.objects.values_list("car_id", "date")
        return sum(1 for n in Counter(rows).values() if n > 1)
