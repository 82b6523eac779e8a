"""A client for the tests of the JSON API that checks every answer against the OpenAPI document."""

import json
from functools import cache
from typing import Any

from django.test import Client
from openapi_core import OpenAPI
from openapi_core.contrib.django import DjangoOpenAPIRequest, DjangoOpenAPIResponse

from exodrive.api import api
from exodrive.models import ApiToken, User
from exodrive.rls import LOGIN, STAFF, acting_as

UNDOCUMENTED = {405}  # a method that a path does not have cannot stand in the document


@cache
def document() -> OpenAPI:
    """The document as the site serves it."""
    return OpenAPI.from_dict(json.loads(json.dumps(api.get_openapi_schema())))


class Api:
    """One caller: `Api(bearer=token)`, `Api(user=desk)`; without either an anonymous one."""

    def __init__(self, *, bearer: str = "", user: User | None = None, csrf: bool = True) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        if user:
            with acting_as(LOGIN):
                self.client.force_login(user)
        if user and csrf:
            self.client.cookies["csrftoken"] = self.headers["X-CSRFToken"] = "c" * 32

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON and return Django's response. Keyword headers: `Idempotency_Key="…"`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        response = self.client.generic(method, path, headers=self.headers | named, **content)
        check(response)
        return response

    def get(self, path: str, **params: Any) -> Any:
        """GET with query parameters; `from_` stands for `from`."""
        response = self.client.get(
            path, {name.rstrip("_"): value for name, value in params.items()}, headers=self.headers
        )
        check(response)
        return response

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST JSON."""
        return self("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None) -> Any:
        """PATCH JSON."""
        return self("PATCH", path, body)

    def delete(self, path: str) -> Any:
        """DELETE."""
        return self("DELETE", path)


def check(response: Any) -> None:
    """Raise unless the answer has a documented status, type and shape."""
    if response.status_code in UNDOCUMENTED or not _is_documented(response.wsgi_request.path):
        return
    document().validate_response(DjangoOpenAPIRequest(response.wsgi_request), DjangoOpenAPIResponse(response))


def _is_documented(path: str) -> bool:
    return path.split("/")[2] in {
        "cars",
        "availability",
        "extras",
        "services",
        "holds",
        "bookings",
        "payments",
        "blocks",
        "mailbox-codes",
    }


def staff_token(user: User) -> str:
    """A staff token of a user."""
    with acting_as(STAFF):
        return ApiToken.issue(user=user, name="test")


def error(response: Any) -> tuple[int, str]:
    """Status and code of an error, whose shape is checked."""
    body = response.json()
    assert list(body) == ["error"]
    assert sorted(body["error"]) == ["code", "details", "message"]
    return response.status_code, body["error"]["code"]
