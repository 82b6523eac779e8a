"""Types of the arguments that commands share."""

from argparse import ArgumentTypeError

from django.core.exceptions import ValidationError

from exodrive.mailboxes import canonical


def mailbox(address: str) -> str:
    """The mailbox of an address as typed."""
    try:
        return canonical(address)
    except ValidationError:
        raise ArgumentTypeError(f"{address!r} is no email address") from None
