"""The demo fleet: two locations in two time zones and twelve invented cars. Data only; `seed_demo` writes it.

Money in settings.CURRENCY with tax, power in kW, distances in km, clock times local to the location.
"""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from exodrive.dev.demo import texts
from exodrive.dev.demo.texts import Texts

AGENCY = {"name": "Exodrive", "slug": "exodrive"}


@dataclass(frozen=True, slots=True)
class DemoLocation:
    """A place with opening hours for Monday to Friday, Saturday and Sunday."""

    slug: str
    name: str
    address: str
    latitude: str
    longitude: str
    time_zone: str
    phone: str
    weekdays: tuple[time, time]
    saturday: tuple[time, time]
    sunday: tuple[time, time]

    @property
    def hours(self) -> tuple[tuple[time, time], ...]:
        """Opening and closing time, Monday first."""
        return (*(self.weekdays for _ in range(5)), self.saturday, self.sunday)


LYON = DemoLocation(
    slug="lyon-part-dieu",
    name="Lyon Part-Dieu",
    address="12 rue de la Villette, 69003 Lyon, France",
    latitude="45.760540",
    longitude="4.861200",
    time_zone="Europe/Paris",
    phone="+33 4 00 00 00 00",
    weekdays=(time(8), time(19)),
    saturday=(time(9), time(18)),
    sunday=(time(10), time(16)),
)
FUNCHAL = DemoLocation(
    slug="funchal-marina",
    name="Funchal Marina",
    address="Avenida do Mar 18, 9000-054 Funchal, Madeira, Portugal",
    latitude="32.646700",
    longitude="-16.910300",
    time_zone="Atlantic/Madeira",
    phone="+351 291 000 000",
    weekdays=(time(9), time(19)),
    saturday=(time(9), time(17)),
    sunday=(time(10), time(15)),
)
LOCATIONS = (LYON, FUNCHAL)


@dataclass(frozen=True, slots=True)
class DemoCar:
    """A car as `Car` has it; `art` names its drawings, None as a rule means the fleet's default."""

    slug: str
    art: str
    location: DemoLocation
    make: str
    model: str
    plate: str
    year: int
    seats: int
    doors: int
    power_kw: int
    daily_rate: int
    deposit: int
    excess_km_price: str
    gearbox: str = "automatic"
    fuel: str = "petrol"
    weekend_rate: int | None = None
    included_km_per_day: int = 200
    minimum_age: int = 25
    buffer_days: int | None = None
    min_days: int | None = None
    max_days: int | None = None

    @property
    def name(self) -> str:
        """Make and model."""
        return f"{self.make} {self.model}"

    @property
    def fields(self) -> dict[str, object]:
        """Values for `Car`, without its location."""
        return {
            "slug": self.slug,
            "make": self.make,
            "model": self.model,
            "plate": self.plate,
            "year": self.year,
            "seats": self.seats,
            "doors": self.doors,
            "gearbox": self.gearbox,
            "fuel": self.fuel,
            "power_kw": self.power_kw,
            "daily_rate": Decimal(self.daily_rate),
            "weekend_rate": None if self.weekend_rate is None else Decimal(self.weekend_rate),
            "deposit": Decimal(self.deposit),
            "included_km_per_day": self.included_km_per_day,
            "excess_km_price": Decimal(self.excess_km_price),
            "minimum_age": self.minimum_age,
            "buffer_days": self.buffer_days,
            "min_days": self.min_days,
            "max_days": self.max_days,
            **texts.DESCRIPTIONS[self.slug].fields("description"),
        }

    @property
    def pictures(self) -> tuple[tuple[str, Texts], ...]:
        """Names of its drawings with what they show: by day, its front, at dusk, its rear."""
        return (
            (self.art, texts.ALTS[self.slug]),
            (f"{self.art}-detail", texts.DETAIL.about(self.name)),
            (f"{self.art}-dusk", texts.DUSK.about(self.name)),
            (f"{self.art}-rear", texts.REAR.about(self.name)),
        )


CARS = (
    DemoCar(
        "calder-gt-coupe", "calder-gt", LYON, "Calder", "GT coupé", "FG-418-KL", 2024, 4, 2, 375, 240, 2000, "0.80"
    ),
    DemoCar(
        "novara-4-estate", "novara-4", LYON, "Novara", "4 estate", "GB-220-TR", 2025, 5, 5, 180, 130, 1000, "0.35",
        fuel="hybrid", included_km_per_day=300, minimum_age=23,
    ),
    DemoCar(
        "fjell-x-offroad", "fjell-x", LYON, "Fjell", "X offroad", "GA-118-MM", 2023, 5, 5, 210, 180, 1500, "0.50",
        fuel="diesel", included_km_per_day=250,
    ),
    DemoCar(
        "voltane-arc", "voltane-arc", LYON, "Voltane", "Arc", "GH-003-VA", 2026, 2, 2, 740, 890, 8000, "2.50",
        fuel="electric", weekend_rate=990, included_km_per_day=150, minimum_age=30, buffer_days=1, max_days=7,
    ),
    DemoCar(
        "aldermoor-regent", "aldermoor-regent", LYON, "Aldermoor", "Regent limousine", "DR-934-AG", 1934, 6, 4, 74,
        420, 3000, "1.50", gearbox="manual", weekend_rate=520, included_km_per_day=100, minimum_age=30,
        buffer_days=1, max_days=5,
    ),
    DemoCar(
        "kestra-rallye", "kestra-rallye", LYON, "Kestra", "Rallye", "EK-027-RS", 1987, 4, 3, 147, 210, 2500, "0.90",
        gearbox="manual", weekend_rate=240, included_km_per_day=150,
    ),
    DemoCar(
        "corvane-8-saloon", "corvane-8", LYON, "Corvane", "8 saloon", "GF-808-CV", 2025, 5, 4, 320, 260, 2000, "0.70",
        fuel="hybrid", included_km_per_day=250,
    ),
    DemoCar(
        "marisol-61-roadster", "marisol-61", FUNCHAL, "Marisol", "61 roadster", "MA-61-RS", 1961, 2, 2, 96, 195, 2000,
        "0.90", gearbox="manual", weekend_rate=225, included_km_per_day=120, minimum_age=27,
    ),
    DemoCar(
        "tern-breeze-cabriolet", "tern-breeze", FUNCHAL, "Tern", "Breeze cabriolet", "AT-12-BZ", 2025, 4, 2, 88, 64,
        500, "0.25", fuel="electric", included_km_per_day=150, minimum_age=21,
    ),
    DemoCar(
        "marlow-7-camper", "marlow-7", FUNCHAL, "Marlow", "7 camper", "BC-77-ML", 2022, 4, 4, 110, 145, 1200, "0.30",
        gearbox="manual", fuel="diesel", included_km_per_day=250, min_days=2, max_days=21,
    ),
    DemoCar(
        "brannock-trail", "brannock-trail", FUNCHAL, "Brannock", "Trail pick-up", "AP-54-BK", 2023, 5, 4, 155, 125,
        1000, "0.35", fuel="diesel", minimum_age=23,
    ),
    DemoCar(
        "hallam-s-shooting-brake", "hallam-s", FUNCHAL, "Hallam", "S shooting brake", "AS-90-HB", 2024, 4, 3, 290,
        215, 1800, "0.75",
    ),
)  # fmt: skip
