"""What the demo fleet costs beside its rates, and what can be rented with a car. Data only; `seed_demo` writes it.

Money in settings.CURRENCY with tax. Names in English, Spanish, French and Portuguese.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from cars.models import Discount, Extra, Fee, Per, Season, Term
from exodrive.dev.demo.texts import Texts

DELIVERY = Texts(
    "Delivery to your door", "Entrega a domicilio", "Livraison à domicile", "Entrega ao domicílio"
)

EXTRAS: tuple[dict[str, Any], ...] = (
    {
        **Texts("Child seat", "Silla infantil", "Siège enfant", "Cadeira de criança").fields("name"),
        "price": Decimal("8.00"),
        "per": Per.DAY,
        "stock": 4,
        "max_per_booking": 2,
    },
    {
        **Texts("Snow chains", "Cadenas de nieve", "Chaînes à neige", "Correntes de neve").fields("name"),
        "price": Decimal("30.00"),
        "per": Per.RENTAL,
        "stock": 2,
    },
    {
        **Texts("Third driver", "Tercer conductor", "Troisième conducteur", "Terceiro condutor").fields(
            "name"
        ),
        "price": Decimal("45.00"),
        "about": Term.Kind.SECOND_DRIVER,
        "per": Per.RENTAL,
        "stock": 24,
        "max_per_booking": 2,
    },
)
TERMS: tuple[tuple[str, Texts], ...] = (
    (
        Term.Kind.INSURANCE,
        Texts(
            "Full insurance. You pay at most the deposit of a damage.",
            "Seguro a todo riesgo. De un daño paga como máximo la fianza.",
            "Assurance tous risques. D’un dommage, vous payez au plus le dépôt de garantie.",
            "Seguro contra todos os riscos. De um dano paga no máximo a caução.",
        ),
    ),
    (
        Term.Kind.ROADSIDE,
        Texts(
            "24-hour roadside help",
            "Asistencia en carretera 24 horas",
            "Assistance routière 24 h/24",
            "Assistência em viagem 24 horas",
        ),
    ),
    (
        Term.Kind.SECOND_DRIVER,
        Texts(
            "Second driver at no cost, with the same documents",
            "Segundo conductor sin coste, con los mismos documentos",
            "Deuxième conducteur sans supplément, avec les mêmes documents",
            "Segundo condutor sem custo, com os mesmos documentos",
        ),
    ),
    (
        Term.Kind.FUEL,
        Texts(
            "Bring the car back with the same amount of fuel or charge.",
            "Devuelva el coche con la misma cantidad de combustible o de carga.",
            "Rendez la voiture avec la même quantité de carburant ou la même charge.",
            "Devolva o carro com a mesma quantidade de combustível ou carga.",
        ),
    ),
    (
        Term.Kind.LICENCE,
        Texts(
            "A full licence, held for 3 years",
            "Carnet desde hace 3 años",
            "Permis depuis 3 ans",
            "Carta há 3 anos",
        ),
    ),
    (
        Term.Kind.BORDERS,
        Texts(
            "You may drive it in every country of the European Union.",
            "Puede conducirlo en todos los países de la Unión Europea.",
            "Vous pouvez la conduire dans tous les pays de l’Union européenne.",
            "Pode conduzi-lo em todos os países da União Europeia.",
        ),
    ),
)
STAY_AT_HOME = ("aldermoor-regent", "marisol-61-roadster")  # old cars stay in their country
AT_HOME = Texts(
    "It stays in the country where you pick it up.",
    "No sale del país donde se recoge.",
    "Elle reste dans le pays où vous la prenez.",
    "Fica no país onde o levanta.",
)
FEES: tuple[dict[str, Any], ...] = (
    {
        **Texts(
            "Delivery to your door", "Entrega a domicilio", "Livraison à domicile", "Entrega ao domicílio"
        ).fields("name"),
        "kind": Fee.Kind.DELIVERY,
        "amount": Decimal("60.00"),
    },
)
DISCOUNTS: tuple[dict[str, Any], ...] = (
    {
        **Texts("Weekly discount", "Descuento semanal", "Remise à la semaine", "Desconto semanal").fields(
            "name"
        ),
        "min_days": 7,
        "percent": Decimal("10.0"),
    },
    {
        **Texts("Monthly discount", "Descuento mensual", "Remise au mois", "Desconto mensal").fields("name"),
        "min_days": 28,
        "percent": Decimal("20.0"),
    },
)


def holidays(today: date) -> dict[str, Any]:
    """The season from Christmas to New Year that comes next, or that `today` is in."""
    year = today.year - 1 if today <= date(today.year, 1, 2) else today.year
    return {
        **Texts(
            "Christmas and New Year", "Navidad y Año Nuevo", "Noël et Nouvel An", "Natal e Ano Novo"
        ).fields("name"),
        "start_date": date(year, 12, 22),
        "end_date": date(year + 1, 1, 2),
        "percent": 130,
    }


def rows(today: date) -> list[Model]:
    """Everything, not saved yet, for the whole fleet."""
    return [
        *(Extra(**fields) for fields in EXTRAS),
        *(Fee(**fields) for fields in FEES),
        *(Discount(**fields) for fields in DISCOUNTS),
        Season(**holidays(today)),
    ]
