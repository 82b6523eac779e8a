"""Everything in the order to mend it: what others stand on comes first."""

from exodrive.doctor import address, database, running, variables
from exodrive.doctor.findings import Finding, Look, State

FIRST: tuple[Look, ...] = (variables.environment, database.reachable)
# These ask the database and its tables: they wait until it answers, and for its migrations.
OF_THE_DATABASE: tuple[Look, ...] = (database.owner, database.login, database.clock, database.migrations)
OF_THE_TABLES: tuple[Look, ...] = (running.people, running.processes, running.offer)
BESIDES: tuple[Look, ...] = (running.redis, running.files)
LAST: tuple[Look, ...] = (address.public, variables.mails, variables.advice, running.disk)


def examine() -> list[Finding]:
    """What is missing first, then what to look at, then what is well; each in the order to mend it."""
    found = _all(FIRST)
    answers = _is_well(found, "database")
    found += _all(OF_THE_DATABASE) if answers else [_waits("login, clock, migrations", "the database")]
    found += _all(BESIDES)
    migrated = answers and _is_well(found, "migrations")
    found += (
        _all(OF_THE_TABLES) if migrated else [_waits("people, processes, backup, offer", "the migrations")]
    )
    found += _all(LAST)
    worst_first = (State.MISSING, State.WARNING, State.UNKNOWN, State.OK)
    return sorted(found, key=lambda one: worst_first.index(one.state))


def _all(looks: tuple[Look, ...]) -> list[Finding]:
    return [finding for look in looks for finding in look()]


def _is_well(found: list[Finding], part: str) -> bool:
    return any(one.part == part and one.state is State.OK for one in found)


def _waits(parts: str, first: str) -> Finding:
    return Finding(parts, State.UNKNOWN, f"Not looked at yet: first {first}.")
