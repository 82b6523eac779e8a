"""The page where a customer agrees, as plain forms."""

from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

from exodrive.dev.paypal_sim.orders import Orders
from exodrive.dev.paypal_sim.problems import Problem
from exodrive.dev.paypal_sim.state import Order, new_id

CHOICES = {
    "approve": "Agree and pay",
    "decline": "Agree, with a card that will be declined",
    "cancel": "Cancel and go back",
}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>PayPal simulator</title></head><body><main>
<h1>PayPal simulator</h1>
<p><strong>No money moves here.</strong></p>
{content}</main></body></html>
"""


def page(order: Order) -> str:
    """What is to be paid, and the choices while there is one."""
    amount = order.amount.as_json()
    what = escape(order.unit.get("description", "") or order.unit.get("reference_id", ""))
    content = f"<p>{what}</p>\n<p>{amount['value']} {amount['currency_code']}</p>\n"
    if order.status not in ("CREATED", "PAYER_ACTION_REQUIRED"):
        return PAGE.format(content=f"{content}<p>This order is {order.status.lower()}.</p>\n")
    buttons = "".join(
        f'<p><button name="choice" value="{value}">{label}</button></p>\n' for value, label in CHOICES.items()
    )
    form = f'<form method="post"><input type="hidden" name="token" value="{order.id}">\n{buttons}</form>\n'
    return PAGE.format(content=content + form)


def choose(orders: Orders, order: Order, choice: str) -> str:
    """Where the payer goes next; "" when the order names no place. Raises Problem for what is no choice."""
    if choice not in CHOICES:
        raise Problem(400)
    if choice == "cancel":
        return _with(str(order.context.get("cancel_url", "")), {"token": order.id})
    orders.approve(order, declines=choice == "decline")
    return _with(str(order.context.get("return_url", "")), {"token": order.id, "PayerID": new_id()[:13]})


def _with(url: str, parameters: dict[str, str]) -> str:
    if not url:
        return ""
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode(parameters)]))
    return urlunsplit(parts._replace(query=query))
