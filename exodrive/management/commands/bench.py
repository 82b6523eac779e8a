"""`manage.py bench` (`make bench`): how fast bookings are, beside what the database could do. Never fails on a figure.

It starts a server of its own in `var/bench`, works in a scratch database there and drops it at the end. How to read
the figures: docs/benchmarks.md.
"""

import os
from statistics import median
from subprocess import CalledProcessError
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from exodrive.dev.bench import (
    ROUND,
    SLOTS_PER_CAR,
    Fleet,
    ceiling,
    desk,
    desk_search,
    direct,
    over_http,
    scratch,
    sections,
)
from exodrive.dev.bench.figures import Figures
from exodrive.dev.bench.report import Report, verdict
from exodrive.dev.bench.spent import Both
from exodrive.dev.embedded.process import StackError
from exodrive.rls import PUBLIC, acting_as

SHARE_LIMIT = 0.15  # of the ceiling; a booking's SQL is cheap beside the Python that decides on it
CLIENTS = 16
QUICK = {"cars": 280, "rounds": 1, "seconds": 0.8, "requests": 480}


class Command(BaseCommand):
    """Bounded in count and time: about eight minutes with the defaults."""

    help = "Print how many bookings per second this machine makes, and how long requests take."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The budget; `worker` and what goes with it are for our own children."""
        parser.add_argument("--cars", type=int, default=400)
        parser.add_argument(
            "--rounds", type=int, default=3, help="the median of so many is printed (default 3)"
        )
        parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement (default 3)")
        parser.add_argument(
            "--requests", type=int, default=2000, help="to each address at most (default 2000)"
        )
        parser.add_argument("--pages", action="store_true", help="measure the staff pages alone")
        parser.add_argument("--quick", action="store_true", help="half a minute, for a change at hand")
        parser.add_argument("--replica", action="store_true", help="for internal use")
        for name in ("worker", "workers", "measurement"):
            parser.add_argument(f"--{name}", type=int, help="for internal use")

    def handle(self, *args: Any, **options: Any) -> None:
        """Once outside, to make the database; then again inside it. Nothing is ever measured in another database."""
        if options["quick"]:
            options |= QUICK
        if settings.DATABASES["default"]["NAME"] != scratch.NAME:
            self._make_database(options)
        elif options["replica"]:
            sections.with_replica(Report(self.stdout), options["seconds"])
        elif options["worker"] is None:
            self._measure(options)
        else:
            work = {name: options[name] for name in ("worker", "workers", "seconds")}
            direct.work(options["measurement"], **work)

    def _make_database(self, options: dict[str, Any]) -> None:
        budget = [f"--{name}={options[name]}" for name in ("cars", "rounds", "seconds", "requests")]
        budget += [f"--{name}" for name in ("pages", "quick") if options[name]]
        try:
            with scratch.scratch() as environment:
                scratch.manage("bench", *budget, environment=environment)
            if not options["quick"] and not options["pages"]:
                with scratch.scratch_with_replica() as environment:
                    scratch.manage("bench", "--replica", *budget, environment=environment)
                sections.starting(Report(self.stdout))
        except (StackError, psycopg.Error) as error:
            raise CommandError(str(error).strip()) from None
        except CalledProcessError:
            raise CommandError("The benchmark could not run; its own message stands above.") from None

    def _measure(self, options: dict[str, Any]) -> None:
        Fleet.make(options["cars"])
        fleet = Fleet.load()
        needed = 1 + 2 * options["rounds"] + 2
        if fleet.measurements < needed:
            raise CommandError(
                f"Too few cars: {needed} measurements need {needed * ROUND // SLOTS_PER_CAR + 1}."
            )
        self.stdout.write(
            f"{os.cpu_count()} processors, PostgreSQL {_version()}, {options['cars']} cars,"
            f" median of {options['rounds']} rounds of {options['seconds']:g} s,"
            f" load {os.getloadavg()[0]:.1f} before\n"
        )
        figures = Figures(settings.VAR_DIR / "bench" / "figures", quick=options["quick"])
        self.report = Report(self.stdout, figures)
        if not options["pages"]:
            self._transactions(options["rounds"], options["seconds"])
            self._requests(fleet, needed - 2, options["requests"], 5 * options["seconds"])
        if not options["quick"]:
            if not options["pages"]:
                sections.large_fleets(self.report, options["seconds"])
            self._desk_searches(options["seconds"])
            self._pages(options["seconds"])
        self._compare()

    def _compare(self) -> None:
        """What the last run of the same kind measured here, and the ratio: read that, not the figures."""
        rows = list(self.report.figures.against_the_last())
        if rows:
            self.report.table("\nAgainst the last run here", "before", "now", "now / before")
        for name, before, now, ratio in rows:
            self.report.table(name, f"{before:.1f}", f"{now:.1f}", f"{ratio:.2f}")
        self.report.figures.keep()

    def _transactions(self, rounds: int, seconds: float) -> None:
        script, pipelined = ceiling.write_scripts(0)
        made: dict[int, list[direct.Rate]] = {1: [], 2: []}
        possible: dict[int, list[float]] = {1: [], 2: []}
        for number in range(rounds):  # taking turns: what else the machine does hits both alike
            for processes in (1, 2):
                made[processes].append(
                    direct.measure(2 * number + processes, workers=processes, seconds=seconds)
                )
                possible[processes].append(
                    ceiling.transactions_per_second(script, clients=processes, seconds=seconds)
                )
        most = ceiling.transactions_per_second(pipelined, clients=CLIENTS, seconds=seconds, prepared=True)
        one, two = (median(rate.per_second for rate in made[n]) for n in (1, 2))
        ceilings = [median(possible[n]) for n in (1, 2)]
        shares = [one / ceilings[0], two / ceilings[1]]
        self.report.table("Bookings per second", "1 process", "2 processes")
        self.report.table("create_booking", f"{one:.0f}", f"{two:.0f}")
        busy = [median(rate.busy_ms for rate in made[n]) for n in (1, 2)]
        self.report.table("processor time of one in Python", *(f"{figure:.1f} ms" for figure in busy))
        self.report.table("pgbench, the same statements", *(f"{figure:.0f}" for figure in ceilings))
        for n, rate, spent, share in zip((1, 2), (one, two), busy, shares, strict=True):
            self.report.figures.add(f"create_booking per second, {n} processes", rate)
            self.report.figures.add(f"processor ms of one in Python, {n} processes", spent)
            self.report.figures.add(f"% of pgbench, {n} processes", 100 * share)
        fine = verdict(min(shares) >= SHARE_LIMIT)
        self.report.table(
            "share of that ceiling",
            *(f"{share:.0%}" for share in shares),
            note=f"at least {SHARE_LIMIT:.0%} expected: {fine}",
        )
        self.report.table(f"pgbench, pipelined and prepared, {CLIENTS} clients", "", f"{most:.0f}")
        self.report.table("share of what the server can do", "", f"{two / most:.0%}\n")

    def _requests(self, fleet: Fleet, measurement: int, requests: int, seconds: float) -> None:
        self.report.table(f"Through gunicorn, {CLIENTS} clients at once", "p50", "p95", "p99", "per second")
        asked = [
            ("GET /api/availability", over_http.get_availability, 200),
            ("POST /api/bookings", over_http.post_booking, 201),
        ]
        with over_http.server():
            for number, (name, ask, expected) in enumerate(asked):
                answers = over_http.ask_at_once(
                    fleet,
                    measurement + number,
                    ask,
                    expected=expected,
                    clients=CLIENTS,
                    requests=requests,
                    seconds=seconds,
                )
                self.report.answers(name, answers, expected)

    def _desk_searches(self, seconds: float) -> None:
        desk_search.make_many_bookings(os.environ["DATABASE_OWNER_URL"])
        title = f"\nInbox, searched, of {desk_search.BOOKINGS:,} bookings"
        self.report.table(title, "p10", "p50", "p95")
        for typed, found, answers, limit in desk_search.searches(seconds):
            figures = [answers.percentile(share) for share in (0.1, 0.5, 0.95)]
            fine = verdict(figures[0] < limit)  # when nothing else wanted the processors
            self.report.table(
                f"“{typed}”, {found} on the page",
                *(f"{figure:.0f} ms" for figure in figures),
                note=f"p10 < {limit} ms expected: {fine}",
            )

    def _pages(self, seconds: float) -> None:
        owner_url = os.environ["DATABASE_OWNER_URL"]
        model, client = desk.make_fleet(owner_url), desk.sign_in()
        pages, cost = desk.pages(model), Both()
        for first, last in ((0, desk.FEW - 1), (desk.FEW, desk.MANY - 1)):
            desk.grow(owner_url, model, first=first, last=last)
            for page in pages:
                desk.ask(client, page, bookings=last + 1, seconds=seconds, cost=cost)
        self.report.table(
            f"\nStaff pages, processors, {desk.CARS} cars",
            *(f"{desk.FEW:,}", f"{desk.MANY:,} bookings", "ratio", "size"),
        )
        for page in pages:
            times = [f"{page.busy(n):.0f} ms" for n in (desk.FEW, desk.MANY)]
            self.report.figures.add(f"{page.name}, {desk.MANY:,} / {desk.FEW:,} bookings", page.ratio)
            size = f"{page.size[desk.MANY] / 1024:.0f} KB"
            self.report.table(page.name, *times, f"{page.ratio:.2f}", size, note=desk.verdict(page))


def _version() -> str:
    with acting_as(PUBLIC), connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split()[0]
