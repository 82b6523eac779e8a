"""Webhooks: a real one that PayPal signed, everything that is nearly one, and the simulator's."""

import json
import zlib
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import httpx
import pytest

from bookings.payments.paypal import PayPal, signature
from bookings.payments.paypal.certificates import LARGEST, Certificates, name_for
from bookings.payments.provider import BadSignature, Kind, Misconfigured, OutcomeUnknown
from bookings.tests.payments.paypal.conftest import completed, euros, known, make_payment
from bookings.tests.payments.paypal.data import path_of
from exodrive.dev.paypal_sim.certificates import message

FOLDER = "paypal-webhook-vector"
# PayPal signed the golden one under a test's URL; the URL is not part of what is signed.
CERT_URL = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42"
THEN = datetime(2017, 3, 30, 20, 5, tzinfo=UTC)  # a minute after it was sent


class CertificateServer:
    """Serves `content` at any URL; what was asked for is in `urls`."""

    def __init__(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.content, self.status, self.headers = content, status, headers
        self.urls: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.urls.append(str(request.url))
        return httpx.Response(self.status, content=self.content, headers=self.headers)


@pytest.fixture
def golden(settings, monkeypatch) -> SimpleNamespace:
    """PayPal's own webhook of 2017, its certificate and chain; `verify(**changes)` checks it with changes."""
    vector = json.loads(path_of(FOLDER, "vector.json").read_text())
    chain = b"".join(
        path_of(FOLDER, name).read_bytes()
        for name in ("paypal-sandbox-signing-cert.pem", "DigiCertSHA2ExtendedValidationServerCA.pem")
    )
    settings.PAYPAL_CA_BUNDLE = str(path_of(FOLDER, "DigiCertHighAssuranceEVRootCA.pem"))
    settings.PAYPAL_WEBHOOK_ID = vector["webhook_id"]
    server = CertificateServer(chain)
    monkeypatch.setattr(signature, "certificates", Certificates(httpx.MockTransport(server)))
    headers = {name.lower(): value for name, value in vector["headers"].items()} | {
        "paypal-cert-url": CERT_URL
    }
    body = path_of(FOLDER, "body.raw.json").read_bytes()

    def verify(body: bytes = body, at: datetime = THEN, **changes: str):
        changed = {f"paypal-{name.replace('_', '-')}": value for name, value in changes.items()}
        return PayPal().verify_webhook(body, {**headers, **changed}, at=at)

    return SimpleNamespace(
        verify=verify, server=server, body=body, headers=headers, vector=vector, chain=chain
    )


def test_what_paypal_signed_is_genuine(golden):
    event = golden.verify()
    assert (event.id, event.type) == ("WH-2MW4820926242972J-6SG447389E205703U", "BILLING.PLAN.CREATED")
    assert (event.refs, event.payment_id) == ((), None)
    assert golden.server.urls == [CERT_URL]


def test_the_checksum_is_the_unsigned_one_of_the_bytes(golden):
    signed = {name: golden.headers[header] for name, header in signature.HEADERS.items()}
    expected = golden.vector["expected"]
    assert signature.message_of(golden.body, signed).decode() == expected["signed_message"]
    assert zlib.crc32(golden.body) == expected["crc32_unsigned"] > 2**31


def test_with_a_signed_checksum_it_would_not_be(golden, monkeypatch):
    monkeypatch.setattr(signature, "zlib", SimpleNamespace(crc32=lambda body: zlib.crc32(body) - 2**32))
    with pytest.raises(BadSignature, match="signature"):
        golden.verify()


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b"BILLING", b"BILLINH"),
        lambda body: body + b" ",
        lambda body: bytes([body[0]]) + b" " + body[1:],
        lambda body: json.dumps(json.loads(body)).encode(),
    ],
)
def test_a_body_that_was_touched_is_not(golden, change):
    with pytest.raises(BadSignature, match="signature"):
        golden.verify(change(golden.body))


def test_a_body_with_any_one_bit_flipped_is_not(golden):
    for place in range(0, len(golden.body), 97):
        changed = bytearray(golden.body)
        changed[place] ^= 1
        with pytest.raises(BadSignature):
            golden.verify(bytes(changed))


def test_for_another_webhook_of_ours_it_is_not(golden, settings):
    settings.PAYPAL_WEBHOOK_ID = "WH-2MW4820926242972J-6SG447389E205703U"  # the event's id is not it
    with pytest.raises(BadSignature, match="signature"):
        golden.verify()
    settings.PAYPAL_WEBHOOK_ID = ""
    with pytest.raises(Misconfigured):
        golden.verify()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("transmission_id", "071f7d20-1584-11e7-abf0-6b62a8a99ac5"),
        ("transmission_time", "2017-03-30T20:04:06Z"),
        ("transmission_sig", "AAAA"),
        ("transmission_sig", "not base64!"),
        ("transmission_sig", ""),
        ("auth_algo", "SHA1withRSA"),
        ("auth_algo", "none"),
        ("cert_url", ""),
        ("transmission_id", "x" * 5000),
        ("transmission_id", "a\nb"),
        ("transmission_id", "é"),
    ],
)
def test_with_another_header_it_is_not(golden, name, value):
    with pytest.raises(BadSignature):
        golden.verify(**{name: value})


@pytest.mark.parametrize(
    "at", [datetime(2019, 4, 27, tzinfo=UTC), datetime(2017, 2, 17, tzinfo=UTC), datetime.now(UTC)]
)
def test_outside_of_the_certificates_time_it_is_not(golden, at):
    with pytest.raises(BadSignature, match="certificate"):
        golden.verify(at=at)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.sandbox.paypal.com/v1/notifications/test",
        "http://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1",
        "https://evil.example/v1/notifications/certs/CERT-1",
        "https://evil.example/https://api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
        "https://user@api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/../../other",
        "https://api.paypal.com/v1/notifications/certs/..",
        "https://api.paypal.com/v1/notifications/certs/",
        "https://api.paypal.com/v1/notifications/certs/CERT-1?next=x",
        "https://api.paypal.com/v1/notifications/certs/CERT-1#x",
        "https://api.paypal.com/v1/notifications/certs/CERT-1\n",
        "https://www.paypal.com/v1/notifications/certs/CERT-1",
        "https://API.PAYPAL.COM/v1/notifications/certs/CERT-1",
        "https://127.0.0.1/v1/notifications/certs/CERT-1",
        "http://127.0.0.1:8000/v1/notifications/certs/CERT-1",
        "http://169.254.169.254/v1/notifications/certs/CERT-1",
        "file:///v1/notifications/certs/CERT-1",
    ],
)
def test_a_certificate_from_elsewhere_is_never_fetched(golden, url):
    with pytest.raises(BadSignature):
        golden.verify(cert_url=url)
    assert golden.server.urls == []


@pytest.mark.parametrize("host", ["api.paypal.com", "api-m.paypal.com"])
def test_a_live_certificate_carries_the_live_name(golden, host):
    with pytest.raises(BadSignature, match="certificate"):  # the golden one is the sandbox's
        golden.verify(cert_url=CERT_URL.replace("api.sandbox.paypal.com", host))
    assert len(golden.server.urls) == 1


def test_a_redirect_is_not_followed(golden):
    golden.server.status, golden.server.headers = 302, {"Location": CERT_URL + "2"}
    with pytest.raises(BadSignature, match="certificate_missing"):
        golden.verify()
    assert golden.server.urls == [CERT_URL]


def test_a_certificate_of_more_than_64_kilobytes_is_not_read(golden):
    golden.server.content = golden.chain + b" " * LARGEST
    with pytest.raises(BadSignature, match="too_large"):
        golden.verify()


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate_is_not_kept(golden, content):
    golden.server.content = content
    with pytest.raises(BadSignature, match="certificate"):
        golden.verify()
    golden.server.content = golden.chain
    assert golden.verify().id


def test_a_certificate_is_fetched_once(golden):
    for _ in range(3):
        golden.verify()
    assert len(golden.server.urls) == 1


def test_without_its_issuer_or_under_another_authority_it_is_not_trusted(golden, settings):
    golden.server.content = path_of(FOLDER, "paypal-sandbox-signing-cert.pem").read_bytes()
    with pytest.raises(BadSignature, match="certificate"):
        golden.verify()
    golden.server.content = golden.chain
    settings.PAYPAL_CA_BUNDLE = ""  # certifi has that root no more
    with pytest.raises(BadSignature, match="certificate"):
        golden.verify()


def test_without_authorities_somebody_has_to_look(golden, settings, tmp_path):
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for bundle in (empty, tmp_path / "missing.pem"):
        settings.PAYPAL_CA_BUNDLE = str(bundle)
        with pytest.raises(Misconfigured, match="no_ca_bundle"):
            golden.verify()


def test_when_the_certificate_cannot_be_had_it_may_still_be_genuine(golden):
    golden.server.status = 503
    with pytest.raises(OutcomeUnknown):
        golden.verify()
    golden.server.status = 200
    assert golden.verify().id


# --- The simulator's ------------------------------------------------------------------------------------------------


def delivery(sim, number: int = -1) -> tuple[bytes, dict[str, str]]:
    """An event as it would come."""
    body, headers = sim.webhooks.signed(sim.webhooks.events[number])
    return body, {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize("mode", ["local", "postback"])
def test_the_simulators_events_are_genuine_and_name_what_they_are_about(paypal, sim, settings, mode):
    settings.PAYPAL_VERIFY = mode
    payment = completed(paypal, sim, make_payment())
    refund = paypal.refund(payment, euros("1.00"), reason="", request_id="refund")
    events = [paypal.verify_webhook(*delivery(sim, n), at=sim.now()) for n in range(len(sim.webhooks.events))]
    order, capture = ("order", payment.refs["order"]), ("capture", payment.refs["capture"])
    assert [(event.type, event.refs) for event in events] == [
        ("CHECKOUT.ORDER.APPROVED", (order,)),
        ("PAYMENT.CAPTURE.COMPLETED", (capture, order)),
        ("PAYMENT.CAPTURE.REFUNDED", (("refund", refund.ref), capture)),
    ]
    assert {event.payment_id for event in events} == {payment.id}
    assert len({event.id for event in events}) == 3


def test_events_of_a_hold_name_the_authorisation(paypal, sim):
    payment = completed(paypal, sim, make_payment(Kind.HOLD))
    taken = known(payment, paypal.capture(payment, euros("1.00"), final=True, request_id="capture"))
    event = paypal.verify_webhook(*delivery(sim), at=sim.now())
    assert event.refs == (
        ("capture", taken.refs["capture"]),
        ("order", payment.refs["order"]),
        ("authorization", payment.refs["authorization"]),
    )


@pytest.mark.parametrize("mode", ["local", "postback"])
@pytest.mark.parametrize("text", ['{"a":1.0,"b":{},"c":"é\\u00e9"}', '{ "a" : [ ] }'])
def test_the_bytes_are_judged_as_they_came(paypal, sim, settings, mode, text):
    settings.PAYPAL_VERIFY = mode
    completed(paypal, sim, make_payment())
    body, headers = delivery(sim)
    body = body[:-1] + b', "odd" : ' + text.encode() + b" }"
    signed = message(
        headers["paypal-transmission-id"],
        headers["paypal-transmission-time"],
        settings.PAYPAL_WEBHOOK_ID,
        body,
    )
    headers["paypal-transmission-sig"] = sim.signer.sign(signed)
    assert paypal.verify_webhook(body, headers, at=sim.now()).type == "PAYMENT.CAPTURE.COMPLETED"
    with pytest.raises(BadSignature):
        paypal.verify_webhook(body + b" ", headers, at=sim.now()) if mode == "local" else (
            paypal.verify_webhook(body.replace(b"1.0", b"1").replace(b"[ ]", b"[]"), headers, at=sim.now())
        )


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'"x"', b"{", b"\xff{}", b'{}, "webhook_id": "X", "x": {}', b"[" * 100_000]
)
@pytest.mark.parametrize("mode", ["local", "postback"])
def test_what_is_no_json_object_is_refused_before_anybody_is_asked(paypal, sim, settings, mode, body):
    settings.PAYPAL_VERIFY = mode
    completed(paypal, sim, make_payment())
    _, headers = delivery(sim)
    asked = len(sim.calls)
    with pytest.raises(BadSignature):
        paypal.verify_webhook(body, headers, at=sim.now())
    assert len(sim.calls) == asked


def test_the_simulators_certificate_is_for_a_site_that_uses_it_alone(sim, settings):
    url = f"{sim.url}/v1/notifications/certs/CERT-simulator"
    assert name_for(url).startswith("messageverificationcerts.")
    for elsewhere in ("https://api-m.paypal.com", "http://127.0.0.1:1", "http://sim.example:8430"):
        settings.PAYPAL_API_URL = elsewhere
        with pytest.raises(BadSignature):
            name_for(url)
    settings.PAYPAL_API_URL = "http://sim.example:8430"
    with pytest.raises(BadSignature):
        name_for("http://sim.example:8430/v1/notifications/certs/CERT-simulator")


def test_an_old_event_that_paypal_tries_again_is_genuine(paypal, sim):
    completed(paypal, sim, make_payment())
    body, headers = delivery(sim)
    assert paypal.verify_webhook(body, headers, at=sim.now() + timedelta(days=3)).id
