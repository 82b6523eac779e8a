"""What PayPal's answers mean in our words: its HTTP status and the `issue` of its error bodies."""

from collections.abc import Mapping
from typing import Any

from bookings.payments.provider import (
    AlreadyDone,
    Declined,
    InvalidState,
    Misconfigured,
    NeedsCustomerAction,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
)


def _issues(names: str) -> frozenset[str]:
    return frozenset(names.split())


# The payer or their bank: another try, or another way to pay, may work.
DECLINES = _issues(
    """
    ALIAS_DECLINED_BY_PROCESSOR AUTHORIZATION_DENIED CARD_EXPIRED COMPLIANCE_VIOLATION DECLINED_DUE_TO_RELATED_TXN
    DOMESTIC_TRANSACTION_REQUIRED INSTRUMENT_DECLINED MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED PAYEE_BLOCKED_TRANSACTION
    PAYER_ACCOUNT_LOCKED_OR_CLOSED PAYER_ACCOUNT_RESTRICTED PAYER_CANNOT_PAY PAYMENT_SOURCE_CANNOT_BE_USED
    PAYMENT_SOURCE_DECLINED_BY_PROCESSOR PAYMENT_SOURCE_INFO_CANNOT_BE_VERIFIED REDIRECT_PAYER_FOR_ALTERNATE_FUNDING
    TRANSACTION_BLOCKED_BY_PAYEE TRANSACTION_LIMIT_EXCEEDED TRANSACTION_RECEIVING_LIMIT_EXCEEDED TRANSACTION_REFUSED
    """
)
DONE_BEFORE = _issues(
    """
    AUTHORIZATION_ALREADY_CAPTURED CAPTURE_FULLY_REFUNDED DUPLICATE_INVOICE_ID ORDER_ALREADY_AUTHORIZED
    ORDER_ALREADY_CAPTURED PREVIOUSLY_VOIDED
    """
)
# The keys, what the account may do, or what the business set up.
NOT_ALLOWED = _issues(
    """
    AUTHENTICATION_FAILURE AUTH_CAPTURE_NOT_ENABLED INVALID_ACCOUNT_STATUS NOT_AUTHORIZED PAYEE_ACCOUNT_INVALID
    PAYEE_ACCOUNT_LOCKED_OR_CLOSED PAYEE_ACCOUNT_RESTRICTED PERMISSION_DENIED CONSENT_NEEDED INVALID_CURRENCY_CODE
    REFUND_FAILED_INSUFFICIENT_FUNDS
    """
)
TOLD_TO_GO_ON = ("payer-action", "redirect", "approve")  # rel of a link for the payer


def error_of(status: int, body: Any) -> ProviderError:
    """The error that an answer other than 2xx is."""
    issue = issue_of(body) or f"http_{status}"
    if status >= 500 or issue in ("PREVIOUS_REQUEST_IN_PROGRESS", "ORDER_COMPLETION_IN_PROGRESS"):
        return OutcomeUnknown(issue)
    if status == 429:
        return RateLimited(issue)
    if status in (401, 403) or issue in NOT_ALLOWED:
        return Misconfigured(issue)
    if issue == "PAYER_ACTION_REQUIRED" and (url := link(body, *TOLD_TO_GO_ON)):
        return NeedsCustomerAction(url, issue)
    if issue in DECLINES or issue == "PAYER_ACTION_REQUIRED":
        return Declined(issue, url=link(body, *TOLD_TO_GO_ON))
    return AlreadyDone(issue) if issue in DONE_BEFORE else InvalidState(issue)


def issue_of(body: Any) -> str:
    """The first `issue` of an error body, else its name (orders), its error (tokens); "" for anything else."""
    if not isinstance(body, Mapping):
        return ""
    details = body.get("details")
    first = details[0] if isinstance(details, list) and details else {}
    issue = first.get("issue") if isinstance(first, Mapping) else None
    return str(issue or body.get("name") or body.get("error") or "")[:100]


def link(body: Mapping[str, Any], *rels: str) -> str:
    """Where the first link of these relations leads; "" without one."""
    links = {
        each.get("rel"): each.get("href") for each in body.get("links") or () if isinstance(each, Mapping)
    }
    return next((str(links[rel]) for rel in rels if links.get(rel)), "")
