"""A time of less than whole days: two instants, and the minutes that are kept free around them.

A day is local to a place, an instant is not: `parts` cuts at that place's midnights.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings.days import ONE_DAY, Days

MAX_GAP = 720  # minutes; the database keeps to it, too
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Part:
    """What of some hours lies on one local day."""

    date: date
    starts_at: datetime
    ends_at: datetime
    before_minutes: int
    after_minutes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """From `starts_at` until `ends_at`, which is not included; kept in UTC, where a difference is the time that passes.

    `before_minutes` and `after_minutes` are the gaps that nobody else's hours may touch: the way there, the way back,
    cleaning. Raises ValueError for naive instants, seconds, an end that is not later, and gaps beyond MAX_GAP.
    """

    starts_at: datetime
    ends_at: datetime
    before_minutes: int = 0
    after_minutes: int = 0

    def __post_init__(self) -> None:
        for name in ("starts_at", "ends_at"):
            instant: datetime = getattr(self, name)
            if instant.tzinfo is None or instant.second or instant.microsecond:
                raise ValueError(f"{name} is no instant of a whole minute")
            object.__setattr__(self, name, instant.astimezone(UTC))
        if self.ends_at <= self.starts_at:
            raise ValueError("end not after start")
        if not (0 <= self.before_minutes <= MAX_GAP and 0 <= self.after_minutes <= MAX_GAP):
            raise ValueError(f"a gap beyond {MAX_GAP} minutes")

    @property
    def length(self) -> timedelta:
        """How much time passes, whatever the clocks do meanwhile."""
        return self.ends_at - self.starts_at

    @property
    def kept(self) -> tuple[datetime, datetime]:
        """From when until when nobody else can have the car, gaps included."""
        return (
            self.starts_at - timedelta(minutes=self.before_minutes),
            self.ends_at + timedelta(minutes=self.after_minutes),
        )

    def days(self, zone: ZoneInfo) -> Days:
        """The local days that they touch; an end at midnight does not touch the day that begins."""
        first, last = (at.astimezone(zone).date() for at in (self.starts_at, self.ends_at - MINUTE))
        return Days(first, last)

    def parts(self, zone: ZoneInfo) -> list[Part]:
        """One for each local day, in order. Gaps stand before the first and after the last: they take no day."""
        return list(self._parts(zone))

    def until(self, ends_at: datetime) -> "Hours":
        """The same with another end. Raises ValueError as a new one does."""
        return replace(self, ends_at=ends_at)

    def _parts(self, zone: ZoneInfo) -> Iterator[Part]:
        days = self.days(zone)
        for day in days:
            first, last = day == days.start, day == days.end
            yield Part(
                day,
                self.starts_at if first else midnight(day, zone),
                self.ends_at if last else midnight(day + ONE_DAY, zone),
                self.before_minutes if first else 0,
                self.after_minutes if last else 0,
            )


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which a local day begins; where clocks skip 00:00 that night, the first one after."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
