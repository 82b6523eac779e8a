"""Types of the arguments that commands share."""

from argparse import ArgumentTypeError

from django.core.exceptions import ValidationError

from exodrive.mailboxes import canonical
from exodrive.phones import is_dialable


def person(said: str) -> str:
    """Somebody as commands call them: the mailbox of an address as typed, or a phone number that can be dialled."""
    return said if "@" not in said and is_dialable(said) else mailbox(said)


def mailbox(address: str) -> str:
    """The mailbox of an address as typed."""
    try:
        return canonical(address)
    except ValidationError:
        raise ArgumentTypeError(f"{address!r} is no email address") from None
