"""The normal form of an email address: what is compared and stored as somebody's mailbox, and where mails go.

Two addresses that look alike are either the same mailbox or not an address at all. So the form is plain ASCII, and its
check stands in the database as well (`CANONICAL`): nothing else can be written as a mailbox, whoever writes.
"""

import re
import unicodedata

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy

MAX_ADDRESS, MAX_LOCAL = 254, 64  # characters, RFC 5321, 4.5.3.1
WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
# Read by Python and by PostgreSQL. The last label begins with a letter, or it would be an IP address.
CANONICAL = rf"^{WORD}(\.{WORD})*@({LABEL}\.)+[a-z]([a-z0-9-]*[a-z0-9])$"
INVALID = gettext_lazy("Enter an email address in the correct format, like name@example.com")


def visible(text: str) -> str:
    """Without characters that show nothing: zero width, soft hyphens, marks of direction. They come in by copy and paste."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def canonical(address: str) -> str:
    """The mailbox that an address as typed means: NFKC, lower case, the domain in its ASCII form (IDNA 2008, UTS 46).

    Raises ValidationError for what is no address, for a local part beyond ASCII and for an address literal.
    """
    local, _at, domain = unicodedata.normalize("NFKC", visible(address)).strip(" ").rpartition("@")
    try:
        # `str.lower` turns a few letters from elsewhere into ASCII: look before.
        found = f"{local.lower()}@{_ascii_domain(domain)}" if local.isascii() else ""
    except (idna.IDNAError, UnicodeError):
        found = ""
    if len(found) > MAX_ADDRESS or len(local) > MAX_LOCAL or not re.fullmatch(CANONICAL, found):
        raise ValidationError(INVALID, code="invalid")
    validate_email(found)
    return found


def _ascii_domain(domain: str) -> str:
    """A plain name stays as it is: IDNA would refuse hyphens that registries allow."""
    if domain.isascii() and "xn--" not in domain.lower():
        return domain.lower()
    return idna.encode(domain, uts46=True, std3_rules=True).decode()


def validate_mailbox(address: str) -> None:
    """A validator of fields. Raises ValidationError for an address that is no mailbox."""
    canonical(address)
