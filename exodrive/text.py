"""What people type, without what nobody sees: it hides words from search, fakes names, and turns lines around."""

import unicodedata

UNSEEN = {"Cc", "Cf", "Cs"}  # control and format characters, halves of characters
KEPT = "\t\n\r"
# Letters, marks and a symbol that draw nothing.
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
BREAKS = dict.fromkeys(map(ord, "\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n")


def tidy(text: str) -> str:
    """`text` without invisible characters; every break of a line is a plain one, so that rules about lines see it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(filter(_is_seen, text.translate(BREAKS)))


def _is_seen(letter: str) -> bool:
    return letter in KEPT or (letter not in FILLERS and unicodedata.category(letter) not in UNSEEN)
