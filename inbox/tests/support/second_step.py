"""An authenticator app."""

import time
from binascii import unhexlify

from django_otp.oath import TOTP

from exodrive.models import User
from exodrive.staff import two_factor


def code_of(key: str, *, steps: int = 0) -> str:
    """What the app shows, `steps` half-minutes from now."""
    totp = TOTP(unhexlify(key))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06}"


def turn_on(user: User) -> list[str]:
    """Give the user a second step; returns the recovery codes."""
    key = two_factor.new_key()
    return two_factor.turn_on(user=user, key=key, code=code_of(key, steps=-1))
