"""How a car stands, in words: its odometer and its tank."""

from django.utils.translation import gettext as _

from exodrive.i18n.formats import kilometres

TANK = 8


def fuel_level(eighths: int) -> str:
    """ "5/8", "Empty" or "Full"."""
    return {0: _("Empty"), TANK: _("Full")}.get(eighths, f"{eighths}/{TANK}")


def reading(odometer: int | None, fuel: int | None) -> str:
    """ "45,120 km, 4/8"; what nobody looked at is left out."""
    parts = [
        kilometres(odometer) if odometer is not None else "",
        fuel_level(fuel) if fuel is not None else "",
    ]
    return ", ".join(part for part in parts if part)
