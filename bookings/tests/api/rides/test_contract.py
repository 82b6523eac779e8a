"""Programs that know the API from before rides could be booked through it go on working: what they send is still taken,
what they read is still there."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from bookings.tests.support.contract import broken, contract_of
from exodrive.api import api

BEFORE_RIDES = json.loads((Path(__file__).parent / "contract.json").read_text())


@pytest.fixture
def document():
    return json.loads(json.dumps(api.get_openapi_schema()))


def test_nothing_is_taken_from_who_wrote_for_the_api_before(document):
    assert broken(BEFORE_RIDES, contract_of(document)) == []


def schema_of(document, name):
    return document["components"]["schemas"][name]


def ask_for_more(document):
    schema_of(document, "BookingIn")["required"].append("driverAge")


def lose_a_field(document):
    del schema_of(document, "PersonIn")["properties"]["phone"]


def change_a_type(document):
    schema_of(document, "HoldIn")["properties"]["carId"] = {"type": "string"}


def take_a_word_back(document):
    schema_of(document, "BookingIn")["properties"]["source"]["enum"].remove("mobile")


def answer_less(document):
    schema_of(document, "BookingCreatedOut")["required"].remove("bookingUrl")


def take_other_bodies(document):
    taken = {"schema": {"$ref": "#/components/schemas/BlockIn"}}
    document["paths"]["/api/bookings"]["post"]["requestBody"]["content"]["application/json"] = taken


def want_a_parameter(document):
    for parameter in document["paths"]["/api/cars"]["get"]["parameters"]:
        parameter["required"] = True


def close_an_address(document):
    del document["paths"]["/api/extras"]


@pytest.mark.parametrize(
    "change",
    [
        ask_for_more,
        lose_a_field,
        change_a_type,
        take_a_word_back,
        answer_less,
        take_other_bodies,
        want_a_parameter,
        close_an_address,
    ],
)
def test_whatever_would_break_them_is_seen(document, change):
    changed = deepcopy(document)
    change(changed)
    assert broken(BEFORE_RIDES, contract_of(changed))
