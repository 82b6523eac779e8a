"""What the simulator knows as PayPal's JSON."""

from typing import Any

from exodrive.dev.paypal_sim.state import OPEN, Authorization, Capture, Order, Refund, State

ECHOED = ("reference_id", "description", "custom_id", "invoice_id", "soft_descriptor")


class Views:
    """Links lead to `origin`."""

    def __init__(self, state: State, origin: str) -> None:
        self.state, self.origin = state, origin

    def link(self, rel: str, path: str, method: str = "GET") -> dict[str, str]:
        """A HATEOAS link."""
        return {"href": f"{self.origin}{path}", "rel": rel, "method": method}

    def order(self, order: Order) -> dict[str, Any]:
        """With all its payments."""
        unit: dict[str, Any] = {name: order.unit[name] for name in ECHOED if name in order.unit}
        authorizations, captures, refunds = self.state.of_order(order)
        payments = {
            "authorizations": [self.authorization(each) for each in authorizations],
            "captures": [self.capture(each) for each in captures],
            "refunds": [self.refund(each) for each in refunds],
        }
        unit = {"reference_id": "default", **unit, "amount": order.amount.as_json()}
        if any(payments.values()):
            unit["payments"] = {name: each for name, each in payments.items() if each}
        return {
            "id": order.id,
            "intent": order.intent,
            "status": order.status,
            **({"payment_source": {"paypal": {}}} if order.with_source else {}),
            "purchase_units": [unit],
            "create_time": order.created.isoformat(),
            "update_time": order.updated.isoformat(),
            "links": self.order_links(order),
        }

    def order_links(self, order: Order) -> list[dict[str, str]]:
        """Where the payer goes, while they have to; else what may be done next."""
        path = f"/v2/checkout/orders/{order.id}"
        links = [self.link("self", path)]
        if order.status in ("CREATED", "PAYER_ACTION_REQUIRED"):
            links.append(self.payer_link(order))
        elif order.status == "APPROVED":
            links.append(self.link(order.intent.lower(), f"{path}/{order.intent.lower()}", "POST"))
        return links

    def payer_link(self, order: Order) -> dict[str, str]:
        """To the page where the order is agreed to."""
        rel = "payer-action" if order.with_source else "approve"
        return self.link(rel, f"/checkoutnow?token={order.id}")

    def authorization(self, authorization: Authorization) -> dict[str, Any]:
        """One hold."""
        path = f"/v2/payments/authorizations/{authorization.id}"
        links = [self.link("self", path), self.link("up", f"/v2/checkout/orders/{authorization.order.id}")]
        if authorization.status in OPEN:
            links += [
                self.link(each, f"{path}/{each}", "POST") for each in ("capture", "void", "reauthorize")
            ]
        return {
            "id": authorization.id,
            "status": authorization.status,
            "amount": authorization.amount.as_json(),
            **self._ids(authorization.order),
            "expiration_time": authorization.expires.isoformat(),
            "supplementary_data": {"related_ids": {"order_id": authorization.order.id}},
            "create_time": authorization.created.isoformat(),
            "update_time": authorization.updated.isoformat(),
            "links": links,
        }

    def capture(self, capture: Capture) -> dict[str, Any]:
        """One payment."""
        path = f"/v2/payments/captures/{capture.id}"
        up = f"/v2/checkout/orders/{capture.order.id}"
        related = {"order_id": capture.order.id}
        if capture.authorization:
            up = f"/v2/payments/authorizations/{capture.authorization}"
            related["authorization_id"] = capture.authorization
        return {
            "id": capture.id,
            "status": capture.status,
            **({"status_details": {"reason": capture.reason}} if capture.reason else {}),
            "amount": capture.amount.as_json(),
            **self._ids(capture.order),
            "final_capture": capture.final,
            "supplementary_data": {"related_ids": related},
            "create_time": capture.created.isoformat(),
            "update_time": capture.updated.isoformat(),
            "links": [
                self.link("self", path),
                self.link("refund", f"{path}/refund", "POST"),
                self.link("up", up),
            ],
        }

    def refund(self, refund: Refund) -> dict[str, Any]:
        """Money given back."""
        texts = {"custom_id": refund.custom_id, "invoice_id": refund.invoice_id, "note_to_payer": refund.note}
        path = f"/v2/payments/refunds/{refund.id}"
        return {
            "id": refund.id,
            "status": refund.status,
            "amount": refund.amount.as_json(),
            **{name: text for name, text in texts.items() if text},
            "create_time": refund.created.isoformat(),
            "update_time": refund.created.isoformat(),
            "links": [
                self.link("self", path),
                self.link("up", f"/v2/payments/captures/{refund.capture.id}"),
            ],
        }

    def _ids(self, order: Order) -> dict[str, str]:
        return {name: order.unit[name] for name in ("custom_id", "invoice_id") if name in order.unit}
