"""Books and holds what it can for nothing: a new name, mailbox and address for each try, all from one network."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from exodrive.dev.drill.target import Target

UNPROTECTED = {"RATE_LIMITS": "off"}
TRIES, MOST = 12, 4  # UNPROVEN_PER_NETWORK and HOLDS_PER_NETWORK


def run(site: Target) -> list[str]:
    """What one network got: more bookings or holds than a network gets."""
    found = []
    for what, network in (("bookings", 7), ("holds", 8)):
        got = sum(_try(site, what, f"127.0.{network}.{n}", n) for n in range(1, TRIES + 1))
        if got == 0:
            found.append(f"not one of {TRIES} {what} was to be had: nothing is proven")
        if got > MOST:
            found.append(f"{got} {what} for nothing, from one network")
    return found


def _try(site: Target, what: str, source: str, n: int) -> bool:
    cars = json.loads(site.ask("GET", "/api/cars?page_size=100").body)["items"]
    first = datetime.now(UTC).date() + timedelta(days=30 + 10 * n)
    asked = {
        "carId": cars[n % len(cars)]["id"],
        "startDate": f"{first}",
        "endDate": f"{first + timedelta(days=6)}",
    }
    if what == "bookings":
        asked["customer"] = {"fullName": f"Nobody {n}", "email": f"nobody-{uuid4().hex[:12]}@example.com"}
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    return site.ask("POST", f"/api/{what}", json.dumps(asked), headers, source=source).status == 201
