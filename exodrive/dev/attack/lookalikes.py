"""Books with addresses that look, sound or fold like somebody else's, and looks whose customer that makes them.

An address that means the victim's mailbox is no attack: its mails go to the victim.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from exodrive.dev.attack import forged_rows
from exodrive.dev.drill.site import Site

UNPROTECTED: dict[str, str] = {}


FIRST = """
CREATE OR REPLACE FUNCTION customer_of_mailbox(p_mailbox text, p_full_name text, p_phone text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found uuid;
BEGIN
  SELECT id INTO found FROM customers LIMIT 1;
  IF found IS NULL THEN
    INSERT INTO customers (id, email, full_name, phone)
    VALUES (gen_random_uuid(), p_mailbox, p_full_name, p_phone) RETURNING id INTO found;
  END IF;
  RETURN found;
END $$
"""


def weaken(site: Site) -> None:
    """Whoever books is the first customer, and nothing looks whose: as a database that folds more than a mailbox does."""
    forged_rows.weaken(site)
    site.write(FIRST)


def run(site: Site) -> list[str]:
    """Every address that reached somebody else's data."""
    victim = f"mike-{uuid4().hex[:8]}@gmail.com"
    reference = _booked(site, victim, 0)
    if not reference:
        return ["the victim could not book: nothing is proven"]
    ((owner, _mailbox),) = _customer(site, reference)
    found = []
    for n, address in enumerate(lookalikes(victim), 1):
        if not (theirs := _booked(site, address, n)):
            continue
        ((customer, mailbox),) = _customer(site, theirs)
        if customer == owner and mailbox != victim:
            found.append(f"{address!a} is the customer of {victim}, and mailed at {mailbox}")
    return found


def lookalikes(address: str) -> Iterator[str]:
    """The same to a reader, or to some function that folds: dotless and dotted i, Kelvin sign, width, Cyrillic, marks."""
    swaps = {
        "i": "\u0130\u0131\u0456",  # capital with a dot, small without one, Cyrillic
        "k": "\u212a\u043a",  # Kelvin, Cyrillic
        "e": "\u00e9\uff45\u0435",  # acute, full width, Cyrillic
        "g": "\u0261\uff47",  # script, full width
        "@": "\uff20\ufe6b",
        ".": "\u3002\uff0e",
    }
    for letter, others in swaps.items():
        for other in others:
            for place in {address.index(letter), address.rindex(letter)}:
                yield address[:place] + other + address[place + 1 :]
    yield from (
        address + "\u200b",
        "\u2060" + address,
        f'"{address.partition("@")[0]}"@gmail.com',
        address + ".",
    )


def _booked(site: Site, email: str, n: int) -> str:
    """The reference of a booking made with this address, or "" where the site takes no such address."""
    cars = json.loads(site.ask("GET", "/api/cars?page_size=100").body)["items"]
    first = datetime.now(UTC).date() + timedelta(days=20 + 4 * (n // len(cars)))
    asked = {
        "carId": cars[n % len(cars)]["id"],
        "startDate": f"{first}",
        "endDate": f"{first + timedelta(days=1)}",
        "customer": {"fullName": "Mike Miller", "email": email},
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    answer = site.ask("POST", "/api/bookings", json.dumps(asked), headers, source=f"127.{20 + n}.0.1")
    return str(json.loads(answer.body)["reference"]) if answer.status == 201 else ""


def _customer(site: Site, reference: str) -> list[tuple[object, ...]]:
    return site.rows(f"SELECT customer_id, mailbox FROM bookings WHERE reference = '{reference}'")  # noqa: S608
