"""The simulator before judges that nobody here wrote: PayPal's specifications, schemathesis, PayPal's own SDK."""

import base64
import json
from functools import cache
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from openapi_core.exceptions import OpenAPIError
from paypalserversdk.configuration import Configuration, Environment, Server
from paypalserversdk.exceptions.error_exception import ErrorException
from paypalserversdk.http.auth.o_auth_2 import ClientCredentialsAuthCredentials
from paypalserversdk.models.amount_with_breakdown import AmountWithBreakdown
from paypalserversdk.models.money import Money as SdkMoney
from paypalserversdk.models.order_request import OrderRequest
from paypalserversdk.models.purchase_unit_request import PurchaseUnitRequest
from paypalserversdk.models.refund_request import RefundRequest
from paypalserversdk.paypal_serversdk_client import PaypalServersdkClient
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bookings.payments.provider import Kind
from bookings.tests.payments.paypal.conftest import completed, euros, make_payment, started
from bookings.tests.payments.paypal.data import SPECIFICATIONS, path_of
from bookings.tests.payments.paypal.judge import Judged
from exodrive.dev.paypal_sim.problems import (
    AUTHORIZE,
    CAPTURE,
    CREATE,
    PAYMENTS,
    SPECIAL,
    TEXTS,
)

Operation = tuple[str, str, str]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    ("checkout_orders_v2", "POST", "/v2/checkout/orders"),
    ("checkout_orders_v2", "GET", "/v2/checkout/orders/{id}"),
    ("checkout_orders_v2", "POST", "/v2/checkout/orders/{id}/capture"),
    ("checkout_orders_v2", "POST", "/v2/checkout/orders/{id}/authorize"),
    ("payments_payment_v2", "GET", "/v2/payments/authorizations/{authorization_id}"),
    ("payments_payment_v2", "POST", "/v2/payments/authorizations/{authorization_id}/capture"),
    ("payments_payment_v2", "POST", "/v2/payments/authorizations/{authorization_id}/reauthorize"),
    ("payments_payment_v2", "POST", "/v2/payments/authorizations/{authorization_id}/void"),
    ("payments_payment_v2", "GET", "/v2/payments/captures/{capture_id}"),
    ("payments_payment_v2", "POST", "/v2/payments/captures/{capture_id}/refund"),
    ("payments_payment_v2", "GET", "/v2/payments/refunds/{refund_id}"),
]


def takes_a_body(operation: Operation) -> bool:
    _, method, path = operation
    return method == "POST" and not path.endswith("/void")


def document(name: str) -> Any:
    return json.loads(path_of("paypal-openapi", f"{name}.json").read_text())


@cache
def generated(name: str) -> Any:
    return schemathesis.openapi.from_dict(document(name))


# --- The judge between our client and the simulator -----------------------------------------------------------------


def ask(method: str, path: str, body: Any = None, answer: httpx.Response | None = None) -> httpx.Response:
    inner = httpx.MockTransport(lambda request: answer or httpx.Response(200, json={}))
    with httpx.Client(transport=Judged(inner), base_url="http://127.0.0.1") as http:
        return http.request(method, path, json=body, headers={"Authorization": "Bearer x"})


GOOD = {"intent": "CAPTURE", "purchase_units": [{"amount": {"currency_code": "EUR", "value": "1.00"}}]}


@pytest.mark.parametrize(
    "body",
    [
        {**GOOD, "intent": "SALE"},
        {"intent": "CAPTURE"},
        {**GOOD, "purchase_units": [{"amount": {"currency_code": "EUR", "value": 1}}]},
        {**GOOD, "purchase_units": [{"amount": {"currency_code": "EUR", "value": "1,00"}}]},
        {**GOOD, "purchase_units": [{"amount": {"value": "1.00"}}]},
    ],
)
def test_the_judge_refuses_a_request_that_paypal_would(body):
    path_of("paypal-openapi")
    with pytest.raises(OpenAPIError):
        ask("POST", "/v2/checkout/orders", body)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"status": "PAID"}),
        httpx.Response(418, text="x"),
        httpx.Response(422, json={"name": "UNPROCESSABLE_ENTITY", "details": [{"issue": "NO_SUCH_ISSUE"}]}),
    ],
)
def test_the_judge_refuses_an_answer_that_paypal_would_not_give(answer):
    path_of("paypal-openapi")
    ask("POST", "/v2/checkout/orders", GOOD, httpx.Response(201, json={"id": "1", "status": "CREATED"}))
    with pytest.raises(OpenAPIError):
        ask("POST", "/v2/checkout/orders", GOOD, answer)


def test_the_judge_sees_every_call(paypal, sim, transport):
    path_of("paypal-openapi")
    completed(paypal, sim, make_payment())
    seen = [(method, path) for method, path in sim.calls if path != "/v1/oauth2/token"]
    assert [(method, path) for method, path, _ in transport.judged] == seen
    assert len(seen) == 3


# --- The sentences ---------------------------------------------------------------------------------------------------


def sentences(schema: Any, found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Every issue in a part of a document, with the sentences that it may come with."""
    if isinstance(schema, dict):
        fields = schema.get("properties", {})
        if isinstance(fields, dict) and "enum" in fields.get("issue", {}):
            texts = fields.get("description", {}).get("enum", [])
            for issue in fields["issue"]["enum"]:
                found.setdefault(issue, set()).update(texts)
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        sentences(part, found)
    return found


def test_the_simulator_says_paypals_own_sentences():
    known = {name: sentences(document(name), {}) for name in SPECIFICATIONS}
    orders, payments = known["checkout_orders_v2"], known["payments_payment_v2"]
    for issue, text in TEXTS.items():
        assert text in orders.get(issue, set()) | payments.get(issue, set()), issue
    for (operation, issue), text in SPECIAL.items():
        assert operation in (CREATE, CAPTURE, AUTHORIZE, PAYMENTS)
        assert text in (payments if operation == PAYMENTS else orders)[issue], issue


# --- Generated requests ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "name", "method", "path"),
    [
        *((GenerationMode.POSITIVE, *operation) for operation in OPERATIONS),
        # Of the others nothing can be wrong but an id, which may be any text.
        *((GenerationMode.NEGATIVE, *operation) for operation in OPERATIONS if takes_a_body(operation)),
    ],
)
def test_whatever_is_asked_the_answer_is_one_that_paypal_describes(
    paypal, sim, rounds, mode, name, method, path
):
    path_of("paypal-openapi")
    ids = iter(lambda: known_ids(paypal, sim, path), None)
    credentials = base64.b64encode(":".join(sim.credentials).encode()).decode()
    token = sim.token_for(f"Basic {credentials}")["access_token"]
    statuses: list[int] = []
    operation = generated(name)[path][method]

    @hypothesis_settings(max_examples=rounds(4, 60), suppress_health_check=list(HealthCheck), deadline=None)
    @given(operation.as_strategy(generation_mode=mode))
    def answers_fit(case: Case) -> None:
        if len(statuses) % 2 and "{" in path:
            case.path_parameters.update(next(ids))
        with requests.Session() as session:
            answer = case.call(sim.url, session=session, headers={"Authorization": f"Bearer {token}"})
        case.validate_response(answer, checks=CHECKS)
        statuses.append(answer.status_code)

    answers_fit()
    assert statuses


def known_ids(paypal, sim, path: str) -> dict[str, str]:
    """Of an object that the operation at that path can be tried on."""
    kind = Kind.HOLD if "authoriz" in path else Kind.CHARGE
    if "/orders/" in path:
        payment = started(paypal, make_payment(kind))
        sim.choose(payment.refs["order"])
        return {"id": payment.refs["order"]}
    payment = completed(paypal, sim, make_payment(kind))
    if "refund_id" in path:
        return {"refund_id": paypal.refund(payment, euros("1.00"), reason="", request_id=str(payment.id)).ref}
    name = "authorization" if kind is Kind.HOLD else "capture"
    return {f"{name}_id": payment.refs[name]}


# --- PayPal's own SDK ------------------------------------------------------------------------------------------------


@pytest.fixture
def sdk(sim, monkeypatch) -> PaypalServersdkClient:
    """PayPal's own client for Python, which knows no other host but by this."""
    environments = {Environment.SANDBOX: {Server.DEFAULT: sim.url}}
    monkeypatch.setattr(Configuration, "environments", environments)
    client = PaypalServersdkClient(
        client_credentials_auth_credentials=ClientCredentialsAuthCredentials(*sim.credentials)
    )
    yield client
    client.config.http_client.session.close()


def test_paypals_own_sdk_is_paid_and_gives_back(sdk, sim):
    amount = AmountWithBreakdown(currency_code="EUR", value="120.00")
    request = OrderRequest(intent="CAPTURE", purchase_units=[PurchaseUnitRequest(amount=amount)])
    order = sdk.orders.create_order({"body": request, "prefer": "return=representation"}).body
    assert (order.status, order.purchase_units[0].amount.value) == ("CREATED", "120.00")
    assert [link.rel for link in order.links] == ["self", "approve"]

    with pytest.raises(ErrorException) as refusal:
        sdk.orders.capture_order({"id": order.id})
    assert [detail.issue for detail in refusal.value.details] == ["ORDER_NOT_APPROVED"]
    sim.choose(order.id)
    paid = sdk.orders.capture_order({"id": order.id, "prefer": "return=representation"}).body
    [capture] = paid.purchase_units[0].payments.captures
    assert (paid.status, capture.status) == ("COMPLETED", "COMPLETED")

    body = RefundRequest(amount=SdkMoney(currency_code="EUR", value="20.00"))
    refund = sdk.payments.refund_captured_payment({"capture_id": capture.id, "body": body}).body
    assert refund.status == "COMPLETED"
    assert sdk.payments.get_refund({"refund_id": refund.id}).body.amount.value == "20.00"
    assert sdk.payments.get_captured_payment({"capture_id": capture.id}).body.status == "PARTIALLY_REFUNDED"


def test_paypals_own_sdk_holds_captures_and_voids(sdk, sim):
    amount = AmountWithBreakdown(currency_code="EUR", value="500.00")
    request = OrderRequest(intent="AUTHORIZE", purchase_units=[PurchaseUnitRequest(amount=amount)])
    order = sdk.orders.create_order({"body": request}).body
    sim.choose(order.id)
    held = sdk.orders.authorize_order({"id": order.id, "prefer": "return=representation"}).body
    [authorization] = held.purchase_units[0].payments.authorizations
    assert authorization.status == "CREATED"
    body = {"amount": SdkMoney(currency_code="EUR", value="200.00"), "final_capture": False}
    sdk.payments.capture_authorized_payment({"authorization_id": authorization.id, "body": body})
    now = sdk.payments.get_authorized_payment({"authorization_id": authorization.id}).body
    assert now.status == "PARTIALLY_CAPTURED"
    assert sdk.payments.void_payment({"authorization_id": authorization.id}).status_code == 204
    assert sdk.payments.get_authorized_payment({"authorization_id": authorization.id}).body.status == "VOIDED"
