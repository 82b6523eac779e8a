"""Holds: authorised, captured in part, voided, reauthorised after the honor period, expired on the 29th day."""

from datetime import timedelta

import pytest

from bookings.payments.provider import AlreadyDone, Declined, InvalidState, Kind, OutcomeUnknown, State
from bookings.tests.payments.paypal.conftest import completed, euros, known, make_payment, started

NOTHING = euros("0.00")


@pytest.fixture
def hold(paypal, sim):
    """500 euros."""
    return completed(paypal, sim, make_payment(Kind.HOLD))


def test_a_hold_takes_nothing_and_says_how_long_it_is_safe(paypal, sim, hold):
    found = paypal.fetch(hold)
    authorization = sim.state.authorizations[hold.refs["authorization"]]
    assert (found.state, found.authorized, found.captured) == (State.AUTHORIZED, euros("500.00"), NOTHING)
    assert found.honor_until == authorization.created + timedelta(days=3)
    assert found.expires_at == authorization.created + timedelta(days=29)
    assert sim.state.orders[hold.refs["order"]].intent == "AUTHORIZE"
    assert not sim.state.captures


def test_two_hundred_are_captured_and_the_rest_is_voided(paypal, hold):
    part = paypal.capture(hold, euros("200.00"), final=False, request_id="capture")
    assert (part.state, part.captured, part.voided) == (State.AUTHORIZED, euros("200.00"), NOTHING)
    rest = paypal.void(known(hold, part), request_id="void")
    assert (rest.state, rest.authorized, rest.captured, rest.voided) == (
        State.CAPTURED,
        euros("500.00"),
        euros("200.00"),
        euros("300.00"),
    )


def test_a_final_capture_gives_the_rest_back(paypal, hold):
    found = paypal.capture(hold, euros("200.00"), final=True, request_id="capture")
    assert (found.state, found.captured, found.voided) == (State.CAPTURED, euros("200.00"), euros("300.00"))
    with pytest.raises(AlreadyDone, match="AUTHORIZATION_ALREADY_CAPTURED"):
        paypal.capture(known(hold, found), euros("1.00"), final=True, request_id="more")


def test_a_capture_whose_answer_is_lost_is_made_once(paypal, sim, hold):
    sim.faults.add("lose", on="/capture", times=2)
    with pytest.raises(OutcomeUnknown):
        paypal.capture(hold, euros("200.00"), final=False, request_id="capture")
    found = paypal.capture(hold, euros("200.00"), final=False, request_id="capture")
    assert found.captured == euros("200.00")


def test_no_more_is_captured_than_paypal_allows(paypal, hold):
    with pytest.raises(InvalidState, match="MAX_CAPTURE_AMOUNT_EXCEEDED"):
        paypal.capture(hold, euros("575.01"), final=True, request_id="capture")
    assert paypal.fetch(hold).captured == NOTHING


def test_a_hold_is_voided_twice_without_harm(paypal, sim, hold):
    for request_id in ("void", "void", "another"):
        found = paypal.void(hold, request_id=request_id)
        assert (found.state, found.voided, found.captured) == (State.VOIDED, euros("500.00"), NOTHING)


def test_a_void_that_comes_second_is_a_success(paypal, sim, hold, monkeypatch):
    void = sim.api.payments.void

    def overtaken(authorization):
        void(authorization)
        return void(authorization)

    monkeypatch.setattr(sim.api.payments, "void", overtaken)
    assert paypal.void(hold, request_id="void").state is State.VOIDED


def test_what_was_voided_cannot_be_captured(paypal, hold):
    paypal.void(hold, request_id="void")
    with pytest.raises(InvalidState, match="AUTHORIZATION_VOIDED"):
        paypal.capture(hold, euros("1.00"), final=True, request_id="capture")


def test_after_the_honor_period_the_reauthorisation_is_captured_from(paypal, sim, hold):
    with pytest.raises(Declined, match="TRANSACTION_REFUSED"):
        paypal.reauthorize(hold, euros("500.00"), request_id="early")
    sim.advance(timedelta(days=3, hours=1))
    renewed = paypal.reauthorize(hold, euros("500.00"), request_id="renew")
    assert renewed.refs["authorization"] != hold.refs["authorization"]
    assert renewed.refs["original_authorization"] == hold.refs["authorization"]
    assert renewed.honor_until == sim.now() + timedelta(days=3)
    assert renewed.expires_at == paypal.fetch(hold).expires_at

    with pytest.raises(Declined):  # the first is used no more
        paypal.capture(hold, euros("200.00"), final=True, request_id="old")
    found = paypal.capture(known(hold, renewed), euros("200.00"), final=True, request_id="new")
    assert (found.state, found.authorized, found.captured) == (
        State.CAPTURED,
        euros("500.00"),
        euros("200.00"),
    )
    assert [each.authorization for each in sim.state.captures.values()] == [renewed.refs["authorization"]]


def test_a_reauthorisation_that_was_not_noted_is_found_again(paypal, sim, hold):
    sim.advance(timedelta(days=4))
    renewed = paypal.reauthorize(hold, euros("500.00"), request_id="renew")
    assert paypal.fetch(hold).refs == renewed.refs


def test_a_hold_can_be_reauthorised_again_and_its_void_is_of_the_first(paypal, sim, hold):
    for n in range(2):
        sim.advance(timedelta(days=4))
        hold = known(hold, paypal.reauthorize(hold, euros("500.00"), request_id=f"renew-{n}"))
    assert len(sim.state.authorizations) == 3
    found = paypal.void(hold, request_id="void")
    assert (found.state, found.voided) == (State.VOIDED, euros("500.00"))
    assert {each.status for each in sim.state.authorizations.values()} == {"VOIDED"}


def test_on_day_thirty_a_hold_has_expired(paypal, sim, hold):
    sim.advance(timedelta(days=30))
    found = paypal.fetch(hold)
    assert (found.state, found.voided, found.honor_until) == (State.EXPIRED, euros("500.00"), None)
    with pytest.raises(InvalidState, match="AUTHORIZATION_VOIDED"):
        paypal.capture(hold, euros("1.00"), final=True, request_id="capture")
    with pytest.raises(InvalidState):
        paypal.reauthorize(hold, euros("500.00"), request_id="renew")
    assert paypal.void(hold, request_id="void").state is State.EXPIRED
    assert sim.webhooks.events[-1]["event_type"] == "PAYMENT.AUTHORIZATION.VOIDED"


def test_a_hold_has_expired_although_paypal_does_not_say_so_yet(paypal, sim, hold):
    sim.api.payments.expire = lambda: None
    sim.advance(timedelta(days=30))
    assert sim.state.authorizations[hold.refs["authorization"]].status == "CREATED"
    assert paypal.fetch(hold).state is State.EXPIRED


def test_a_hold_that_was_voided_in_time_is_not_taken_for_expired_later(paypal, sim, hold):
    paypal.void(hold, request_id="void")
    sim.advance(timedelta(days=30))
    assert paypal.fetch(hold).state is State.VOIDED


def test_a_declined_hold_can_be_agreed_to_again(paypal, sim):
    payment = started(paypal, make_payment(Kind.HOLD))
    sim.choose(payment.refs["order"], "decline")
    with pytest.raises(Declined):
        paypal.complete(payment, {}, request_id="first")
    assert paypal.fetch(payment).state is State.ACTION_REQUIRED
    sim.choose(payment.refs["order"])
    assert paypal.complete(payment, {}, request_id="second").state is State.AUTHORIZED


def test_what_was_captured_of_a_hold_can_be_given_back(paypal, hold):
    hold = known(hold, paypal.capture(hold, euros("200.00"), final=True, request_id="capture"))
    paypal.refund(hold, euros("50.00"), reason="", request_id="refund")
    found = paypal.fetch(hold)
    assert (found.state, found.captured, found.refunded, found.voided) == (
        State.PARTIALLY_REFUNDED,
        euros("200.00"),
        euros("50.00"),
        euros("300.00"),
    )


def test_without_an_authorisation_there_is_nothing_to_capture(paypal, sim):
    payment = started(paypal, make_payment(Kind.HOLD))
    for act in (
        lambda: paypal.capture(payment, euros("1.00"), final=True, request_id="x"),
        lambda: paypal.reauthorize(payment, euros("1.00"), request_id="x"),
    ):
        with pytest.raises(InvalidState, match="no_authorization"):
            act()
