"""The OpenAPI document and its page."""

import json
from typing import get_args

import pytest
from django.conf import settings
from django.test import Client

from bookings.api import schemas
from bookings.models import Booking
from bookings.tests.support.api import Api, document
from bookings.tests.support.factories import make_desk
from cars.models import Car, Service
from exodrive.api import api

pytestmark = pytest.mark.django_db


def test_the_document_is_valid_and_served_as_it_is():
    served = Client().get("/api/openapi.json")
    assert served.status_code == 200
    assert served.json() == json.loads(json.dumps(api.get_openapi_schema()))
    assert document().spec["info"]["title"] == "Exodrive API"


def test_every_operation_documents_its_errors():
    for operations in api.get_openapi_schema()["paths"].values():
        for operation in operations.values():
            assert {422, 503} <= set(operation["responses"])
            for status, answer in operation["responses"].items():
                if status >= 400:
                    reference = answer["content"]["application/json"]["schema"]["$ref"]
                    assert reference.endswith("Error")


def test_inputs_refuse_unknown_keys_and_query_parameters_are_never_null():
    schema = api.get_openapi_schema()
    bodies = [s for name, s in schema["components"]["schemas"].items() if name.endswith(("In", "Patch"))]
    assert [body.get("additionalProperties") for body in bodies] == [False] * len(bodies)
    parameters = [
        parameter["schema"]
        for operations in schema["paths"].values()
        for operation in operations.values()
        for parameter in operation["parameters"]
    ]
    assert [p for p in parameters if "anyOf" in p] == []


def test_the_page_has_no_inline_script_or_style():
    page = Client().get("/api/docs")
    html = page.content.decode()
    assert page.status_code == 200
    assert "<style" not in html
    assert "style=" not in html
    assert "onload=" not in html
    scripts = [part.partition(">")[0] for part in html.split("<script")[1:]]
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
    assert "'unsafe" not in page["Content-Security-Policy"]


def test_only_staff_get_a_csrf_token_with_the_page():
    assert 'data-api-csrf="true"' not in Client().get("/api/docs").content.decode()
    assert 'data-api-csrf="true"' in Api(user=make_desk()).client.get("/api/docs").content.decode()


@pytest.mark.parametrize(
    ("sent", "values"),
    [
        (schemas.Status, Booking.Status.values),
        (schemas.Kind, Booking.Kind.values),
        (schemas.RideKind, Service.Kind.values),
        (schemas.PaymentStatus, Booking.PaymentStatus.values),
        (schemas.Source, Booking.Source.values),
        (schemas.Gearbox, Car.Gearbox.values),
        (schemas.Language, list(dict(settings.LANGUAGES))),
    ],
)
def test_what_may_be_sent_are_the_models_choices(sent, values):
    assert list(get_args(sent)) == values
