"""Make the departures of a tour for the next weeks."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_time

from bookings.availability.rides.wish import hours_from
from bookings.errors import Invalid
from bookings.lifecycle.departures.create import Plan
from bookings.lifecycle.departures.weekly import MOST_WEEKS, create_weekly
from cars.models import Car, Tour
from exodrive.rls import SERVICE, acting_as

WEEK = range(7)


class Command(BaseCommand):
    """Run again, as by a weekly timer, it makes those that are missing: the car of the others is taken, by themselves."""

    help = "Makes departures on the same weekdays of the next weeks, from tomorrow on, and names the days that are taken."

    def add_arguments(self, parser: CommandParser) -> None:
        """As in the admin, with several weekdays at once."""
        parser.add_argument("tour", help="the tour's name in addresses")
        parser.add_argument("car", help="the car's name in addresses")
        parser.add_argument("time", help="by the clock of the tour's place, like 09:30")
        parser.add_argument(
            "--weekdays", type=int, nargs="+", choices=WEEK, default=list(WEEK), help="0 is Monday"
        )
        parser.add_argument("--weeks", type=int, choices=range(1, MOST_WEEKS + 1), default=4, metavar="N")
        parser.add_argument("--language", help="the first of the tour's, unless it is said")
        parser.add_argument("--seats", type=int, help="as many as the tour usually has, unless it is said")
        parser.add_argument("--cutoff", type=int, default=60, help="minutes before the start")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many were made, and the days on which the car is taken. Raises CommandError for what cannot be."""
        with acting_as(SERVICE, actor="job"):
            tour = (
                Tour.objects.filter(service__slug=options["tour"]).select_related("service__location").first()
            )
            car = Car.objects.filter(slug=options["car"]).select_related("location", "car_class").first()
            if tour is None or car is None:
                raise CommandError(f"There is no such {'car' if tour else 'tour'}.")
            self._make(tour, car, options)

    def _make(self, tour: Tour, car: Car, options: dict[str, Any]) -> None:
        at, made, taken = timezone.now(), 0, []
        for weekday in options["weekdays"]:
            try:
                plan = _first(tour, car, weekday, options)
                done, refused = create_weekly(plan, options["weeks"], at=at)
            except (Invalid, ValueError) as refusal:
                raise CommandError(_said(refusal)) from refusal
            made += len(done)
            taken += [one.starts_at.astimezone(tour.service.location.zone).date() for one, _why in refused]
        self.stdout.write(f"Departures made: {made}")
        for day in sorted(taken):
            self.stdout.write(f"{day}: the car is taken")


def _first(tour: Tour, car: Car, weekday: int, options: dict[str, Any]) -> Plan:
    clock = parse_time(options["time"])
    if clock is None:
        raise ValueError("Type the time as hours:minutes, like 09:30.")
    tomorrow = tour.service.location.today(timezone.now()) + timedelta(days=1)
    day = tomorrow + timedelta(days=(weekday - tomorrow.weekday()) % 7)
    starts_at = hours_from(tour.service, day, clock, tour.duration_minutes).starts_at
    language = options["language"] or tour.languages[0]
    return Plan(tour, car, starts_at, language, options["seats"], options["cutoff"])


def _said(refusal: Exception) -> str:
    fields = getattr(refusal, "details", {}).get("fields", {})
    return " ".join(str(words) for sentences in fields.values() for words in sentences) or str(refusal)
