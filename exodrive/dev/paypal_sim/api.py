"""Which call does what: paths to verbs, and the answer each gives."""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from exodrive.dev.paypal_sim.orders import Orders
from exodrive.dev.paypal_sim.payments import Payments
from exodrive.dev.paypal_sim.problems import AUTHORIZE, CAPTURE, CREATE, PAYMENTS, Problem
from exodrive.dev.paypal_sim.state import State
from exodrive.dev.paypal_sim.views import Views
from exodrive.dev.paypal_sim.webhooks import Webhooks


class Call(NamedTuple):
    """A request, its token checked."""

    method: str
    path: str
    body: bytes
    whole: bool  # Prefer: return=representation


class Answer(NamedTuple):
    """`body` None is 204's."""

    status: int
    body: Any


Verb = Callable[[Call, str], Answer]


class Api:
    """Called with the state's lock held."""

    def __init__(self, state: State, views: Views, webhooks: Webhooks) -> None:
        self.views, self.webhooks = views, webhooks
        self.orders, self.payments = Orders(state, views), Payments(state, views)
        order, authorization = r"/v2/checkout/orders/([^/]+)", r"/v2/payments/authorizations/([^/]+)"
        capture, event = r"/v2/payments/captures/([^/]+)", r"/v1/notifications/webhooks-events/([^/]+)"
        routes: list[tuple[str, str, Verb]] = [
            ("POST", r"/v2/checkout/orders()", self._create),
            ("GET", order, lambda call, id: Answer(200, views.order(self.orders.find(id)))),
            ("POST", f"{order}/capture", self._capture_order),
            ("POST", f"{order}/authorize", self._authorize_order),
            ("GET", authorization, self._authorization),
            ("POST", f"{authorization}/capture", self._capture),
            ("POST", f"{authorization}/reauthorize", self._reauthorize),
            ("POST", f"{authorization}/void", self._void),
            ("GET", capture, lambda call, id: Answer(200, views.capture(self.payments.find_capture(id)))),
            ("POST", f"{capture}/refund", self._refund),
            (
                "GET",
                r"/v2/payments/refunds/([^/]+)",
                lambda call, id: Answer(200, views.refund(self.payments.find_refund(id))),
            ),
            ("POST", r"/v1/notifications/verify-webhook-signature()", self._verify),
            ("GET", event, lambda call, id: Answer(200, webhooks.find(id))),
            ("POST", f"{event}/resend", self._resend),
        ]
        self.routes = [(method, re.compile(path), verb) for method, path, verb in routes]

    def answer(self, call: Call) -> Answer:
        """Raises Problem."""
        self.payments.expire()
        for method, path, verb in self.routes:
            if method == call.method and (match := path.fullmatch(call.path)):
                return verb(call, match[1])
        raise Problem(404)

    def _create(self, call: Call, _: str) -> Answer:
        order = self.orders.create(_json(call, CREATE))
        return Answer(201, self._shown(call, self.views.order(order)))

    def _capture_order(self, call: Call, order_id: str) -> Answer:
        order = self.orders.find(order_id)
        _json(call, CAPTURE)
        return Answer(201, self._shown(call, self.views.order(self.orders.capture(order, call.path))))

    def _authorize_order(self, call: Call, order_id: str) -> Answer:
        order = self.orders.find(order_id)
        _json(call, AUTHORIZE)
        return Answer(201, self._shown(call, self.views.order(self.orders.authorize(order, call.path))))

    def _authorization(self, call: Call, authorization_id: str) -> Answer:
        return Answer(200, self.views.authorization(self.payments.find_authorization(authorization_id)))

    def _capture(self, call: Call, authorization_id: str) -> Answer:
        authorization = self.payments.find_authorization(authorization_id)
        made = self.payments.capture(authorization, _json(call, PAYMENTS), call.path)
        return Answer(201, self._shown(call, self.views.capture(made)))

    def _reauthorize(self, call: Call, authorization_id: str) -> Answer:
        authorization = self.payments.find_authorization(authorization_id)
        made = self.payments.reauthorize(authorization, _json(call, PAYMENTS))
        return Answer(201, self._shown(call, self.views.authorization(made)))

    def _void(self, call: Call, authorization_id: str) -> Answer:
        voided = self.payments.void(self.payments.find_authorization(authorization_id))
        return Answer(200, self.views.authorization(voided)) if call.whole else Answer(204, None)

    def _refund(self, call: Call, capture_id: str) -> Answer:
        capture = self.payments.find_capture(capture_id)
        made = self.payments.refund(capture, _json(call, PAYMENTS))
        return Answer(201, self._shown(call, self.views.refund(made)))

    def _verify(self, call: Call, _: str) -> Answer:
        genuine = self.webhooks.is_genuine(call.body.decode(errors="replace"))
        return Answer(200, {"verification_status": "SUCCESS" if genuine else "FAILURE"})

    def _resend(self, call: Call, event_id: str) -> Answer:
        event = self.webhooks.find(event_id)
        self.webhooks.send(event)
        return Answer(202, event)

    def _shown(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        """All, or what PayPal says without a preference."""
        return body if call.whole else {name: body[name] for name in ("id", "status", "links")}


def _json(call: Call, operation: str) -> Any:
    """None without a body. Raises Problem."""
    if not call.body:
        return None
    try:
        return json.loads(call.body.decode())
    except (ValueError, RecursionError):
        issue = "INVALID_PARAMETER_SYNTAX" if operation == PAYMENTS else "MALFORMED_REQUEST_JSON"
        raise Problem(400, issue, operation=operation) from None
