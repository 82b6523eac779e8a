"""Who is signed in proves it once more, before what an open screen should not be enough for."""

from django.utils.translation import gettext_lazy as _

from exodrive.models import User
from exodrive.rls import LOGIN, acting_as
from exodrive.staff import two_factor
from exodrive.staff.journal import Kind, note
from exodrive.staff.lockout import count_password

NOT_THE_PASSWORD = _("This is not your password")
WRONG_CODE = _("This code is wrong or used up. Wait for the next one in your app and enter that.")


def is_password(user: User, password: str) -> bool:
    """Whether it is the user's. Raises TooMany."""
    count_password(user.pk)
    with acting_as(LOGIN):
        right = user.check_password(password)
    if not right:
        note(Kind.PASSWORD_REFUSED, user_id=user.pk)
    return right


def problem(user: User, *, password: str, code: str) -> dict[str, object]:
    """What is wrong with the proof, by field; nothing when it is one. A code is used up by it. Raises TooMany.

    The code is looked at where the user has a second step, and after the password.
    """
    if not is_password(user, password):
        return {"password": NOT_THE_PASSWORD}
    if two_factor.is_on(user) and not two_factor.accepts(user=user, code=code):
        return {"code": WRONG_CODE}
    return {}
