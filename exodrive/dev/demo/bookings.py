"""The demo bookings: who has which car when, counted in days from today at the car's location. Data only.

`seed_demo` makes them through the verbs, so every one has its customer, quote, history, inbox item and mails.
"""

from dataclasses import dataclass
from enum import Enum


class Reaches(Enum):
    """How far a demo booking gets."""

    PENDING = "pending"
    UPCOMING = "upcoming"
    WAITING = "active, not handed over"
    OUT = "active, handed over"
    COMPLETED = "completed"
    WITHDRAWN = "cancelled by the customer"
    CANCELLED = "cancelled by staff"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class DemoBooking:
    """`start` and `booked` are days from today (before it: negative), `length` days of rental."""

    car: str
    start: int
    length: int
    reaches: Reaches
    booked: int
    language: str
    full_name: str
    phone: str = ""
    source: str = "web"
    special_requests: str = ""
    note: str = ""  # what staff wrote down: the reason of a cancellation, else the return note
    damage: bool = False
    extras: tuple[str, ...] = ()  # by their English names, one of each

    @property
    def email(self) -> str:
        """An invented address of theirs."""
        plain = self.full_name.lower().translate(str.maketrans("áàâãçéèêíñóôõöúü’", "aaaaceeeinoooouu-"))
        return f"{plain.replace(' ', '.').strip('.')}@example.com"


@dataclass(frozen=True, slots=True)
class DemoBlock:
    """A car off the road; `start` as in DemoBooking."""

    car: str
    start: int
    length: int
    kind: str
    note: str


P, U, C = Reaches.PENDING, Reaches.UPCOMING, Reaches.COMPLETED
BOOKINGS = (
    DemoBooking("calder-gt-coupe", -9, 4, C, -30, "fr", "Paul Moreau", "+33 6 00 00 01 01"),
    DemoBooking("calder-gt-coupe", -2, 4, Reaches.OUT, -21, "en", "Sofia Lindqvist", "+46 70 000 00 02"),
    DemoBooking(
        "calder-gt-coupe", 4, 4, P, 0, "pt", "Marta Oliveira", "+351 910 000 003",
        special_requests="Chegamos no comboio das 10h20. Podemos levantar o carro às 10h45?",
    ),
    DemoBooking("calder-gt-coupe", 11, 4, U, -6, "es", "Tomás Herrera", "+34 600 000 004"),
    DemoBooking("calder-gt-coupe", 20, 2, P, -1, "en", "Aisha Khan", source="mobile"),
    DemoBooking(
        "novara-4-estate", -12, 5, C, -40, "en", "Hana Novak",
        note="Scratch on the rear bumper, about 6 cm.", damage=True,
    ),
    DemoBooking(
        "novara-4-estate", 0, 5, Reaches.OUT, -14, "fr", "Léa Petit", "+33 6 00 00 01 06",
        special_requests="Le siège enfant est pour une fille de 3 ans.", extras=("Child seat",),
    ),
    DemoBooking("novara-4-estate", 9, 8, P, 0, "fr", "Jean Lefèvre", "+33 6 00 00 01 07"),
    DemoBooking("novara-4-estate", 18, 4, U, -3, "pt", "Carla Duarte", "+351 910 000 008"),
    DemoBooking("fjell-x-offroad", -5, 4, Reaches.OUT, -25, "es", "Raquel Santos", "+34 600 000 009"),
    DemoBooking("fjell-x-offroad", 10, 2, U, -8, "en", "Daniel Klein", "+49 151 00000010"),
    DemoBooking(
        "fjell-x-offroad", 15, 6, U, -2, "en", "Orla Byrne", "+353 85 000 0011",
        special_requests="We bring four pairs of skis.", extras=("Snow chains",),
    ),
    DemoBooking(
        "voltane-arc", -6, 2, Reaches.REFUNDED, -20, "en", "Victor Hale", "+44 7700 900012",
        note="Charging port fault, car not usable.",
    ),
    DemoBooking("voltane-arc", 3, 2, U, -11, "fr", "Inès Garnier", "+33 6 00 00 01 13"),
    DemoBooking("voltane-arc", 8, 2, P, 0, "en", "Noah Becker", "+49 151 00000014", source="mobile"),
    DemoBooking("aldermoor-regent", -15, 1, C, -60, "fr", "Camille Roussel", "+33 6 00 00 01 15"),
    DemoBooking(
        "aldermoor-regent", 8, 1, U, -35, "fr", "Julien Faure", "+33 6 00 00 01 16",
        special_requests="Rubans blancs sur le capot pour le mariage.",
    ),
    DemoBooking("aldermoor-regent", 15, 1, P, -1, "es", "Lucía Ortega", "+34 600 000 017"),
    DemoBooking(
        "kestra-rallye", -8, 4, C, -22, "en", "Matteo Ricci", "+39 320 000 0018",
        note="Brought back washed.",
    ),
    DemoBooking("kestra-rallye", 1, 3, U, -5, "en", "Emma Larsen", "+45 20 00 00 19"),
    DemoBooking("corvane-8-saloon", -1, 2, Reaches.OUT, -9, "en", "Grace Whitfield", "+44 7700 900020"),
    DemoBooking("corvane-8-saloon", 2, 2, P, -1, "es", "Hotel Mirador", "+34 600 000 021", source="api"),
    DemoBooking("corvane-8-saloon", 9, 5, Reaches.WITHDRAWN, -1, "pt", "Rui Tavares", "+351 910 000 022"),
    DemoBooking("marisol-61-roadster", -1, 3, Reaches.OUT, -18, "es", "Elena Vidal", "+34 600 000 023"),
    DemoBooking("marisol-61-roadster", 5, 2, Reaches.WITHDRAWN, -12, "en", "Peter Vance", "+44 7700 900024"),
    DemoBooking(
        "marisol-61-roadster", 5, 4, P, 0, "fr", "Chloé Bernard", "+33 6 00 00 01 25",
        special_requests="C’est une surprise : merci de ne pas téléphoner avant midi.",
    ),
    DemoBooking("tern-breeze-cabriolet", -4, 2, C, -6, "pt", "Nuno Alves", "+351 910 000 026"),
    DemoBooking("tern-breeze-cabriolet", 0, 3, Reaches.WAITING, -4, "pt", "Helena Costa", "+351 910 000 027"),
    DemoBooking(
        "tern-breeze-cabriolet", 6, 6, U, -1, "fr", "Isabelle Martin", "+33 6 00 00 01 28",
        source="mobile",
    ),
    DemoBooking("marlow-7-camper", -20, 7, C, -75, "en", "Freya Olsen", "+47 400 00 029"),
    DemoBooking(
        "marlow-7-camper", 2, 10, U, -28, "fr", "Lycée des Tilleuls", "+33 4 00 00 00 30",
        source="staff", special_requests="Voyage de classe, deux conducteurs.", extras=("Third driver",),
    ),
    DemoBooking("marlow-7-camper", 16, 5, P, -2, "es", "Pablo Serrano", "+34 600 000 031"),
    DemoBooking("brannock-trail", 1, 3, P, 0, "pt", "Sílvia Mendes", "+351 910 000 032", source="mobile"),
    DemoBooking(
        "brannock-trail", 7, 4, Reaches.CANCELLED, -10, "en", "Oscar Dahl", "+46 70 000 00 33",
        note="Car is in the workshop on these days.",
    ),
    DemoBooking("hallam-s-shooting-brake", -5, 3, C, -16, "fr", "Antoine Dubois", "+33 6 00 00 01 34"),
    DemoBooking("hallam-s-shooting-brake", 7, 6, U, -4, "en", "Ruth Abrams", "+1 212 555 0135"),
)  # fmt: skip

BLOCKS = (
    DemoBlock("calder-gt-coupe", 26, 3, "maintenance", "Tyres and yearly service"),
    DemoBlock("brannock-trail", 7, 3, "maintenance", "Clutch"),
    DemoBlock("hallam-s-shooting-brake", 1, 3, "owner_use", ""),
)

HELD = ("kestra-rallye", 6, 3)  # a visitor is typing details: car, first day from today, days
