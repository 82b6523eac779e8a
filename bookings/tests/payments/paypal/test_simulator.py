"""The simulator: its webhooks, the payer's page, its rules about ids and tokens, and the command."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import httpx
import pytest
from django.core.management import CommandError, call_command

from bookings.payments.provider import OutcomeUnknown, State
from bookings.tests.payments.paypal.conftest import (
    AWAY,
    completed,
    euros,
    make_payment,
    started,
)
from exodrive.dev.embedded.process import HOST
from exodrive.management.commands import paypal_sim

EVERY_EVENT = ["CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.COMPLETED", "PAYMENT.CAPTURE.REFUNDED"]


class Site:
    """Where webhooks go: it notes them, and answers with the next of `statuses`, then with 200."""

    def __init__(self, *statuses: int) -> None:
        self.statuses, self.came = list(statuses), []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                site.came.append((body, headers))
                self.send_response(site.statuses.pop(0) if site.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer((HOST, 0), Handler)
        self.server.daemon_threads = True
        serve = {"poll_interval": 0.05}
        threading.Thread(target=self.server.serve_forever, kwargs=serve, daemon=True).start()
        self.url = f"http://{HOST}:{self.server.server_port}/api/webhooks/paypal"


@pytest.fixture
def site(sim) -> Iterator[Site]:
    """The simulator's events go there, without pauses between attempts."""
    site = Site()
    sim.webhooks.url, sim.webhooks.pauses = site.url, (0, 0, 0)
    yield site
    sim.webhooks.settle()
    site.server.shutdown()
    site.server.server_close()


def types(paypal, sim, site) -> list[str]:
    """Of what came; every signature is checked."""
    return [paypal.verify_webhook(body, headers, at=sim.now()).type for body, headers in site.came]


def pay_and_refund(paypal, sim) -> None:
    payment = completed(paypal, sim, make_payment())
    paypal.refund(payment, euros("1.00"), reason="", request_id="refund")


def test_events_are_delivered_and_signed(paypal, sim, site):
    pay_and_refund(paypal, sim)
    sim.webhooks.settle()
    assert sorted(types(paypal, sim, site)) == EVERY_EVENT


def test_an_event_is_sent_again_until_it_is_taken(paypal, sim, site):
    site.statuses = [503, 500]
    started_payment = started(paypal, make_payment())
    sim.choose(started_payment.refs["order"])
    sim.webhooks.settle()
    assert types(paypal, sim, site) == ["CHECKOUT.ORDER.APPROVED"] * 3
    assert sim.webhooks.answers == [503, 500, 200]


def test_an_event_may_come_twice_with_one_id(paypal, sim, site):
    sim.webhooks.mood = "twice"
    sim.choose(started(paypal, make_payment()).refs["order"])
    sim.webhooks.settle()
    events = [paypal.verify_webhook(body, headers, at=sim.now()) for body, headers in site.came]
    assert (len(events), len({event.id for event in events})) == (2, 1)
    assert len({headers["paypal-transmission-id"] for _, headers in site.came}) == 2


@pytest.mark.parametrize("backwards", [False, True])
def test_events_may_come_late_and_the_wrong_way_round(paypal, sim, site, backwards):
    sim.webhooks.mood = "late"
    pay_and_refund(paypal, sim)
    assert site.came == []
    sim.webhooks.release(backwards=backwards)
    assert types(paypal, sim, site) == (EVERY_EVENT[::-1] if backwards else EVERY_EVENT)


def test_an_event_can_be_asked_for_again(paypal, client, sim, site):
    sim.choose(started(paypal, make_payment()).refs["order"])
    [event] = sim.webhooks.events
    with client.operation() as calls:
        path = f"/v1/notifications/webhooks-events/{event['id']}"
        assert calls.get(path) == event
        calls.post(f"{path}/resend", {}, request_id="resend")
    sim.webhooks.settle()
    assert len(site.came) == 2


# --- The payer's page ------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser without JavaScript would send: hidden fields and the buttons."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hidden, self.buttons, self.scripts = {}, [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "input":
            self.hidden[attributes["name"]] = attributes["value"]
        if tag == "button":
            self.buttons.append((attributes["name"], attributes["value"]))
        self.scripts += tag == "script"


@pytest.fixture
def browser_like(sim) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sim.url, trust_env=False) as http:
        yield http


def test_the_payer_decides_on_a_plain_page(paypal, sim, browser_like):
    payment = started(paypal, make_payment())
    address = paypal.fetch(payment).next_url
    page = Page(browser_like.get(address).text)
    assert (page.buttons, page.scripts) == (
        [("choice", "approve"), ("choice", "decline"), ("choice", "cancel")],
        0,
    )
    left = browser_like.post(address, data={**page.hidden, "choice": "cancel"})
    assert (left.status_code, left.headers["Location"]) == (303, f"{AWAY}?token={payment.refs['order']}")
    assert paypal.fetch(payment).state is State.ACTION_REQUIRED

    agreed = browser_like.post(address, data={**page.hidden, "choice": "approve"})
    assert agreed.headers["Location"].startswith("https://rent.example/paid?booking=EXO-AMNQCN&token=")
    assert Page(browser_like.get(address).text).buttons == []
    assert paypal.complete(payment, {}, request_id="complete").state is State.CAPTURED


def test_what_the_page_shows_is_text(paypal, sim, browser_like):
    order = sim.state.orders[started(paypal, make_payment()).refs["order"]]
    order.unit["description"] = "<script>alert(1)</script>"
    assert Page(browser_like.get(f"/checkoutnow?token={order.id}").text).scripts == 0


def test_nobody_pays_for_an_order_that_is_not_there(browser_like):
    assert browser_like.get("/checkoutnow?token=NONE").status_code == 404
    assert browser_like.post("/checkoutnow", data={"token": "NONE", "choice": "approve"}).status_code == 404


# --- Tokens and request ids ------------------------------------------------------------------------------------------


def test_without_a_good_token_there_is_no_answer(sim, browser_like):
    for headers in ({}, {"Authorization": "Bearer none"}, {"Authorization": "Basic none"}):
        answer = browser_like.get("/v2/checkout/orders/X", headers=headers)
        assert (answer.status_code, answer.json()["name"]) == (401, "AUTHENTICATION_FAILURE")
    assert browser_like.post("/v1/oauth2/token", auth=("simulator", "wrong")).status_code == 401
    assert browser_like.post("/v1/oauth2/token", auth=sim.credentials).status_code == 200


def test_twenty_captures_with_one_request_id_are_one(paypal, client, sim):
    payment = started(paypal, make_payment())
    sim.choose(payment.refs["order"])
    start, answers = threading.Barrier(20), []

    def capture() -> None:
        start.wait()
        # PayPal refuses a call while another one with its id is being worked on.
        with suppress(OutcomeUnknown), client.operation() as calls:
            path = f"/v2/checkout/orders/{payment.refs['order']}/capture"
            answers.append(calls.post(path, request_id="one")["status"])

    threads = [threading.Thread(target=capture) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {"COMPLETED"}
    assert len(sim.state.captures) == 1


def test_a_call_that_comes_while_its_twin_is_worked_on_is_refused(paypal, client, sim):
    payment = completed(paypal, sim, make_payment())
    sim.faults.add("slow", on="/refund", seconds=60)

    def refund() -> None:
        paypal.refund(payment, euros("1.00"), reason="", request_id="one")

    first = threading.Thread(target=refund)
    first.start()
    while not sim.is_busy:
        threading.Event().wait(0.01)
    with pytest.raises(OutcomeUnknown, match="PREVIOUS_REQUEST_IN_PROGRESS"):
        refund()
    sim.go_on.set()
    first.join()
    assert len(sim.state.refunds) == 1


# --- The command -----------------------------------------------------------------------------------------------------


def test_the_command_says_what_a_site_needs_to_use_it(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(paypal_sim, "_wait", interrupt)
    said = StringIO()
    call_command("paypal_sim", "--port", "0", stdout=said)
    lines = dict(line.split("=", 1) for line in said.getvalue().splitlines() if "=" in line)
    assert lines["PAYPAL_API_URL"].startswith(f"http://{HOST}:")
    assert (tmp_path / "paypal-sim-ca.pem").read_text().startswith("-----BEGIN CERTIFICATE-----")
    assert lines["PAYPAL_CA_BUNDLE"] == str(tmp_path / "paypal-sim-ca.pem")
    assert said.getvalue().endswith("Stopped.\n")


def interrupt() -> None:
    raise KeyboardInterrupt


def test_the_command_refuses_production_and_a_port_that_is_taken(settings, tmp_path, sim):
    settings.VAR_DIR = tmp_path
    with pytest.raises(CommandError, match="Cannot listen"):
        call_command("paypal_sim", "--port", sim.url.rpartition(":")[2])
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="development"):
        call_command("paypal_sim")
