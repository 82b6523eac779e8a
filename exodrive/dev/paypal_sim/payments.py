"""Payments v2: what becomes of authorisations and captures."""

from decimal import Decimal
from typing import Any

from exodrive.dev.paypal_sim import inputs
from exodrive.dev.paypal_sim.faults import DECLINE, PENDING
from exodrive.dev.paypal_sim.problems import PAYMENTS, Problem, missing
from exodrive.dev.paypal_sim.state import (
    HONOUR,
    OPEN,
    Amount,
    Authorization,
    Capture,
    Refund,
    State,
    new_id,
)
from exodrive.dev.paypal_sim.views import Views

OVERAGE = Decimal("1.15")


class Payments:
    """Called with the state's lock held."""

    def __init__(self, state: State, views: Views) -> None:
        self.state, self.views = state, views

    def find_authorization(self, authorization_id: str) -> Authorization:
        """Raises Problem."""
        if authorization_id not in self.state.authorizations:
            raise missing()
        return self.state.authorizations[authorization_id]

    def find_capture(self, capture_id: str) -> Capture:
        """Raises Problem."""
        if capture_id not in self.state.captures:
            raise missing()
        return self.state.captures[capture_id]

    def find_refund(self, refund_id: str) -> Refund:
        """Raises Problem."""
        if refund_id not in self.state.refunds:
            raise missing()
        return self.state.refunds[refund_id]

    def expire(self) -> None:
        """PayPal voids an authorisation when its 29 days are over."""
        for each in self.state.authorizations.values():
            if each.status in OPEN and self.state.now() >= each.expires:
                self._close(each, "VOIDED")
                for renewed in self._family(each):
                    renewed.updated = renewed.expires
                self._tell_voided(each)

    def capture(self, authorization: Authorization, body: Any, path: str) -> Capture:
        """A part, or all; up to 115 per cent."""
        request = inputs.mapping(body, PAYMENTS)
        final = request.get("final_capture", False)
        if not isinstance(final, bool):
            raise Problem(400, "INVALID_PARAMETER_SYNTAX", field="/final_capture")
        for name, limit in (("invoice_id", 127), ("note_to_payer", 255), ("soft_descriptor", 22)):
            inputs.text(request, name, limit, PAYMENTS)
        self._refuse_closed(authorization)
        taken = self.state.taken(authorization.order)
        amount = Amount(authorization.amount.value - taken, authorization.amount.currency)
        if "amount" in request:
            amount = inputs.amount(request["amount"], PAYMENTS)
        if amount.currency != authorization.amount.currency:
            raise Problem(422, "AUTH_CAPTURE_CURRENCY_MISMATCH")
        if taken + amount.value > authorization.amount.value * OVERAGE or amount.value <= 0:
            raise Problem(422, "MAX_CAPTURE_AMOUNT_EXCEEDED")
        # Nothing says what PayPal does with one that was reauthorised: here it is used no more.
        if authorization.superseded or self.state.faults.take(DECLINE, path):
            raise Problem(422, "TRANSACTION_REFUSED")
        whole = final or taken + amount.value >= authorization.amount.value
        return self._captured(authorization, amount, path, whole=whole)

    def void(self, authorization: Authorization) -> Authorization:
        """The rest goes back to the payer."""
        if authorization.parent:
            raise Problem(422, "CANNOT_BE_VOIDED")
        if authorization.status == "VOIDED":
            raise Problem(422, "PREVIOUSLY_VOIDED")
        if authorization.status == "CAPTURED":
            raise Problem(422, "PREVIOUSLY_CAPTURED")
        self._close(authorization, "VOIDED")
        self._tell_voided(authorization)
        return authorization

    def reauthorize(self, authorization: Authorization, body: Any) -> Authorization:
        """After the honor period, until the 29th day."""
        request = inputs.mapping(body, PAYMENTS)
        amount = inputs.amount(request["amount"], PAYMENTS) if "amount" in request else authorization.amount
        if authorization.parent:
            raise Problem(422, "REAUTHORIZATION_NOT_SUPPORTED")
        self._refuse_closed(authorization)
        if amount.currency != authorization.amount.currency:
            raise Problem(422, "AUTH_CURRENCY_MISMATCH")
        now = self.state.now()
        if now < authorization.created + HONOUR or amount.value > authorization.amount.value * OVERAGE:
            raise Problem(422, "TRANSACTION_REFUSED")
        for each in self._family(authorization):
            each.superseded = True
        renewed = Authorization(
            id=new_id(),
            order=authorization.order,
            amount=amount,
            created=now,
            updated=now,
            expires=authorization.expires,
            parent=authorization.id,
        )
        self.state.authorizations[renewed.id] = renewed
        view = self.views.authorization(renewed)
        self.state.emit("PAYMENT.AUTHORIZATION.CREATED", "authorization", view)
        return renewed

    def refund(self, capture: Capture, body: Any) -> Refund:
        """A part, or all that is left."""
        request = inputs.mapping(body, PAYMENTS)
        limits = (("custom_id", 127), ("invoice_id", 127), ("note_to_payer", 255))
        texts = {name: inputs.text(request, name, limit, PAYMENTS) for name, limit in limits}
        left = capture.amount.value - self.state.given_back(capture)
        amount = Amount(left, capture.amount.currency)
        if "amount" in request:
            amount = inputs.amount(request["amount"], PAYMENTS)
        if capture.status == "PENDING":
            raise Problem(422, "PENDING_CAPTURE")
        if capture.status == "DECLINED":
            raise Problem(422, "REFUND_NOT_ALLOWED")
        if left <= 0:
            raise Problem(422, "CAPTURE_FULLY_REFUNDED")
        if amount.currency != capture.amount.currency:
            raise Problem(422, "REFUND_CAPTURE_CURRENCY_MISMATCH")
        if amount.value > left:
            raise Problem(422, "REFUND_AMOUNT_EXCEEDED")
        return self._refunded(capture, amount, texts, whole=amount.value == left)

    def settle(self, capture: Capture, status: str) -> None:
        """A review of a pending one is over: COMPLETED or DECLINED."""
        capture.status, capture.reason, capture.updated = status, "", self.state.now()
        self.state.emit(f"PAYMENT.CAPTURE.{status}", "capture", self.views.capture(capture))

    def _captured(self, authorization: Authorization, amount: Amount, path: str, *, whole: bool) -> Capture:
        waits, now = self.state.faults.take(PENDING, path) is not None, self.state.now()
        capture = Capture(
            id=new_id(),
            order=authorization.order,
            amount=amount,
            status="PENDING" if waits else "COMPLETED",
            created=now,
            updated=now,
            final=whole,
            authorization=authorization.id,
            reason="PENDING_REVIEW" if waits else "",
        )
        self.state.captures[capture.id] = capture
        self._close(authorization, "CAPTURED" if whole else "PARTIALLY_CAPTURED")
        self.state.emit(f"PAYMENT.CAPTURE.{capture.status}", "capture", self.views.capture(capture))
        return capture

    def _refunded(self, capture: Capture, amount: Amount, texts: dict[str, str], *, whole: bool) -> Refund:
        used = (each.invoice_id for each in self.state.refunds.values())
        if texts["invoice_id"] and texts["invoice_id"] in used:
            raise Problem(422, "DUPLICATE_INVOICE_ID")
        refund = Refund(
            id=new_id(),
            capture=capture,
            amount=amount,
            created=self.state.now(),
            custom_id=texts["custom_id"] or capture.order.unit.get("custom_id", ""),
            invoice_id=texts["invoice_id"] or capture.order.unit.get("invoice_id", ""),
            note=texts["note_to_payer"],
        )
        self.state.refunds[refund.id] = refund
        capture.status = "REFUNDED" if whole else "PARTIALLY_REFUNDED"
        capture.updated = refund.created
        self.state.emit("PAYMENT.CAPTURE.REFUNDED", "refund", self.views.refund(refund))
        return refund

    def _refuse_closed(self, authorization: Authorization) -> None:
        if authorization.status == "VOIDED":
            raise Problem(422, "AUTHORIZATION_VOIDED")
        if authorization.status == "CAPTURED":
            raise Problem(422, "AUTHORIZATION_ALREADY_CAPTURED")

    def _close(self, authorization: Authorization, status: str) -> None:
        """An authorisation and its reauthorisations are one thing."""
        for each in self._family(authorization):
            each.status, each.updated = status, self.state.now()

    def _family(self, authorization: Authorization) -> list[Authorization]:
        return [each for each in self.state.authorizations.values() if each.order is authorization.order]

    def _tell_voided(self, authorization: Authorization) -> None:
        view = self.views.authorization(authorization)
        self.state.emit("PAYMENT.AUTHORIZATION.VOIDED", "authorization", view)
