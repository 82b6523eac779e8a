"""/api/docs in a browser: Swagger UI works under the site's own content security policy."""

import pytest
from playwright.sync_api import expect

from bookings.tests.support.factories import CarFactory
from exodrive.api import api

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_document_is_shown_and_can_be_tried_out(page):
    """`page` fails the test when anything broke the content security policy."""
    car = CarFactory(daily_rate="90.00")  # below the example that the page fills in for max_price
    operations = sum(len(methods) for methods in api.get_openapi_schema()["paths"].values())
    page.goto("/api/docs")
    expect(page.locator(".opblock")).to_have_count(operations)
    page.locator(".opblock-summary-control").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_have_text("200")
    expect(page.locator(".live-responses-table")).to_contain_text(car.slug)
