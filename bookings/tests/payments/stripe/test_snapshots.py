"""From Stripe's objects to a Snapshot: states, sums, times, references."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import stripe
from stripe.checkout import Session

from bookings.payments.provider import RefundState, State
from bookings.payments.stripe.snapshots import build_snapshot, refund_snapshot
from bookings.tests.payments.stripe import objects
from bookings.tests.payments.stripe.objects import charge, held_charge, intent, listed, page, refund
from exodrive.money import Money


def told(value):
    return stripe.PaymentIntent.construct_from(value, None)


def of_intent(value):
    return build_snapshot(intent=told(value))


def of_page(value):
    return build_snapshot(session=Session.construct_from(value, None))


def euros(amount):
    return Money(Decimal(amount), "EUR")


def sums(snapshot):
    found = (snapshot.authorized, snapshot.captured, snapshot.refunded, snapshot.voided)
    return tuple(int(each.amount) for each in found)


def keys(value, path=""):
    """Every field of an object by its path; what is inside of metadata and errors is free."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield f"{path}{key}"
        if key not in ("metadata", "last_payment_error", "refunds"):
            yield from keys(inner, f"{path}{key}.")


@pytest.mark.parametrize(
    ("kind", "ours"),
    [
        ("payment_intent", intent("succeeded")),
        ("charge", charge()),
        ("refund", refund(1)),
        ("checkout.session", page()),
    ],
)
def test_the_objects_of_these_tests_have_only_fields_that_stripes_samples_have(samples, kind, ours):
    assert set(keys(ours)) - set(keys(samples[kind])) - {"cancellation_reason"} == set()


def test_stripes_sample_of_an_unpaid_page(samples):
    sample = samples["checkout.session"] | {"currency": "usd", "payment_intent": None}
    snapshot = of_page(sample)
    assert (snapshot.state, snapshot.raw_status, snapshot.next_url) == (
        State.ACTION_REQUIRED,
        "open",
        sample["url"],
    )
    assert snapshot.refs == {"session": sample["id"]}
    assert snapshot.expires_at == datetime.fromtimestamp(sample["expires_at"], UTC)


def test_stripes_sample_of_an_intent_that_failed(samples):
    snapshot = of_intent(samples["payment_intent"])
    assert (snapshot.state, snapshot.failure, snapshot.payment_id) == (
        State.FAILED,
        "idempotency_error",
        None,
    )
    assert (snapshot.currency, sums(snapshot)) == ("USD", (0, 0, 0, 0))


def test_stripes_sample_of_a_paid_intent_and_its_charge(samples):
    paid = samples["payment_intent"] | {
        "status": "succeeded",
        "amount": 100,
        "amount_received": 100,
        "latest_charge": samples["charge"],
    }
    snapshot = of_intent(paid)
    assert (snapshot.state, sums(snapshot), snapshot.refunds) == (State.CAPTURED, (1, 1, 0, 0), ())
    assert snapshot.refs == {"payment_intent": paid["id"], "charge": samples["charge"]["id"]}


def test_stripes_sample_of_a_refund(samples):
    found = refund_snapshot(stripe.Refund.construct_from(samples["refund"], None))
    assert (found.ref, found.state, found.amount) == (
        samples["refund"]["id"],
        RefundState.DONE,
        Money(Decimal(1), "USD"),
    )


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("requires_confirmation", State.CREATED),
        ("requires_payment_method", State.CREATED),
        ("requires_action", State.ACTION_REQUIRED),
        ("processing", State.PROCESSING),
        ("requires_capture", State.AUTHORIZED),
        ("succeeded", State.CAPTURED),
        ("canceled", State.CANCELLED),
    ],
)
def test_every_status_of_an_intent_has_a_state(status, state):
    snapshot = of_intent(intent(status))
    assert (snapshot.state, snapshot.raw_status) == (state, status)


def test_an_intent_that_the_bank_refused_has_failed_and_says_why():
    refused = intent("requires_payment_method") | {
        "last_payment_error": {"code": "card_declined", "decline_code": "insufficient_funds"}
    }
    snapshot = of_intent(refused)
    assert (snapshot.state, snapshot.failure) == (State.FAILED, "insufficient_funds")


def test_a_card_refused_on_an_open_page_leaves_another_try():
    refused = intent("requires_payment_method", last_payment_error={"code": "card_declined"})
    snapshot = of_page(page(of=refused))
    assert (snapshot.state, snapshot.failure) == (State.ACTION_REQUIRED, "card_declined")
    assert snapshot.next_url == objects.PAGE_URL


@pytest.mark.parametrize(
    ("of", "state"),
    [
        (None, State.PROCESSING),  # says nothing of the money
        (intent("processing"), State.PROCESSING),
        (intent("requires_payment_method"), State.FAILED),  # a debit that the bank sent back days later
        (intent("requires_capture"), State.AUTHORIZED),
        (intent("succeeded"), State.CAPTURED),
    ],
)
def test_a_page_that_is_complete_is_as_far_as_its_intent(of, state):
    assert of_page(page("complete", of=of)).state == state


def test_a_page_that_is_paid_is_captured():
    snapshot = of_page(page("complete", paid="paid"))
    assert (snapshot.state, sums(snapshot)) == (State.CAPTURED, (500, 500, 0, 0))


@pytest.mark.parametrize("of", [None, intent("canceled"), intent("requires_payment_method")])
def test_a_page_that_closed_is_expired(of):
    snapshot = of_page(page("expired", of=of))
    assert (snapshot.state, snapshot.next_url, snapshot.expires_at) == (State.EXPIRED, "", None)


def test_a_hold_is_safe_until_its_charge_says_so():
    snapshot = of_intent(intent("requires_capture", latest_charge=held_charge()))
    until = datetime(2100, 1, 1, tzinfo=UTC)
    assert (snapshot.expires_at, snapshot.honor_until, sums(snapshot)) == (until, until, (500, 0, 0, 0))


def test_without_a_word_of_the_charge_nobody_knows_how_long_a_hold_lasts():
    snapshot = of_page(page("complete", of=intent("requires_capture", latest_charge=charge())))
    assert (snapshot.expires_at, snapshot.honor_until) == (None, None)


def test_what_a_partial_capture_releases_is_no_refund():
    released = charge(amount_refunded=30_000, refunds=listed(refund(30_000)))
    snapshot = of_intent(intent("succeeded", amount_received=20_000, latest_charge=released))
    assert (snapshot.state, sums(snapshot), snapshot.refunds) == (State.CAPTURED, (500, 200, 0, 300), ())


def test_a_refund_as_large_as_what_was_released_is_still_a_refund():
    both = listed(refund(25_000, ref="re_2"), refund(25_000, ref="re_1"))
    partly = charge(amount_refunded=50_000, refunds=both)
    snapshot = of_intent(intent("succeeded", amount_received=25_000, latest_charge=partly))
    assert (snapshot.state, sums(snapshot)) == (State.REFUNDED, (500, 250, 250, 250))
    assert [each.ref for each in snapshot.refunds] == ["re_2"]


def test_a_refund_of_ours_is_never_taken_for_what_was_released():
    ours = charge(amount_refunded=25_000, refunds=listed(refund(25_000, request_id="r-1")))
    snapshot = of_intent(intent("succeeded", amount_received=25_000, latest_charge=ours))
    assert (snapshot.state, sums(snapshot)) == (State.REFUNDED, (500, 250, 250, 250))


def test_refunds_tell_whose_they_are_and_failed_ones_count_nothing():
    some = listed(
        refund(1_000, ref="re_3", status="failed", failure_reason="lost_or_stolen_card"),
        refund(2_000, ref="re_2", status="pending", request_id="r-2"),
        refund(5_000, ref="re_1"),
    )
    snapshot = of_intent(intent("succeeded", latest_charge=charge(amount_refunded=7_000, refunds=some)))
    assert (snapshot.state, snapshot.refunded) == (State.PARTIALLY_REFUNDED, euros(70))
    assert [(each.ref, each.state, each.request_id, each.failure) for each in snapshot.refunds] == [
        ("re_1", RefundState.DONE, "", ""),
        ("re_2", RefundState.PENDING, "r-2", ""),
        ("re_3", RefundState.FAILED, "", "lost_or_stolen_card"),
    ]


def test_more_refunds_than_one_list_holds_are_summed_by_stripe():
    many = charge(amount_refunded=42_000, refunds=listed(refund(1_000), has_more=True))
    assert of_intent(intent("succeeded", latest_charge=many)).refunded == euros(420)
    partly = intent("succeeded", amount_received=40_000, latest_charge=many)
    assert of_intent(partly).refunded == euros(320)  # the first hundred were never taken


def test_a_hold_that_was_cancelled_is_voided_and_refunds_nothing():
    given_back = charge(amount_refunded=50_000, refunds=listed(refund(50_000)))
    snapshot = of_intent(intent("canceled", latest_charge=given_back))
    assert (snapshot.state, sums(snapshot), snapshot.refunds) == (State.VOIDED, (500, 0, 0, 500), ())


def test_a_hold_that_stripe_let_go_is_expired():
    snapshot = of_intent(intent("canceled", latest_charge=charge(), cancellation_reason="automatic"))
    assert (snapshot.state, sums(snapshot)) == (State.EXPIRED, (500, 0, 0, 500))


def test_an_intent_knows_our_id_and_its_page_does_too():
    assert of_intent(intent("processing")).payment_id == objects.PAYMENT
    assert of_page(page()).payment_id == objects.PAYMENT
    assert of_page(page(client_reference_id="customer 7")).payment_id is None


def test_references_name_everything_that_is_there():
    assert of_page(page("complete", of=intent("succeeded", latest_charge=charge()))).refs == {
        "session": "cs_1",
        "payment_intent": "pi_1",
        "charge": "ch_1",
        "customer": "cus_1",
        "payment_method": "pm_1",
    }


def test_yen_have_no_cents():
    assert of_intent(intent("succeeded", amount=5_000, currency="jpy")).captured == Money(
        Decimal(5000), "JPY"
    )
