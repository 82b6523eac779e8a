"""What the long benchmark measures beside bookings and staff pages: large fleets, a replica, starting."""

import os
from subprocess import CalledProcessError

from django.conf import settings

from exodrive.dev.bench import growth, over_http, replica, search, starts
from exodrive.dev.bench.report import Report, verdict


def large_fleets(report: Report, seconds: float) -> None:
    """The search at 1,000 and at 100,000 cars."""
    title = f"\nFree cars, processors, of {growth.FEW:,} and {growth.MANY:,}"
    report.table(title, f"{growth.FEW:,}", f"{growth.MANY:,} cars", "ratio")
    for row in growth.rows(os.environ["DATABASE_OWNER_URL"], seconds):
        report.figures.add(f"{row.name}, {growth.MANY:,} / {growth.FEW:,} cars", row.ratio)
        fine = f"at most {growth.RATIO_LIMIT} expected: {verdict(row.ratio <= growth.RATIO_LIMIT)}"
        report.table(row.name, f"{row.few:.1f} ms", f"{row.many:.1f} ms", f"{row.ratio:.2f}", note=fine)
    with over_http.server():
        for length in growth.LENGTHS:
            answers = search.over_http(length, seconds=seconds)
            report.answers(f"GET /api/cars of {growth.MANY:,}, {length} days", answers)


def with_replica(report: Report, seconds: float) -> None:
    """Beside a standby on the same machine."""
    report.table("\nWith a replica", "the primary", "the replica", "lag")
    shown = replica.measure(seconds)
    most = 1000 * settings.DATABASE_REPLICA_MAX_LAG
    fine = f"lag < {most:.0f} ms expected: {verdict(shown.lag < most)}"
    report.table("the catalogue, shown by", *(f"{figure:.1f} ms" for figure in shown), note=fine)


def starting(report: Report) -> None:
    """`make run` in a clone. Where that is not possible it is said, and nothing fails."""
    report.table("\nStarting, by the clock", "first page")
    try:
        for name, seconds, limit in starts.starts():
            fine = f"at most {limit} s expected: {verdict(seconds <= limit)}"
            report.table(name, f"{seconds:.1f} s", note=fine)
    except (starts.NotStarted, CalledProcessError) as error:
        report.table("not measured", note=(str(error).splitlines() or ["?"])[-1])
