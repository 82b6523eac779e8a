"""The client: tokens, deadlines, retries with one request id, and what PayPal's errors become."""

import json
import logging
import threading
from collections.abc import Callable

import httpx
import pytest

from bookings.payments.circuit import FAILURES, Circuit
from bookings.payments.paypal import PayPal
from bookings.payments.paypal.client import EARLY, Client
from bookings.payments.provider import (
    AlreadyDone,
    Declined,
    InvalidState,
    Misconfigured,
    NeedsCustomerAction,
    OutcomeUnknown,
    RateLimited,
)
from bookings.tests.payments.paypal.conftest import make_payment, started

TOKEN = "/v1/oauth2/token"
ORDERS = "/v2/checkout/orders"


class Server:
    """PayPal as a list of answers; what came is in `requests`. `clock` is the client's."""

    def __init__(self, *answers: Callable[[httpx.Request], httpx.Response] | httpx.Response) -> None:
        self.answers, self.requests, self.tokens = list(answers), [], 0
        self.now = 1000.0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == TOKEN:
            self.tokens += 1
            return httpx.Response(200, json={"access_token": f"token-{self.tokens}", "expires_in": 600})
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, json={"id": "1"})
        return answer(request) if callable(answer) else answer

    def client(self, *, credentials: tuple[str, str] = ("id", "secret"), timeout: float = 5) -> Client:
        return Client(
            "https://paypal.example",
            credentials,
            timeout=timeout,
            transport=httpx.MockTransport(self),
            circuit=Circuit(),
            clock=lambda: self.now,
        )

    @property
    def request_ids(self) -> list[str]:
        return [request.headers["PayPal-Request-Id"] for request in self.requests]


def order(client: Client, request_id: str = "mine") -> dict[str, object]:
    with client.operation() as paypal:
        return paypal.post(ORDERS, {"intent": "CAPTURE"}, request_id=request_id)


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("", request=request)


def refusal(status: int, issue: str = "", **extra: object) -> httpx.Response:
    body = {"name": "X", **({"details": [{"issue": issue}]} if issue else {}), **extra}
    return httpx.Response(status, json=body, headers={"PayPal-Debug-Id": "d3bug"})


def test_a_post_carries_its_id_and_asks_for_the_whole_answer():
    server = Server()
    order(server.client())
    headers = server.requests[0].headers
    assert headers["PayPal-Request-Id"] == "mine"
    assert headers["Prefer"] == "return=representation"
    assert headers["Authorization"] == "Bearer token-1"
    assert json.loads(server.requests[0].content) == {"intent": "CAPTURE"}


def test_a_token_is_kept_until_a_minute_before_its_end():
    server = Server()
    client = server.client()
    order(client)
    server.now += 600 - EARLY - 1
    order(client)
    assert server.tokens == 1
    server.now += 1
    order(client)
    assert server.tokens == 2


def test_a_token_that_is_refused_is_replaced_once():
    server = Server(refusal(401))
    assert order(server.client()) == {"id": "1"}
    assert [request.headers["Authorization"] for request in server.requests] == [
        "Bearer token-1",
        "Bearer token-2",
    ]
    server = Server(refusal(401), refusal(401))
    with pytest.raises(Misconfigured):
        order(server.client())
    assert len(server.requests) == 2


def test_without_credentials_nobody_is_asked():
    server = Server()
    with pytest.raises(Misconfigured, match="no_credentials"):
        order(server.client(credentials=("", "")))
    assert (server.tokens, server.requests) == (0, [])


@pytest.mark.parametrize("first", [silent, refusal(500), refusal(503), refusal(429)])
def test_what_may_have_been_done_is_asked_again_once_with_the_same_id(first):
    server = Server(first)
    assert order(server.client()) == {"id": "1"}
    assert server.request_ids == ["mine", "mine"]


def test_nothing_is_asked_a_third_time():
    server = Server(refusal(500), refusal(500), refusal(500))
    with pytest.raises(OutcomeUnknown):
        order(server.client())
    assert len(server.requests) == 2


def test_a_refusal_is_not_asked_again():
    server = Server(refusal(422, "INSTRUMENT_DECLINED"))
    with pytest.raises(Declined):
        order(server.client())
    assert len(server.requests) == 1


def test_all_calls_of_an_operation_share_one_deadline():
    server = Server()

    def slow(request: httpx.Request) -> httpx.Response:
        server.now += 2.4
        return httpx.Response(200, json={"id": "1"})

    server.answers = [slow, slow, slow]
    with server.client(timeout=5).operation() as paypal:
        for n in range(2):
            paypal.post(ORDERS, request_id=str(n))
        with pytest.raises(OutcomeUnknown, match="timeout"):
            paypal.post(ORDERS, request_id="2")
    assert len(server.requests) == 3


def test_no_second_attempt_begins_after_the_deadline():
    server = Server()

    def silent_for_long(request: httpx.Request) -> httpx.Response:
        server.now += 6
        raise httpx.ReadTimeout("", request=request)

    server.answers = [silent_for_long]
    with pytest.raises(OutcomeUnknown):
        order(server.client(timeout=5))
    assert len(server.requests) == 1


def test_the_first_attempt_leaves_time_for_the_second():
    server = Server(silent)
    order(server.client(timeout=5))
    timeouts = [request.extensions["timeout"]["read"] for request in server.requests]
    assert timeouts == [3.0, 5.0]  # the clock stood still


def test_an_answer_that_drips_is_cut_at_the_deadline():
    server = Server()

    class Drip(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                server.now += 1
                yield b" "

    server.answers = [httpx.Response(200, stream=Drip())]
    with pytest.raises(OutcomeUnknown, match="timeout"):
        order(server.client(timeout=5))
    assert server.now <= 1006


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[1]),
        httpx.Response(200, content=b" " * 1_000_001),
        httpx.Response(502, text="<html>"),
    ],
)
def test_an_answer_that_says_nothing_leaves_the_outcome_open(answer):
    with pytest.raises(OutcomeUnknown):
        order(Server(answer, answer).client())


@pytest.mark.parametrize(
    ("status", "issue", "error"),
    [
        (422, "INSTRUMENT_DECLINED", Declined),
        (422, "PAYER_CANNOT_PAY", Declined),
        (422, "TRANSACTION_REFUSED", Declined),
        (422, "ORDER_ALREADY_CAPTURED", AlreadyDone),
        (422, "ORDER_ALREADY_AUTHORIZED", AlreadyDone),
        (422, "AUTHORIZATION_ALREADY_CAPTURED", AlreadyDone),
        (422, "PREVIOUSLY_VOIDED", AlreadyDone),
        (422, "CAPTURE_FULLY_REFUNDED", AlreadyDone),
        (422, "PREVIOUSLY_CAPTURED", InvalidState),
        (422, "AUTHORIZATION_VOIDED", InvalidState),
        (422, "A_NEW_ONE", InvalidState),
        (404, "INVALID_RESOURCE_ID", InvalidState),
        (400, "MALFORMED_REQUEST_JSON", InvalidState),
        (401, "INVALID_ACCOUNT_STATUS", Misconfigured),
        (403, "PERMISSION_DENIED", Misconfigured),
        (403, "NOT_AUTHORIZED", Misconfigured),
        (422, "PAYEE_ACCOUNT_RESTRICTED", Misconfigured),
        (429, "RATE_LIMIT_REACHED", RateLimited),
        (409, "PREVIOUS_REQUEST_IN_PROGRESS", OutcomeUnknown),
        (500, "INTERNAL_SERVER_ERROR", OutcomeUnknown),
    ],
)
def test_an_issue_becomes_one_of_our_errors_with_its_code(status, issue, error):
    with pytest.raises(error) as raised:
        order(Server(*[refusal(status, issue)] * 2).client())
    assert (type(raised.value), raised.value.code) == (error, issue)


def test_a_payer_who_has_to_go_back_is_told_where_to():
    links = [{"rel": "payer-action", "href": "https://www.paypal.com/checkoutnow?token=1"}]
    with pytest.raises(NeedsCustomerAction) as raised:
        order(Server(refusal(422, "PAYER_ACTION_REQUIRED", links=links)).client())
    assert raised.value.url == links[0]["href"]
    with pytest.raises(Declined):
        order(Server(refusal(422, "PAYER_ACTION_REQUIRED")).client())


def test_a_refusal_is_logged_by_code_and_debug_id_and_nothing_else(caplog):
    caplog.set_level(logging.INFO, logger="bookings.payments")
    with pytest.raises(Declined):
        order(Server(refusal(422, "INSTRUMENT_DECLINED", message="Marta Oliveira")).client())
    [line] = [record.getMessage() for record in caplog.records if record.name.startswith("bookings.")]
    assert line == "PayPal answered 422 INSTRUMENT_DECLINED (debug id d3bug)"


def test_a_provider_that_does_not_answer_is_left_alone():
    def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("", request=request)

    server = Server(*[refused] * 20)
    client = server.client()
    for _ in range(FAILURES):
        with pytest.raises(OutcomeUnknown):
            order(client)
    asked = len(server.requests)
    with pytest.raises(RateLimited) as raised:
        order(client)
    assert (raised.value.code, len(server.requests)) == ("circuit_open", asked)


@pytest.mark.real_time
def test_a_capture_slower_than_we_wait_is_made_once(sim, client, paypal):
    payment = started(paypal, make_payment())
    sim.choose(payment.refs["order"])
    hasty = Client(sim.url, sim.credentials, timeout=1)
    sim.faults.add("slow", on="/capture", seconds=60)
    with pytest.raises(OutcomeUnknown):
        PayPal(hasty, clock=sim.now).complete(payment, {}, request_id="complete")
    hasty.http.close()
    sim.go_on.set()
    while sim.is_busy:
        threading.Event().wait(0.01)
    assert paypal.complete(payment, {}, request_id="complete").captured == payment.amount
    assert len(sim.state.captures) == 1
