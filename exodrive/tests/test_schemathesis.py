"""The API held against its own document by generated requests: no 5xx, no status or shape that is not documented.

Anonymous, as the customer of a booking and as staff; valid input and input that breaks the document. Every request
starts from the same rows, and what it writes is taken back.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig

from bookings.tests.support.api import staff_token
from bookings.tests.support.booked_rides import Chauffeurs
from bookings.tests.support.examples import taken_back
from bookings.tests.support.factories import (
    CarFactory,
    in_days,
    make_block,
    make_booking,
    make_hold,
    make_manager,
)
from bookings.tests.support.paying import begin
from exodrive.api import api
from exodrive.tests.support.made_once import MadeOnce

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sandbox_on(settings):
    """Payments that were made by the sandbox are refunded and captured by it."""
    settings.PAYMENTS_SANDBOX = True


# What fits the schema can still ask for taken days, for a car that is not there, or for what another may do. The
# document names these answers; a 5xx is in none of the lists.
EXPECTED = ["2xx", "400", "401", "403", "404", "409", "422", "429"]
CONFIG = {
    "checks": {"positive_data_acceptance": {"expected-statuses": EXPECTED}},
    # A hold exists only for its own token. To everybody else, whoever placed it included, it is a 404, never a 401:
    # an answer that told the two apart would say which holds there are.
    "operations": [
        {
            "include-path-regex": "^/api/holds",
            "checks": {
                "ensure_resource_availability": {"enabled": False},
                "ignored_auth": {"enabled": False},
            },
        }
    ],
}
CALLERS = ["anonymous", "customer", "staff"]
OPERATIONS = sorted(
    f"{method.upper()} {path}"
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
)


@cache
def document() -> Any:
    """The document as schemathesis reads it, served by the application it asks."""
    return schemathesis.openapi.from_wsgi(
        "/api/openapi.json", get_wsgi_application(), config=SchemathesisConfig.from_dict(CONFIG)
    )


@pytest.fixture(autouse=True)
def connection_stays() -> Iterator[None]:
    """A test's transaction would not survive that a request gives its connection back."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


class World:
    """Rows to ask about, and who asks."""

    def __init__(self) -> None:
        self.car, self.booking = CarFactory(), make_booking()
        self.hold, self.block = make_hold(), make_block(car=CarFactory(), start=in_days(20))
        self.payment, self.chauffeurs = begin(self.booking), Chauffeurs(cars=2)
        self.tokens = {"customer": self.booking.secret, "staff": staff_token(make_manager())}

    def headers(self, who: str, path: str) -> dict[str, str]:
        """The caller's credential; a hold is only ever opened by its own."""
        token = self.hold.token if who == "customer" and "hold_id" in path else self.tokens.get(who)
        return {"Authorization": f"Bearer {token}"} if token else {}

    def ids(self, path: str) -> dict[str, Any]:
        """Ids that exist, for the parameters of a path."""
        known = {
            "booking_id": str(self.booking.pk),
            "payment_id": str(self.payment.pk),
            "hold_id": str(self.hold.pk),
            "block_id": self.block.pk,
            "service_id": self.chauffeurs.service.pk,
        }
        return {name: value for name, value in known.items() if f"{{{name}}}" in path}

    def ground(self, case: Case) -> Case:
        """Half of the valid cases ask for what can be booked, a car or a ride; at random none ever would."""
        of_ride = isinstance(case.body, dict) and "serviceId" in case.body
        of_body = self.ride if of_ride else self.rental
        of_address = _as_parameters(self.ride if "service_id" in case.path else self.rental)
        for sent, names in ((case.body, of_body), (case.query, of_address)):
            if isinstance(sent, dict) and len(str(sent)) % 2:
                sent.update({name: value for name, value in names.items() if name in sent})
                if "minutes" in names:
                    _go_by_the_hour(sent)
        return case

    @property
    def rental(self) -> dict[str, Any]:
        """As a body asks for it."""
        return {"carId": self.car.pk, "startDate": str(in_days(4)), "endDate": str(in_days(5))}

    @property
    def ride(self) -> dict[str, Any]:
        """The same, by the hour."""
        hired = self.chauffeurs
        ids = {"serviceId": hired.service.pk, "carClassId": hired.car_class.pk}
        return {"kind": "hourly", **ids, "start": f"{in_days(4)}T10:00", "minutes": 120}


def _as_parameters(known: dict[str, Any]) -> dict[str, Any]:
    if "carId" in known:
        return {"car_id": known["carId"], "start": known["startDate"], "end": known["endDate"]}
    return {"class_id": known["carClassId"], "start": known["start"], "minutes": known["minutes"]}


def _go_by_the_hour(sent: dict[str, Any]) -> None:
    for name in ("fromPlaceId", "toPlaceId", "from_place_id", "to_place_id"):
        sent.pop(name, None)


@pytest.fixture(scope="module")
def made(made_once: MadeOnce[World]) -> World:
    return made_once(World)


def budget(cases: int) -> Any:
    """So many cases, the same ones every time in the short run; slowness is for the benchmark."""
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    return settings(max_examples=cases, phases=phases, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_in_the_document(made, operation, who, rounds):
    method, path = operation.split()
    world, asked = made, 0
    headers, ids = world.headers(who, path), world.ids(path)

    def ask(case: Case) -> None:
        nonlocal asked
        asked += 1
        with taken_back():
            case.call_and_validate(headers=headers)

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        cases = document()[path][method].as_strategy(
            generation_mode=mode, **({"path_parameters": ids} if ids else {})
        )
        if mode is GenerationMode.POSITIVE:
            cases = cases.map(world.ground)
        budget(rounds(6, 40))(given(cases)(ask))()
    assert asked
