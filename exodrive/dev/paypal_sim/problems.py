"""Refusals as PayPal writes them: its names, issues and sentences, which differ from one operation to another.

The sentences are those of PayPal's OpenAPI files (Apache-2.0), its slips included.
"""

from typing import Any

NAMES = {
    400: ("INVALID_REQUEST", "Request is not well-formed, syntactically incorrect, or violates schema."),
    401: (
        "AUTHENTICATION_FAILURE",
        "Authentication failed due to missing authorization header, or invalid authentication credentials.",
    ),
    404: ("RESOURCE_NOT_FOUND", "The specified resource does not exist."),
    409: ("RESOURCE_CONFLICT", "The server has detected a conflict while processing this request."),
    422: (
        "UNPROCESSABLE_ENTITY",
        "The requested action could not be performed, semantically incorrect, or failed business validation.",
    ),
    429: ("RATE_LIMIT_REACHED", "Too many requests. Blocked due to rate limiting."),
    500: ("INTERNAL_SERVER_ERROR", "An internal server error occurred."),
}
CREATE, CAPTURE, AUTHORIZE, PAYMENTS = "create", "capture", "authorize", "payments"
CODES = "Currency code is invalid or is not currently supported. Please refer https://developer.paypal.com/{}reference/currency-codes/ for list of supported currency codes."  # noqa: E501
TEXTS = {
    "INVALID_PARAMETER_SYNTAX": "The value of a field does not conform to the expected format.",
    "MALFORMED_REQUEST_JSON": "The request JSON is not well formed.",
    "INVALID_RESOURCE_ID": "Specified resource ID does not exist. Please check the resource ID and try again.",
    "PREVIOUS_REQUEST_IN_PROGRESS": "A previous request on this resource is currently in progress. Please wait for sometime and try again. It is best to space out the initial and the subsequent request(s) to avoid receiving this error.",  # noqa: E501
    "CANNOT_BE_ZERO_OR_NEGATIVE": "Must be greater than zero. If the currency supports decimals, only two decimal place precision is supported.",  # noqa: E501
    "DECIMAL_PRECISION": "If the currency supports decimals, only two decimal place precision is supported.",
    "DECIMALS_NOT_SUPPORTED": "Currency does not support decimals. Please refer to https://developer.paypal.com/docs/api/reference/currency-codes/ for more information.",  # noqa: E501
    "INSTRUMENT_DECLINED": "The instrument presented  was either declined by the processor or bank, or it can't be used for this payment.",  # noqa: E501
    "ORDER_ALREADY_CAPTURED": "Order already captured.If 'intent=CAPTURE' only one capture per order is allowed.",
    "ORDER_ALREADY_AUTHORIZED": "Order already authorized.If 'intent=AUTHORIZE' only one authorization per order is allowed.",  # noqa: E501
    "ACTION_DOES_NOT_MATCH_INTENT": "Order was created with an intent to 'CAPTURE'. Please use v2/checkout/orders/order_id/capture to complete the transaction or alternately Create an order with an intent of 'AUTHORIZE'.",  # noqa: E501
    "INCOMPATIBLE_PARAMETER_VALUE": "The value of the field is incompatible/redundant with other fields in the order.",
    "AUTHORIZATION_VOIDED": "A voided authorization cannot be captured or reauthorized. ",
    "AUTHORIZATION_ALREADY_CAPTURED": "Authorization has previously been captured.",
    "AUTH_CAPTURE_CURRENCY_MISMATCH": "Currency of capture must be the same as currency of authorization.",
    "AUTH_CURRENCY_MISMATCH": "The currency specified during reauthorization should be the same as the currency specified in the original authorization. Please check the currency of the authorization for which you are trying to reauthorize and try again.",  # noqa: E501
    "MAX_CAPTURE_AMOUNT_EXCEEDED": "Capture amount exceeds allowable limit. Please contact customer service or your account manager to request the change to your overage limit. The default overage limit is 115%, which allows the sum of all captures to be up to 115% of the order amount. The ability to over capture is subjected to regulatory approvals.",  # noqa: E501
    "REAUTHORIZATION_NOT_SUPPORTED": "A reauthorize cannot be attempted on an authorization_id that is the result of a prior reauthorization or on an authorization made on an Order saved using the `v2/orders/id/save` API.",  # noqa: E501
    "PREVIOUSLY_CAPTURED": "Authorization has been previously captured and hence cannot be voided.",
    "PREVIOUSLY_VOIDED": "Authorization has been previously voided and hence cannot be voided again.",
    "CANNOT_BE_VOIDED": "A reauthorization cannot be voided. Please void the original parent authorization.",
    "CAPTURE_FULLY_REFUNDED": "The capture has already been fully refunded",
    "REFUND_AMOUNT_EXCEEDED": "The refund amount must be less than or equal to the capture amount that has not yet been refunded.",  # noqa: E501
    "REFUND_CAPTURE_CURRENCY_MISMATCH": "Refund must be in the same currency as the capture",
    "REFUND_NOT_ALLOWED": "Capture cannot be refunded.",
    "PENDING_CAPTURE": "Cannot initiate a refund as the capture is pending. Capture is typically pending when the payer has funded the transaction using e-check/bank funded.",  # noqa: E501
}
SPECIAL = {
    (CREATE, "MISSING_REQUIRED_PARAMETER"): "A required parameter is missing.",
    (PAYMENTS, "MISSING_REQUIRED_PARAMETER"): "A required field / parameter is missing.",
    (CREATE, "INVALID_CURRENCY_CODE"): CODES.format("api/rest/"),
    (PAYMENTS, "INVALID_CURRENCY_CODE"): CODES.format("docs/api/"),
    (CREATE, "INVALID_STRING_LENGTH"): "The value of a field is either too short or too long",
    (PAYMENTS, "INVALID_STRING_LENGTH"): "The value of a field is either too short or too long.",
    (AUTHORIZE, "TRANSACTION_REFUSED"): "The request was refused.",
    (
        PAYMENTS,
        "TRANSACTION_REFUSED",
    ): "PayPal's internal controls prevent authorization from being captured.",
    (
        AUTHORIZE,
        "ORDER_NOT_APPROVED",
    ): "Payer has not yet approved the Order for payment. Please redirect the payer to the 'rel':'approve' url returned as part of the HATEOAS links within the Create Order call.",  # noqa: E501
    (
        CAPTURE,
        "ORDER_NOT_APPROVED",
    ): "Payer has not yet approved the Order for payment. Please redirect the payer to the 'rel':'approve' url returned as part of the HATEOAS links within the Create Order call or provide a valid `payment_source` in the request.",  # noqa: E501
    (
        CREATE,
        "DUPLICATE_INVOICE_ID",
    ): "Duplicate Invoice ID detected. To avoid a potential duplicate transaction your account setting requires that Invoice Id be unique for each transaction.",  # noqa: E501
    (PAYMENTS, "DUPLICATE_INVOICE_ID"): "Invoice ID was previously used to refund a capture.",
}
SPECIAL |= {
    (operation, "DUPLICATE_INVOICE_ID"): SPECIAL[CREATE, "DUPLICATE_INVOICE_ID"]
    for operation in (CAPTURE, AUTHORIZE)
}


class Problem(Exception):
    """An answer other than 2xx. `operation` chooses among PayPal's sentences for one issue."""

    def __init__(
        self,
        status: int,
        issue: str = "",
        *,
        operation: str = PAYMENTS,
        field: str = "",
        links: tuple[dict[str, str], ...] = (),
    ) -> None:
        self.status, self.issue = status, issue
        self.operation, self.field, self.links = operation, field, links
        super().__init__(issue or str(status))

    def as_json(self, debug_id: str) -> dict[str, Any]:
        """The body."""
        name, message = NAMES[self.status]
        body: dict[str, Any] = {
            "name": name,
            "message": message,
            "debug_id": debug_id,
            "links": list(self.links),
        }
        if self.issue:
            text = SPECIAL.get((self.operation, self.issue)) or TEXTS[self.issue]
            where = {"field": self.field} if self.field else {}
            body["details"] = [{**where, "issue": self.issue, "description": text}]
        return body


def missing() -> Problem:
    """No such resource."""
    return Problem(404, "INVALID_RESOURCE_ID")
