"""`manage.py drill` (`make drill`): break each part in turn while customers book and pay, then count what was lost."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exodrive.dev.bench import Fleet
from exodrive.dev.drill import desk, faults
from exodrive.dev.drill.customers import Customers
from exodrive.dev.drill.desk import Desk, Swaps, turns_on, wrong_swaps
from exodrive.dev.drill.money import UNFINISHED, Money, wrong_money
from exodrive.dev.drill.payer import Habit
from exodrive.dev.drill.provider import Provider, times_sent
from exodrive.dev.drill.site import Site
from exodrive.dev.drill.tally import DEAD, Tally
from exodrive.dev.drill.verdict import Found, violations
from exodrive.dev.embedded import prepare
from exodrive.dev.embedded.process import StackError
from exodrive.rls import as_owner

CLIENTS = 16
CARS = 40
LIMIT = 5.0  # seconds for an answer, whatever is broken
REST = 240.0  # seconds for the reconciler, which leaves alone for a minute what somebody may still be at
SETTLE = 120.0  # seconds for the last mail to go out
QUICKLY = {"MAIL_TIMEOUT": "2", "MAIL_RETRY_SECONDS": ",".join(["1"] * 30), "MAIL_CLAIM_SECONDS": "10"}
PAYING = {"PAYMENTS_SANDBOX": "1", "PAYMENT_METHODS": "sandbox,pick_up"}
UNSENT = "SELECT count(*) FROM inbox_emails WHERE status <> 'sent'"


class Command(BaseCommand):
    """Works in a folder of its own, on the loopback address, and takes about four minutes with the defaults."""

    help = "Break every part in turn under load; exit code 1 when a booking, a payment or a mail was lost or doubled."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The budget; `prepare` and `rent` are for our own children."""
        parser.add_argument("--seconds", type=float, default=6.0, help="that each fault lasts (default 6)")
        parser.add_argument("--clients", type=int, default=CLIENTS, help=f"at once (default {CLIENTS})")
        parser.add_argument("--prepare", type=int, help="for internal use")
        parser.add_argument("--rent", action="store_true", help="for internal use")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when something was lost or doubled, or when a fault did not happen."""
        if options["prepare"] is not None:
            _prepare(options["prepare"])
            return
        if options["rent"]:
            self.stdout.write(desk.prepare())
            return
        folder = settings.VAR_DIR / f"drill-{uuid4().hex[:8]}"
        try:
            with (
                Provider() as provider,
                Site(folder, cars=CARS, **QUICKLY, **PAYING, **provider.environment) as site,
            ):
                wrong = self._drill(site, provider, options["seconds"], options["clients"])
        except StackError as error:
            raise CommandError(f"{error} Logs: {folder / 'log'}") from None
        if wrong:
            raise CommandError("\n".join([*wrong, f"Violations: {len(wrong)}. Logs: {folder / 'log'}"]))
        self.stdout.write("Violations: 0")

    def _drill(self, site: Site, provider: Provider, seconds: float, clients: int) -> list[str]:
        rented = site.manage("drill", "--rent", check=True).stdout
        site.start("web", "worker", "beat")
        self.stdout.write(f"{clients} clients, {site.cars} cars, each fault {seconds:g} s\n")
        self._row("Fault", "2xx, 3xx", "409", "429", "503", "other", DEAD, "slowest")
        wrong: list[str] = []
        with Customers(site, clients) as tally, Desk(site, tally, rented) as swaps:
            for fault in faults.all_of(site, provider, seconds):
                fault.act(lambda pause: _let_run(site, pause))
                self._phase(fault.name, tally)
                if not fault.trace():
                    wrong.append(f"{fault.name}: it did not happen")
        self._phase("the last bookings", tally)
        return wrong + self._judge(site, provider, tally, swaps)

    def _judge(self, site: Site, provider: Provider, tally: Tally, swaps: Swaps) -> list[str]:
        """Everything that is wrong once all has come to rest."""
        wrong = [*self._rest(site), *self._settle(site)]
        found, money = Found.on(site, provider.sent), Money.on(site, provider.sent)
        wrong += [*violations(tally.kept, found), *wrong_money(tally, money)]
        wrong += [*wrong_swaps(swaps, turns_on(site)), *(f"{who} gave up" for who in tally.given_up)]
        self._say(found, money, provider, tally)
        self.stdout.write(
            f"The desk: {', '.join(f'{word} {n}' for word, n in sorted(swaps.answers.items()))}\n"
        )
        for proof in ("check_ledger", "check_money"):
            done = site.manage(proof)
            self.stdout.write(f"{proof}: {done.stdout.strip()}\n")
            if done.returncode:
                wrong.append(f"{proof}: {done.stdout}{done.stderr}")
        if not swaps.done:
            wrong.append("nobody swapped a car: this drill shows nothing about segments")
        return wrong + list(_shows_nothing(tally, money))

    def _say(self, found: Found, money: Money, provider: Provider, tally: Tally) -> None:
        ways, habits = Counter(promise.way for promise in tally.promises), sorted(tally.habits.items())
        taken = [payment for payment in money.payments if payment.captured]
        back = sum(payment.refunded > 0 for payment in taken)
        anew = len(found.mails) - times_sent(found.mails).total()
        self.stdout.write(
            f"\nPromised {len(tally.promises)} ({ways['page']} by page, {ways['api']} by API), booked"
            f" {len(found.bookings)}, mails {len(found.mails)} ({anew} said anew what had changed);"
            f" provider: {dict(provider.answers)}\n"
            f"Customers: {', '.join(f'{habit} {number}' for habit, number in habits)}\n"
            f"Read that they are booked {len(tally.booked)}, that it is cancelled {len(tally.cancelled)};"
            f" orders {len(money.orders)}, captured {len(taken)}, given back {back}\n"
        )

    def _rest(self, site: Site) -> list[str]:
        """Let the reconciler finish what faults left, by the command that does it by hand; what is left is wrong."""
        ends = time.monotonic() + REST
        while (left := site.rows(UNFINISHED)[0][0]) and time.monotonic() < ends:
            site.manage("reconcile_payments", check=True)
        return [f"{left} things about money were not finished within {REST:.0f} s"] if left else []

    def _settle(self, site: Site) -> list[str]:
        """Let the mails go out that waited, by the command that does it by hand; what is left is wrong."""
        ends = time.monotonic() + SETTLE
        while (left := site.rows(UNSENT)[0][0]) and time.monotonic() < ends:
            site.manage("send_mails", check=True)
        return [f"{left} mails were not sent within {SETTLE:.0f} s"] if left else []

    def _phase(self, name: str, tally: Tally) -> None:
        statuses, slowest = tally.cut()
        fine = sum(number for status, number in statuses.items() if status[0] in "23")
        shown = ["409", "429", "503", DEAD]
        other = statuses.total() - fine - sum(statuses[status] for status in shown)
        verdict = "" if slowest < LIMIT else f"   under {LIMIT:g} s expected: NO"
        columns = [fine, *(statuses[status] for status in shown[:3]), other, statuses[DEAD]]
        self._row(name, *map(str, columns), f"{slowest:.2f} s{verdict}")

    def _row(self, name: str, *columns: str) -> None:
        self.stdout.write(f"{name:28}" + "".join(f"{column:>11}" for column in columns))
        self.stdout.flush()


def _shows_nothing(tally: Tally, money: Money) -> Iterator[str]:
    """What nobody did was not drilled."""
    ways = {promise.way for promise in tally.promises}
    if ways != {"page", "api"}:
        yield "nobody booked: this drill shows nothing"
    for habit in Habit:
        if not tally.habits[habit]:
            yield f"nobody {habit}: this drill shows nothing about it"
    if not any(payment.captured for payment in money.payments):
        yield "nobody paid: this drill shows nothing about money"


def _let_run(site: Site, seconds: float) -> None:
    """Wait, and see that nothing stops that nobody stopped. Raises StackError."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        site.processes.check()
        time.sleep(0.1)


def _prepare(cars: int) -> None:
    with as_owner():
        prepare.migrate()
        prepare.compile_messages()
        prepare.collect_static()
        Fleet.make(cars)
