"""Numbers as people type them, in the reader's notation: `45.000` is a thousand times more in Spanish than in English.

What has one meaning is taken, whoever's notation it is in; what has two is asked about, never guessed.
"""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy, ngettext_lazy

from exodrive.i18n.formats import locale

NUMBER = re.compile(r"([+\-\u2212]?)([0-9]+(?:[ .,'][0-9]+)*)")
QUOTES = str.maketrans("’ʼ\u2009\u00a0\u202f", "''   ")  # Swiss ones; narrow spaces
GROUP = 3  # digits
LONGEST = 40  # characters: more is no number, and takes time


class Ambiguous(ValueError):
    """A number that means one thing here and another abroad."""

    def __init__(self, likely: Decimal) -> None:
        self.likely = likely


def read(text: str, *, decimals: int) -> Decimal:
    """The number that somebody typed where `decimals` places are kept. Raises Ambiguous, else ValueError."""
    plain = unicodedata.normalize("NFKC", text.translate(QUOTES)).strip()
    found = NUMBER.fullmatch(plain) if len(plain) <= LONGEST else None
    if not found:
        raise ValueError(text)
    sign, rest = found.groups()
    parts, marks = re.split("[ .,']", rest), re.findall("[ .,']", rest)
    value = _read(parts, marks, decimals)
    return -value if sign and sign != "+" else value


def _read(parts: list[str], marks: list[str], decimals: int) -> Decimal:
    if not marks:
        return Decimal(parts[0])
    whole, fraction = Decimal("".join(parts)), Decimal("".join(parts[:-1]) + "." + parts[-1])
    kinds, last = set(marks), marks[-1]
    if len(kinds) == 1 and (len(marks) > 1 or last in " '"):
        return _grouped(parts, whole)
    if len(kinds) == 1:
        return _single(parts, last, whole, fraction, decimals)
    if len(set(marks[:-1])) == 1 and last in ".,":
        _grouped(parts[:-1], whole)
        return fraction
    raise ValueError(parts)


def _grouped(parts: list[str], whole: Decimal) -> Decimal:
    if not _are_groups(parts):
        raise ValueError(parts)
    return whole


def _are_groups(parts: list[str]) -> bool:
    first, *others = parts
    return len(first) <= GROUP and not first.startswith("0") and all(len(part) == GROUP for part in others)


def _single(parts: list[str], mark: str, whole: Decimal, fraction: Decimal, decimals: int) -> Decimal:
    """One point or comma: only three digits behind it can be thousands."""
    if not _are_groups(parts):
        return fraction
    if decimals >= GROUP:
        if mark == get_decimal_symbol(locale()):
            return fraction
        raise Ambiguous(fraction)
    if mark == get_group_symbol(locale()):
        return whole
    raise Ambiguous(whole)


def written(value: Decimal, *, grouped: bool = False) -> str:
    """A number in the reader's notation, with the decimal places that it has."""
    places = max(-int(value.as_tuple().exponent), 0)
    pattern = ("#,##0" if grouped else "0") + ("." + "0" * places if places else "")
    return str(format_decimal(value, pattern, locale=locale(), decimal_quantization=False))


class Typed(forms.Field):
    """What is typed is asked about when it can be read in two ways. `unit` follows the number in the question."""

    widget = forms.TextInput
    keypad = "decimal"
    decimal_places: int | None = None
    default_error_messages: ClassVar[dict[str, Any]] = {
        "ambiguous": gettext_lazy("Did you mean %(likely)s? Then type %(plain)s"),
        "min_value": gettext_lazy("At least %(limit_value)s."),
        "max_value": gettext_lazy("At most %(limit_value)s."),
        "max_digits": ngettext_lazy("At most %(max)s digit.", "At most %(max)s digits.", "max"),
        "max_whole_digits": ngettext_lazy(
            "At most %(max)s digit before the decimals.", "At most %(max)s digits before the decimals.", "max"
        ),
        "max_decimal_places": ngettext_lazy("At most %(max)s decimal.", "At most %(max)s decimals.", "max"),
    }

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        self.unit = unit
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """The number, or None where nothing was typed."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(None if isinstance(value, str) else value)
        try:
            return super().to_python(str(read(value, decimals=self.decimal_places or 0)))
        except Ambiguous as error:
            words = {
                "likely": written(error.likely, grouped=True) + self._unit,
                "plain": written(error.likely),
            }
            raise ValidationError(self.error_messages["ambiguous"], code="ambiguous", params=words) from None
        except (ValueError, InvalidOperation):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def run_validators(self, value: Any) -> None:
        """A limit is said as its reader writes it, with its unit."""
        try:
            super().run_validators(value)
        except ValidationError as refused:
            for error in refused.error_list:
                if error.params and error.code in ("min_value", "max_value"):
                    limit = written(Decimal(error.params["limit_value"]), grouped=True)
                    error.params = {**error.params, "limit_value": limit + self._unit}
            raise

    @property
    def _unit(self) -> str:
        return f"\N{NO-BREAK SPACE}{self.unit}" if self.unit else ""

    def prepare_value(self, value: Any) -> Any:
        """As its reader writes it, so that it is read back as it is."""
        return written(value) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The keypad of a telephone."""
        return {**super().widget_attrs(widget), "inputmode": self.keypad}


class DecimalNumber(Typed, forms.DecimalField):
    """An amount, a percentage, a coordinate."""


class WholeNumber(Typed, forms.IntegerField):
    """A number without decimals."""

    keypad = "numeric"
