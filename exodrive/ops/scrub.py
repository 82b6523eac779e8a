"""Take personal data and secrets out of what is logged or sent to Sentry. Pure functions on plain structures."""

import re
from collections.abc import Mapping
from typing import Any

GONE = "[…]"

_RULES = [
    # Secret links: /en/booking/<token>/…, /book/<token>/, /data/<token>/
    (re.compile(r"(/(?:booking|book|data)/)[^/\s?#\"']+"), rf"\1{GONE}"),
    # The same token anywhere else in a path: 22 characters, with capitals, which ids and slugs do not have.
    (re.compile(r"(?<=/)(?=[\w-]*[A-Z])[\w-]{22}(?=[/\s?#\"']|$)"), GONE),
    (re.compile(r"(?i)\b(bearer|basic|token)(\s+|=)[A-Za-z0-9._~+/=-]{8,}"), rf"\1\2{GONE}"),
    (re.compile(r"\bexo_staff_[A-Za-z0-9_-]+"), GONE),
    (
        re.compile(
            r"(?i)((?:authorization|cookie|password|csrftoken|sessionid)[\"']?\s*[:=]\s*[\"']?)[^\s\"',;&}]+"
        ),
        rf"\1{GONE}",
    ),
    # A password inside a service URL: redis://:secret@host, postgres://user:secret@host
    (re.compile(r"(\b[a-z][a-z0-9+]*://[^\s/:@]*:)[^\s/@]+@"), rf"\1{GONE}@"),
    (re.compile(r"[^\s@<>\"'=(,;:/?&]+(?:@|%40)[^\s@<>\"',;:)/]+\.[A-Za-z]{2,}"), GONE),
    # PostgreSQL quotes whole rows when a constraint is broken.
    (re.compile(r"(Failing row contains )\(.*"), rf"\1{GONE}"),
    # Phone numbers begin with + or 0; so dates, times, references and ids are left alone.
    (re.compile(r"(?<![\w.:-])(?:\+|00)\d(?:[ ().\-]{0,2}\d){6,14}(?![\w-])"), GONE),
    (re.compile(r"(?<![\w.:-])0\d(?:[ .\-]?\d){7,9}(?![\w-])"), GONE),
]

# Keys whose whole value goes, however it looks.
_SECRET_KEYS = re.compile(
    r"(?i)(authorization|cookie|password|passwd|secret|token|csrf|session|api_?key|dsn|nonce|e_?mail|phone|full_?name|"
    r"first_?name|last_?name|recipient|special_?requests|address|remote_addr|x.forwarded.for|x.real.ip|idempotency|(?<![a-z])pin(?![a-z]))"
)


def scrub(text: str) -> str:
    """The text without email addresses, phone numbers, secret links and credentials."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def scrub_all(value: Any) -> Any:
    """The same for everything inside dicts, lists and tuples; values under telling keys go whole."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {key: GONE if _is_secret(key, inner) else scrub_all(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [scrub_all(inner) for inner in value]
    return value


def _is_secret(key: Any, value: Any) -> bool:
    return isinstance(key, str) and value not in (None, "", [], {}) and _SECRET_KEYS.search(key) is not None
