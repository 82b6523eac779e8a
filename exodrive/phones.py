"""Telephone numbers: compared by their digits, as `exodrive.db.folding.Digits` does in SQL."""

import re
import unicodedata

# A number that somebody can dial. Read by Python and by PostgreSQL.
DIALABLE = r"[1-9]([^0-9]*[0-9]){5}"
LOCAL = 9  # digits that stay the same with a country in front of a number and without


def is_dialable(phone: str) -> bool:
    """Whether there are digits enough to call somebody."""
    return bool(re.search(DIALABLE, phone))


def digits_of(phone: str) -> str:
    """The digits of a number, without what dials abroad (00) or between towns (0)."""
    plain = unicodedata.normalize("NFKD", phone)
    return re.sub(r"\(0\)|[^0-9]", "", plain).lstrip("0")


def local_digits_of(phone: str) -> str:
    """The last digits of a number that can be dialled, the same for "+33 6 12…" and for "06 12…"; "" of any other."""
    return digits_of(phone)[-LOCAL:] if is_dialable(phone) else ""
