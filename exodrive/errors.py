"""Refusals: what the product says no to, with a code, an HTTP status and a sentence."""

from typing import Any

from django.utils.translation import gettext_lazy


class Refusal(Exception):
    """A refusal with a code for machines, a sentence for people, and details. Subclasses set code and status."""

    code = "invalid"
    status = 422
    message: Any = gettext_lazy("There is a problem with what you sent.")
    retry_after: int | None = None  # seconds

    def __init__(self, message: Any = None, **details: Any) -> None:
        self.message = message or self.message
        self.details = details
        super().__init__(str(self.message))

    def as_json(self) -> dict[str, Any]:
        """The body of every API error, in the active language."""
        return {"error": {"code": self.code, "message": str(self.message), "details": plain(self.details)}}


class Unavailable(Refusal):
    """The database did not answer in time; nothing was changed."""

    code, status, retry_after = "unavailable", 503, 2
    message = gettext_lazy("We are busy right now. Nothing was changed. Try again.")


class MayBeSaved(Unavailable):
    """The database did not answer to COMMIT: it may or may not have done it. Asked again, it is done once."""

    message = gettext_lazy(
        "We are busy right now and cannot tell whether this was saved. Try again: no car is booked twice."
    )


class BadSignature(Refusal):
    """A webhook that is not from its provider, was changed on the way, or is too old."""

    code, status, message = "bad_signature", 400, gettext_lazy("The signature is missing or wrong.")


class Unreadable(Refusal):
    """Signed, but not an event; or too long for one."""

    code, status = "invalid", 400


def unavailable(error: BaseException) -> Unavailable:
    """The refusal for a database error that came from the connection."""
    return MayBeSaved() if getattr(error, "may_be_saved", False) else Unavailable()


def plain(value: Any) -> Any:
    """`value` with dates, models' JSON and translations turned into what JSON knows."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if hasattr(value, "as_json"):
        return plain(value.as_json())
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, bool | int | float | None) else str(value)
