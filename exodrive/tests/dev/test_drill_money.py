"""The drill finds what it looks for in money: taken twice, kept for nothing, lost on the way, promised and not there."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from exodrive.dev.drill.money import Account, Money, Order, Payment, wrong_money
from exodrive.dev.drill.provider import Mail
from exodrive.dev.drill.tally import Tally

ANNA, BEN, CLARA = "anna@example.com", "ben@example.com", "clara@example.com"
HUNDRED, NOTHING = Decimal(100), Decimal(0)


def mail(number: str) -> Mail:
    return Mail(ANNA, "Your receipt", "...", f"<{number}@127.0.0.1>")


@pytest.fixture
def tally() -> Tally:
    """Anna paid, Ben went back without paying, Clara paid and cancelled."""
    return Tally(booked={ANNA, CLARA}, cancelled={CLARA})


@pytest.fixture
def money() -> Money:
    """What there is when nothing went wrong."""
    return Money(
        accounts=[
            Account("a", ANNA, "upcoming", "paid", HUNDRED),
            Account("b", BEN, "pending", "unpaid", HUNDRED),
            Account("c", CLARA, "refunded", "refunded", HUNDRED),
        ],
        payments=[
            Payment("pa", "a", "captured", HUNDRED, NOTHING, NOTHING, captures=1, unanswered=0),
            Payment("pb", "b", "action_required", NOTHING, NOTHING, NOTHING, captures=0, unanswered=1),
            Payment("pc", "c", "refunded", HUNDRED, HUNDRED, NOTHING, captures=1, unanswered=0),
        ],
        orders=[
            Order("pa", "captured", HUNDRED, NOTHING),
            Order("pb", "action_required", NOTHING, NOTHING),
            Order("pc", "captured", HUNDRED, HUNDRED),
        ],
        receipts={"ra": "pa", "rc": "pc"},
        mails=[mail("ra"), mail("rc"), mail("another letter")],
    )


def test_nothing_wrong(tally: Tally, money: Money) -> None:
    assert list(wrong_money(tally, money)) == []


def test_money_on_its_way_back_is_not_kept(tally: Tally, money: Money) -> None:
    money.payments[2] = money.payments[2]._replace(state="captured", refunded=NOTHING, refunding=HUNDRED)
    money.orders[2] = money.orders[2]._replace(refunded=NOTHING)
    assert list(wrong_money(tally, money)) == []


def payment(money: Money, n: int, **changed: object) -> None:
    money.payments[n] = money.payments[n]._replace(**changed)


def order(money: Money, n: int, **changed: object) -> None:
    money.orders[n] = money.orders[n]._replace(**changed)


def account(money: Money, n: int, **changed: object) -> None:
    money.accounts[n] = money.accounts[n]._replace(**changed)


def kept_for_nothing(money: Money) -> None:
    payment(money, 2, refunded=NOTHING, state="captured")
    order(money, 2, refunded=NOTHING)


def paid_twice(money: Money) -> None:
    money.payments.append(money.payments[0]._replace(id="pd"))
    money.orders.append(money.orders[0]._replace(payment="pd"))
    money.receipts["rd"] = "pd"
    money.mails.append(mail("rd"))


def of_no_booking(money: Money) -> None:
    payment(money, 0, booking="z")


def captured_twice(money: Money) -> None:
    payment(money, 0, captures=2)


def taken_and_unknown(money: Money) -> None:
    order(money, 1, state="captured", captured=HUNDRED)


def taken_for_nobody(money: Money) -> None:
    money.orders.append(Order("pz", "captured", HUNDRED, NOTHING))


def agreed_in_vain(money: Money) -> None:
    order(money, 1, state="approved")


def refund_unknown(money: Money) -> None:
    order(money, 0, refunded=Decimal(40))


def refund_invented(money: Money) -> None:
    order(money, 2, refunded=NOTHING)


def second_order(money: Money) -> None:
    money.orders.append(money.orders[0])


def no_order(money: Money) -> None:
    del money.orders[0]


def no_answer(money: Money) -> None:
    payment(money, 2, unanswered=1)


def still_checked(money: Money) -> None:
    payment(money, 1, state="processing")


def promised_and_pending(money: Money) -> None:
    account(money, 0, status="pending")


def promised_and_unpaid(money: Money) -> None:
    account(money, 0, payment_status="unpaid")


def promised_and_gone(money: Money) -> None:
    del money.accounts[0]
    del money.payments[0]
    del money.orders[0]
    del money.receipts["ra"]


def cancelled_and_live(money: Money) -> None:
    account(money, 2, status="upcoming")


def lost_receipt(money: Money) -> None:
    del money.mails[0]


def double_receipt(money: Money) -> None:
    money.mails.append(mail("ra"))


def second_receipt(money: Money) -> None:
    money.receipts["ra2"] = "pa"
    money.mails.append(mail("ra2"))


def receipt_for_nothing(money: Money) -> None:
    money.receipts["rb"] = "pb"
    money.mails.append(mail("rb"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (kept_for_nothing, [f"{CLARA} has paid 100 for a booking that is refunded and costs 100"]),
        (paid_twice, [f"{ANNA} has paid 200 for a booking that is upcoming and costs 100"]),
        (
            of_no_booking,
            ["100 was paid for z, which is no booking"],
        ),
        (captured_twice, [f"the payment of {ANNA} was captured 2 times"]),
        (taken_and_unknown, [f"the provider took 100 of the payment of {BEN}, and we know of 0"]),
        (taken_for_nobody, ["the provider took 100 of the payment of nobody, and we know of 0"]),
        (agreed_in_vain, [f"{BEN} agreed and the money was not taken"]),
        (refund_unknown, [f"the provider gave back 40 of the payment of {ANNA}, and we know of 0"]),
        (refund_invented, [f"the provider gave back 0 of the payment of {CLARA}, and we know of 100"]),
        (second_order, [f"the provider has 2 orders for the payment of {ANNA}"]),
        (no_order, [f"the payment of {ANNA} is captured and the provider knows none"]),
        (no_answer, [f"the payment of {CLARA} is refunded and waits for 1 answers"]),
        (still_checked, [f"the payment of {BEN} is still processing"]),
        (promised_and_pending, [f"{ANNA} read that it is booked, and it is pending and paid"]),
        (promised_and_unpaid, [f"{ANNA} read that it is booked, and it is upcoming and unpaid"]),
        (promised_and_gone, [f"{ANNA} read that it is booked, and it is not there and unpaid"]),
        (cancelled_and_live, [f"{CLARA} read that it is cancelled, and it is upcoming and refunded"]),
        (lost_receipt, [f"the receipt for the payment of {ANNA} was sent 0 times"]),
        (double_receipt, [f"the receipt for the payment of {ANNA} was sent 2 times"]),
        (second_receipt, [f"the receipt for the payment of {ANNA} was sent 2 times"]),
        (receipt_for_nothing, [f"the receipt for the payment of {BEN} was sent 1 times"]),
    ],
)
def test_what_is_wrong_is_said(
    tally: Tally, money: Money, spoil: Callable[[Money], None], said: list[str]
) -> None:
    spoil(money)
    assert list(wrong_money(tally, money)) == said


def test_what_goes_back_to_ben_too_is_said_once_for_each_half(tally: Tally, money: Money) -> None:
    """A booking that costs less than what two payments left is wrong even when each of them is right."""
    payment(money, 0, refunded=Decimal(20))
    order(money, 0, refunded=Decimal(20))
    account(money, 0, total=Decimal(70))
    assert list(wrong_money(tally, money)) == [
        f"{ANNA} has paid 80 for a booking that is upcoming and costs 70"
    ]
