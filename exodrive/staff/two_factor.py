"""The second step of signing in: a code from an app on the phone (TOTP, RFC 6238), or a recovery code.

Its tables are the login role's alone (`exodrive.rls.LOGIN`): nothing that runs as staff can read anybody's secret.
"""

from binascii import unhexlify

from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from exodrive.limits.rates import hit
from exodrive.models import User
from exodrive.rls import LOGIN, acting_as
from exodrive.staff.journal import Kind, note

DIGITS, RECOVERY_CODES = 6, 10


def is_on(user: User) -> bool:
    """Whether this user needs a code to sign in."""
    with acting_as(LOGIN):
        return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def new_key() -> str:
    """A new secret for an app, in hex."""
    return random_hex(20)


def setup_url(user: User, key: str) -> str:
    """What the QR code says: `otpauth://totp/…`, as authenticator apps read it."""
    return TOTPDevice(user=user, key=key).config_url


def turn_on(*, user: User, key: str, code: str) -> list[str]:
    """Ask this user for codes of `key` from now on, if `code` is one; returns recovery codes. [] for a wrong code.

    Raises TooMany.
    """
    hit("login_code", user.pk)
    totp = TOTP(unhexlify(key))
    if not (_is_code(code) and totp.verify(int(_plain(code)), tolerance=1)):
        return []
    with acting_as(LOGIN), transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        TOTPDevice.objects.create(user=user, name="app", key=key, drift=totp.drift, last_t=totp.t())
        codes = _new_codes(user)
    note(Kind.SECOND_STEP_ON, user_id=user.pk)
    return codes


def accepts(*, user: User, code: str) -> bool:
    """Whether `code` is one of the user's; then it is used up. Raises TooMany."""
    hit("login_code", user.pk)
    kind, plain = (TOTPDevice if _is_code(code) else StaticDevice), _plain(code)
    with acting_as(LOGIN), transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        accepted = bool(device and device.verify_token(plain))
    note(Kind.CODE_ACCEPTED if accepted else Kind.CODE_REFUSED, user_id=user.pk)
    return accepted


def new_recovery_codes(user: User) -> list[str]:
    """New ones, each good for one sign-in; the old ones are void."""
    with acting_as(LOGIN), transaction.atomic():
        codes = _new_codes(user)
    note(Kind.RECOVERY_CODES, user_id=user.pk)
    return codes


def recovery_codes_left(user: User) -> int:
    """How many have not been used."""
    with acting_as(LOGIN):
        return StaticToken.objects.filter(device__user=user).count()


def turn_off(user: User) -> bool:
    """The password alone is enough again; whether it was on before."""
    with acting_as(LOGIN), transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        was_on = bool(TOTPDevice.objects.filter(user=user).delete()[0])
    if was_on:
        note(Kind.SECOND_STEP_OFF, user_id=user.pk)
    return was_on


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [StaticToken.random_token() for _n in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()


def _is_code(code: str) -> bool:
    plain = _plain(code)
    return len(plain) == DIGITS and plain.isascii() and plain.isdigit()
