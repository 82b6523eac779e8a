"""What Stripe's errors mean to us, through the SDK as it raises them."""

import logging
import traceback

import pytest
import stripe

from bookings.payments import provider as words
from bookings.tests.payments.stripe.objects import Json, error, intent, new_payment

PAYMENT = new_payment(payment_intent="pi_1")


def unexpected(status: str) -> Json:
    found = error("invalid_request_error", "payment_intent_unexpected_state")
    found["error"]["payment_intent"] = intent(status)
    return found


def with_action() -> Json:
    found = error("card_error", "authentication_required")
    to = {"type": "redirect_to_url", "redirect_to_url": {"url": "https://hooks.stripe.com/3d"}}
    found["error"]["payment_intent"] = intent("requires_action", next_action=to)
    return found


def declined(code: str) -> Json:
    return {"error": {"type": "card_error", "code": "card_declined", "decline_code": code}}


@pytest.mark.parametrize(
    ("answer", "word", "code"),
    [
        ((402, error("card_error", "expired_card")), words.Declined, "expired_card"),
        ((402, declined("insufficient_funds")), words.Declined, "insufficient_funds"),
        ((402, error("card_error", "authentication_required")), words.Declined, "authentication_required"),
        ((402, with_action()), words.NeedsCustomerAction, "authentication_required"),
        ((400, error("invalid_request_error", "charge_already_captured")), words.AlreadyDone, None),
        ((400, error("invalid_request_error", "charge_already_refunded")), words.AlreadyDone, None),
        ((400, unexpected("canceled")), words.AlreadyDone, "payment_intent_unexpected_state"),
        ((400, unexpected("succeeded")), words.InvalidState, "payment_intent_unexpected_state"),
        ((404, error("invalid_request_error", "resource_missing")), words.InvalidState, "resource_missing"),
        ((400, error("idempotency_error")), words.InvalidState, "idempotency_error"),
        ((401, error("invalid_request_error")), words.Misconfigured, ""),
        ((403, error("invalid_request_error", "account_invalid")), words.Misconfigured, "account_invalid"),
        ((429, error("invalid_request_error", "lock_timeout")), words.RateLimited, "lock_timeout"),
        ((429, error("invalid_request_error")), words.RateLimited, "rate_limit"),
        (
            (409, error("invalid_request_error", "idempotency_key_in_use")),
            words.OutcomeUnknown,
            "idempotency_key_in_use",
        ),
        ((500, error("api_error")), words.OutcomeUnknown, ""),
        ((502, "<html>Bad gateway</html>"), words.OutcomeUnknown, ""),
        ((200, "half an ans"), words.OutcomeUnknown, ""),
        (stripe.APIConnectionError("timed out", should_retry=True), words.OutcomeUnknown, ""),
    ],
)
def test_every_error_has_one_word(speaking, answer, word, code):
    provider, http = speaking(answer)
    with pytest.raises(words.ProviderError) as refusal:
        provider.fetch(PAYMENT)
    assert type(refusal.value) is word
    assert code is None or refusal.value.code == code
    assert len(http.sent) == 1  # nothing is tried twice in the customer's time


def test_where_the_customer_has_to_go_is_said(speaking):
    provider, _ = speaking((402, with_action()))
    with pytest.raises(words.NeedsCustomerAction) as needed:
        provider.fetch(PAYMENT)
    assert needed.value.url == "https://hooks.stripe.com/3d"


def test_neither_log_nor_traceback_carries_what_stripe_wrote(speaking, caplog):
    caplog.set_level(logging.DEBUG)
    secret = error("card_error", "expired_card")
    secret["error"]["message"] = "the card of Jenny Rosen"
    provider, _ = speaking((402, secret))
    with pytest.raises(words.Declined) as refusal:
        provider.fetch(PAYMENT)
    shown = "".join(traceback.format_exception(refusal.value)) + caplog.text
    assert "Jenny Rosen" not in shown
    assert "expired_card req_1" in caplog.text
    assert refusal.value.__context__ is None
