"""References that people read out: `EXO-` and six characters that cannot be mistaken for each other."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6


def new_reference() -> str:
    """A random reference, e.g. `EXO-7F3K9Q`. Redrawn by the verb when it is taken."""
    return "EXO-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
