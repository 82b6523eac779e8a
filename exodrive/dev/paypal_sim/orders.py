"""Orders v2: create, agree, capture, authorise."""

from typing import Any

from exodrive.dev.paypal_sim import inputs
from exodrive.dev.paypal_sim.faults import DECLINE, PENDING
from exodrive.dev.paypal_sim.problems import AUTHORIZE, CAPTURE, CREATE, Problem, missing
from exodrive.dev.paypal_sim.state import VALID, Authorization, Capture, Order, State, new_id
from exodrive.dev.paypal_sim.views import Views

UNIT = {
    "reference_id": 256,
    "description": 127,
    "custom_id": 127,
    "invoice_id": 127,
    "soft_descriptor": 22,
}
INTENTS = ("CAPTURE", "AUTHORIZE")


class Orders:
    """Called with the state's lock held."""

    def __init__(self, state: State, views: Views) -> None:
        self.state, self.views = state, views

    def find(self, order_id: str) -> Order:
        """Raises Problem."""
        if order_id not in self.state.orders:
            raise missing()
        return self.state.orders[order_id]

    def create(self, body: Any) -> Order:
        """CREATED, or PAYER_ACTION_REQUIRED with PayPal as the payment source."""
        request = inputs.mapping(body, CREATE)
        if not {"intent", "purchase_units"} <= request.keys():
            raise Problem(400, "MISSING_REQUIRED_PARAMETER", operation=CREATE)
        units = request["purchase_units"]
        if request["intent"] not in INTENTS or not isinstance(units, list) or len(units) != 1:
            raise Problem(400, "INVALID_PARAMETER_SYNTAX", operation=CREATE)
        unit = inputs.mapping(units[0], CREATE, "/purchase_units/0")
        if "amount" not in unit:
            raise Problem(
                400, "MISSING_REQUIRED_PARAMETER", operation=CREATE, field="/purchase_units/0/amount"
            )
        kept = {name: inputs.text(unit, name, limit, CREATE) for name, limit in UNIT.items() if name in unit}
        amount = inputs.amount(unit["amount"], CREATE)
        source = inputs.mapping(request.get("payment_source"), CREATE)
        context = _context(request, source)
        now = self.state.now()
        order = Order(
            id=new_id(),
            intent=request["intent"],
            unit=kept,
            amount=amount,
            context=context,
            with_source="paypal" in source,
            status="PAYER_ACTION_REQUIRED" if "paypal" in source else "CREATED",
            created=now,
            updated=now,
        )
        self.state.orders[order.id] = order
        return order

    def approve(self, order: Order, *, declines: bool = False) -> None:
        """The payer agrees; `declines`: with something that their bank will not honour."""
        if order.status not in ("CREATED", "PAYER_ACTION_REQUIRED"):
            return
        order.declines = declines
        self._move(order, "APPROVED")
        self.state.emit("CHECKOUT.ORDER.APPROVED", "checkout-order", self.views.order(order))

    def capture(self, order: Order, path: str) -> Order:
        """Takes the money of an agreed order, once."""
        if order.intent != "CAPTURE":
            raise Problem(422, "INCOMPATIBLE_PARAMETER_VALUE", operation=CAPTURE)
        if order.status == "COMPLETED":
            raise Problem(422, "ORDER_ALREADY_CAPTURED", operation=CAPTURE)
        self._refuse(order, path, CAPTURE, "INSTRUMENT_DECLINED")
        waits, now = self.state.faults.take(PENDING, path) is not None, self.state.now()
        capture = Capture(
            id=new_id(),
            order=order,
            amount=order.amount,
            status="PENDING" if waits else "COMPLETED",
            created=now,
            updated=now,
            reason="PENDING_REVIEW" if waits else "",
        )
        self.state.captures[capture.id] = capture
        self._move(order, "COMPLETED")
        self.state.emit(f"PAYMENT.CAPTURE.{capture.status}", "capture", self.views.capture(capture))
        return order

    def authorize(self, order: Order, path: str) -> Order:
        """Holds the money of an agreed order, once."""
        if order.intent != "AUTHORIZE":
            raise Problem(422, "ACTION_DOES_NOT_MATCH_INTENT", operation=AUTHORIZE)
        if order.status == "COMPLETED":
            raise Problem(422, "ORDER_ALREADY_AUTHORIZED", operation=AUTHORIZE)
        self._refuse(order, path, AUTHORIZE, "TRANSACTION_REFUSED")
        now = self.state.now()
        authorization = Authorization(
            id=new_id(),
            order=order,
            amount=order.amount,
            created=now,
            updated=now,
            expires=now + VALID,
        )
        self.state.authorizations[authorization.id] = authorization
        self._move(order, "COMPLETED")
        view = self.views.authorization(authorization)
        self.state.emit("PAYMENT.AUTHORIZATION.CREATED", "authorization", view)
        return order

    def _refuse(self, order: Order, path: str, operation: str, decline: str) -> None:
        if order.status != "APPROVED":
            raise Problem(422, "ORDER_NOT_APPROVED", operation=operation)
        invoice = order.unit.get("invoice_id")
        done = (each for each in self.state.orders.values() if each.status == "COMPLETED")
        if invoice and any(each.unit.get("invoice_id") == invoice for each in done):
            raise Problem(422, "DUPLICATE_INVOICE_ID", operation=operation)
        if order.declines or self.state.faults.take(DECLINE, path):
            order.declines = False
            self._move(order, "PAYER_ACTION_REQUIRED")
            redirect = self.views.link("redirect", f"/checkoutnow?token={order.id}")
            raise Problem(422, decline, operation=operation, links=(redirect,))

    def _move(self, order: Order, status: str) -> None:
        order.status, order.updated = status, self.state.now()


def _context(request: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    """Where the payer comes back to; the older application_context says it too."""
    paypal = inputs.mapping(source.get("paypal"), CREATE)
    context = inputs.mapping(paypal.get("experience_context"), CREATE) or inputs.mapping(
        request.get("application_context"), CREATE
    )
    for name in ("return_url", "cancel_url"):
        if name in context and not str(context[name]).startswith(("http://", "https://")):
            raise Problem(400, "INVALID_PARAMETER_SYNTAX", operation=CREATE, field=f"/{name}")
    return context
