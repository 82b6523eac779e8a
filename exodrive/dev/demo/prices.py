"""What the demo fleet costs beside its rates, and what can be rented with a car. Data only; `seed_demo` writes it.

Money in settings.CURRENCY with tax. Names in English, Spanish, French and Portuguese.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from cars.models import Discount, Extra, Fee, Per, Season
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
        **Texts(
            "Additional driver", "Conductor adicional", "Conducteur supplémentaire", "Condutor adicional"
        ).fields("name"),
        "price": Decimal("45.00"),
        "per": Per.RENTAL,
        "stock": 24,
        "max_per_booking": 2,
    },
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
