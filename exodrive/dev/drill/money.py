"""What customers paid against what the provider took, what bookings know of it, and what people were told.

Pure but for `Money.on`, so that its tests can show that it finds what is wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from exodrive.dev.drill.provider import Mail, times_sent
from exodrive.dev.drill.site import Site
from exodrive.dev.drill.tally import Tally

OVER = ("cancelled", "refunded")
# What the reconciler has not brought to rest. A page that its customer left open may stay open.
UNFINISHED = """
SELECT count(*) FROM (
  SELECT o.id FROM payment_operations o JOIN payments p ON p.id = o.payment_id
    WHERE o.outcome IN ('started', 'unknown') AND p.state <> 'action_required'
  UNION ALL SELECT id FROM payments WHERE state IN ('created', 'processing')
  UNION ALL SELECT s.id FROM sandbox_orders s LEFT JOIN payments p ON p.id = s.payment_id_sent
    WHERE s.state = 'approved' OR s.captured <> coalesce(p.captured, 0)
  UNION ALL SELECT id FROM refunds WHERE state IN ('created', 'pending')
  UNION ALL SELECT id FROM bookings
    WHERE (status = 'pending' AND paid >= total) OR (status = 'cancelled' AND (paid > 0 OR refunded > 0))
  UNION ALL SELECT p.id FROM payments p JOIN bookings b ON b.id = p.booking_id
    WHERE b.status IN ('cancelled', 'refunded') AND p.state IN ('scheduled', 'action_required', 'authorized')
) AS unfinished
"""


class Account(NamedTuple):
    """A booking, live or over, and what it says of its money."""

    booking: str
    email: str
    status: str
    payment_status: str
    total: Decimal


class Payment(NamedTuple):
    """A payment as the site has it: its sums, how many operations captured something, and how many have no outcome."""

    id: str
    booking: str
    state: str
    captured: Decimal
    refunded: Decimal
    refunding: Decimal
    captures: int
    unanswered: int

    @property
    def kept(self) -> Decimal:
        """Neither given back nor on its way back."""
        return self.captured - self.refunded - self.refunding


class Order(NamedTuple):
    """The same as the provider has it."""

    payment: str
    state: str
    captured: Decimal
    refunded: Decimal


@dataclass
class Money:
    """Everything about money that is left when the drill is over. `receipts` says of each receipt queued: payment."""

    accounts: list[Account] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)

    @classmethod
    def on(cls, site: Site, mails: list[Mail]) -> "Money":
        """Read a site's database. Deposits are not due before the drill is over, so all captures are rentals'."""
        accounts = site.rows("SELECT id::text, email, status, payment_status, total FROM bookings")
        payments = site.rows(
            "SELECT p.id::text, p.booking_id::text, p.state, p.captured, p.refunded, p.refunding,"
            " count(o.id) FILTER (WHERE o.captured > 0),"
            " count(o.id) FILTER (WHERE o.outcome IN ('started', 'unknown'))"
            " FROM payments p LEFT JOIN payment_operations o ON o.payment_id = p.id GROUP BY p.id"
        )
        orders = site.rows(
            "SELECT payment_id_sent::text, state, captured,"
            " (SELECT coalesce(sum((one->>'amount')::numeric), 0) FROM jsonb_array_elements(refunds) AS one)"
            " FROM sandbox_orders"
        )
        receipts = site.rows(
            "SELECT id::text, payment_id::text FROM inbox_emails WHERE template = 'payment_receipt'"
        )
        return cls(
            [Account(*row) for row in accounts],
            [Payment(*row) for row in payments],
            [Order(*row) for row in orders],
            dict(receipts),
            mails,
        )

    def email_of(self, payment: Payment) -> str:
        """Whose payment it is."""
        return next((one.email for one in self.accounts if one.booking == payment.booking), "nobody")


def wrong_money(tally: Tally, money: Money) -> Iterator[str]:
    """One sentence for everything that is wrong with what customers paid; none when all is well."""
    yield from _kept(money)
    yield from _orders(money)
    yield from _answers(money)
    yield from _told(tally, money.accounts)
    yield from _receipts(money)


def _kept(money: Money) -> Iterator[str]:
    kept: dict[str, Decimal] = defaultdict(Decimal)
    for payment in money.payments:
        kept[payment.booking] += payment.kept
    for account in money.accounts:
        has = kept.pop(account.booking, Decimal(0))
        most = Decimal(0) if account.status in OVER else account.total
        if has > most:
            yield f"{account.email} has paid {has} for a booking that is {account.status} and costs {account.total}"
    for booking, has in kept.items():
        if has:
            yield f"{has} was paid for {booking}, which is no booking"


def _orders(money: Money) -> Iterator[str]:
    ours = {payment.id: payment for payment in money.payments}
    for number, times in Counter(order.payment for order in money.orders).items():
        if times > 1:
            yield f"the provider has {times} orders for the payment of {_whose(money, ours.get(number))}"
    for order in money.orders:
        payment = ours.get(order.payment)
        who = _whose(money, payment)
        if order.state == "approved":
            yield f"{who} agreed and the money was not taken"
        for word, theirs, known in (
            ("took", order.captured, payment.captured if payment else 0),
            ("gave back", order.refunded, payment.refunded if payment else 0),
        ):
            if theirs != known:
                yield f"the provider {word} {theirs} of the payment of {who}, and we know of {known}"
    known_there = {order.payment for order in money.orders}
    for payment in money.payments:
        if payment.captured and payment.id not in known_there:
            yield f"the payment of {money.email_of(payment)} is captured and the provider knows none"


def _whose(money: Money, payment: Payment | None) -> str:
    return money.email_of(payment) if payment else "nobody"


def _answers(money: Money) -> Iterator[str]:
    for payment in money.payments:
        who = money.email_of(payment)
        if payment.captures > 1:
            yield f"the payment of {who} was captured {payment.captures} times"
        if payment.state in ("created", "processing"):
            yield f"the payment of {who} is still {payment.state}"
        elif payment.unanswered and payment.state != "action_required":
            yield f"the payment of {who} is {payment.state} and waits for {payment.unanswered} answers"


def _told(tally: Tally, accounts: Iterable[Account]) -> Iterator[str]:
    known = {account.email: account for account in accounts}
    for who in sorted(tally.booked | tally.cancelled):
        account = known.get(who)
        status = account.status if account else "not there"
        pays = account.payment_status if account else "unpaid"
        if who in tally.cancelled:
            if status not in OVER or pays not in ("unpaid", "failed", "refunded"):
                yield f"{who} read that it is cancelled, and it is {status} and {pays}"
        elif status in ("pending", *OVER, "not there") or pays != "paid":
            yield f"{who} read that it is booked, and it is {status} and {pays}"


def _receipts(money: Money) -> Iterator[str]:
    sent: Counter[str] = Counter()
    for mail, times in times_sent(money.mails).items():
        if about := money.receipts.get(mail):
            sent[about] += times
    for payment in money.payments:
        wanted, number = int(payment.captured > 0), sent[payment.id]
        if number != wanted:
            yield f"the receipt for the payment of {money.email_of(payment)} was sent {number} times"
