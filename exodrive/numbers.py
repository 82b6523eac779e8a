"""Numbers in what people and programs send: page numbers, ids, how many."""

from typing import Any

MAX_DIGITS = 9  # fits every column, and int() of it takes no time


def small_number(text: Any) -> int | None:
    """The whole number that `text` is, 0 to 999,999,999, in ASCII digits alone; None for anything else.

    `str.isdecimal` also takes other scripts' digits, and `int` refuses text of over 4,300 digits with an error.
    """
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS else None
