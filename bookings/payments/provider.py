"""What a payment provider is to us: a thin translator between our words and its API. No HTML, no database.

A provider is one module (or package) with one class; `bookings.payments.registry` finds it by its identifier. Every call
that changes something carries a `request_id` of ours that is the same at every retry, so that a provider which knows it
does the thing once. Amounts are `Money`; a provider turns them into its own notation.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from exodrive.money import Money


class Kind(StrEnum):
    """What is done to the customer's money."""

    CHARGE = "charge"  # taken
    HOLD = "hold"  # authorised, to be captured or voided


class State(StrEnum):
    """How far a payment is, in words that all providers share."""

    SCHEDULED = "scheduled"  # a hold that is not due yet
    CREATED = "created"
    ACTION_REQUIRED = "action_required"  # the customer has to do something at the provider's
    PROCESSING = "processing"  # the provider has not decided yet
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class RefundState(StrEnum):
    """How far a refund is."""

    CREATED = "created"  # asked for here, the provider does not know it yet
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Capability(StrEnum):
    """What a provider can do. What it has not, staff are not offered."""

    CHARGE = "charge"
    HOLD = "hold"
    PARTIAL_CAPTURE = "partial_capture"
    REAUTHORIZE = "reauthorize"
    REFUND = "refund"
    OFF_SESSION_HOLD = "off_session_hold"  # a hold on a stored method, without the customer
    REDIRECT = "redirect"  # the customer pays on a page of the provider's


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """A payment as a provider needs to know it.

    `refs` maps what the provider calls its objects to their ids, e.g. {"order": "5O19…", "capture": "3C67…"}; what a
    `Snapshot` brought is there in the next call. `booking` is the reference that people read, e.g. "EXO-AMNQCN".
    """

    id: UUID
    kind: Kind
    amount: Money
    booking: str
    description: str  # a line for the customer's statement page, in `language`
    language: str  # two letters
    refs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefundSnapshot:
    """A refund as the provider tells it."""

    ref: str
    state: RefundState
    amount: Money
    request_id: str = ""  # ours, where the provider gives it back
    failure: str = ""  # the provider's code


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The truth about a payment as the provider tells it: sums from the beginning until now, never steps.

    `payment_id` is our id as the provider gives it back, None where it gives none back. `captured` is before refunds.
    `expires_at`: when an authorisation (or the page to pay on) ends; `honor_until`: until when its capture is safe.
    `refunds` are all that the provider tells of, those made in its dashboard too.
    """

    state: State
    authorized: Money
    captured: Money
    refunded: Money
    voided: Money
    payment_id: UUID | None = None
    refs: Mapping[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None
    honor_until: datetime | None = None
    refunds: tuple[RefundSnapshot, ...] = ()
    failure: str = ""  # the provider's code for why not
    raw_status: str = ""
    next_url: str = ""  # where the customer goes on, while action is required

    @property
    def currency(self) -> str:
        """Of every amount in it."""
        return self.authorized.currency


@dataclass(frozen=True, slots=True)
class Started:
    """A payment that the provider knows now, and where the customer goes to pay; "" when there is nothing to do."""

    snapshot: Snapshot
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A webhook that is genuine: which it is and what it is about, nothing that could be taken for the truth.

    `refs` are pairs of what the provider calls an object and its id; whoever handles the event finds the payment by them
    or by `payment_id` (our id, where the event carries it) and fetches the truth.
    """

    id: str
    type: str
    refs: tuple[tuple[str, str], ...] = ()
    payment_id: UUID | None = None


class ProviderError(Exception):
    """A call that did not do what it was asked. `code` is the provider's, for people who look it up."""

    def __init__(self, code: str = "", message: str = "") -> None:
        self.code = code
        super().__init__(message or code or type(self).__name__)


class Declined(ProviderError):
    """The customer's bank or the provider said no; another try or another method may work.

    `url` is where the customer chooses another one, "" where the provider names no place.
    """

    def __init__(self, code: str = "", message: str = "", *, url: str = "") -> None:
        self.url = url
        super().__init__(code, message)


class NeedsCustomerAction(ProviderError):
    """The customer has to do something at `url` first."""

    def __init__(self, url: str, code: str = "") -> None:
        self.url = url
        super().__init__(code)


class AlreadyDone(ProviderError):
    """It was done before: fetch, and see."""


class InvalidState(ProviderError):
    """The provider's object is not in a state for this, now or ever: fetch, and see."""


class OutcomeUnknown(ProviderError):
    """No answer, or one that says nothing (time-out, 5xx): it may have been done. Ask again with the same request id."""


class RateLimited(ProviderError):
    """Not done: too many calls. Ask again later, with the same request id."""


class Misconfigured(ProviderError):
    """Not done: the keys or the account do not allow it. Somebody has to look at the configuration."""


class BadSignature(ProviderError):
    """A webhook that the provider did not sign, or not like this."""


class Provider(ABC):
    """One payment provider. Methods raise ProviderError and nothing else for what the provider or the network does."""

    identifier: str
    capabilities: frozenset[Capability]
    stored: frozenset[str] = frozenset()  # the refs of a paid payment with which its method can be used again

    @property
    def pages(self) -> tuple[str, ...]:
        """Origins of the pages that it sends customers to, e.g. "https://www.paypal.com"; none for our own."""
        return ()

    @abstractmethod
    def start(
        self, payment: ProviderPayment, *, return_url: str, cancel_url: str, request_id: str
    ) -> Started:
        """Make the payment known to the provider. The customer comes back to one of the URLs."""

    @abstractmethod
    def complete(self, payment: ProviderPayment, params: Mapping[str, str], *, request_id: str) -> Snapshot:
        """Take the money, or authorise it, once the customer has agreed. Idempotent: the page that they come back to, the
        webhook and the reconciler all call it. `params` are the query of that page; they are hints, never the truth."""

    @abstractmethod
    def capture(self, payment: ProviderPayment, amount: Money, *, final: bool, request_id: str) -> Snapshot:
        """Take (a part of) what is held. `final` gives the rest back."""

    @abstractmethod
    def void(self, payment: ProviderPayment, *, request_id: str) -> Snapshot:
        """Give what is held back, or end a payment that nobody has paid. Twice is fine."""

    @abstractmethod
    def reauthorize(self, payment: ProviderPayment, amount: Money, *, request_id: str) -> Snapshot:
        """Hold for longer. Raises InvalidState where it cannot be done (any more)."""

    @abstractmethod
    def refund(
        self, payment: ProviderPayment, amount: Money, *, reason: str, request_id: str
    ) -> RefundSnapshot:
        """Give (a part of) what was taken back."""

    @abstractmethod
    def fetch(self, payment: ProviderPayment) -> Snapshot:
        """The provider's truth; a pure read."""

    @abstractmethod
    def verify_webhook(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Event:
        """The event in a webhook as it came, byte for byte. Raises BadSignature; header names are lower case."""
