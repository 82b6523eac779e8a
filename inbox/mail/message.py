"""A mail whose header lines all say something.

Python folds a header so that what does not fit beside its name goes to the next line as a whole. For an encoded word, a long
address or a Message-ID that leaves `Subject:` and nothing else on the first line, which programs show as no subject and
filters count as spam (RFC 5322, 3.2.2, forbids lines of white space only for the same reason).
"""

import re
from email.header import Header, decode_header, make_header
from email.message import Message

from django.core.mail import EmailMultiAlternatives

LINE = 76  # characters of a line with encoded words (RFC 2047, 2)
SHORT = 55  # of an encoded word, so that one fits beside any header's name
ENCODED = re.compile(r"(?<!\S)=\?\S+\?[bq]\?[^?\s]*\?=(?:\s+=\?\S+\?[bq]\?[^?\s]*\?=)*(?!\S)", re.IGNORECASE)


class Letter(EmailMultiAlternatives):
    """Django's, with its headers folded by us."""

    def message(self) -> Message:  # type: ignore[override]
        """For backends that send MIME; providers with an API of their own take the fields."""
        message: Message = super().message()
        for name, value in message.items():
            message.replace_header(name, folded(name, str(value)))
        message.policy = message.policy.clone(max_line_length=None)  # ours stay
        return message


def folded(name: str, value: str) -> str:
    """The header's value on lines that are short wherever a space lets them, the first one never empty."""
    lines, room = [""], LINE - len(name) - 2
    for word in ENCODED.sub(_shorter, value).split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines, room = [*lines, ""], LINE - 1
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return "\n ".join(lines)


def _shorter(found: re.Match[str]) -> str:
    text = str(make_header(decode_header(found[0])))
    return Header(text, "utf-8", maxlinelen=SHORT).encode()
