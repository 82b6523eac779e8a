"""The public site: under /en/, /es/, /fr/ and /pt/, and what has no language in its address."""

from bookings.views import (
    booking,
    car,
    catalogue,
    change,
    details,
    pages,
    payment,
    pin,
    privacy,
    proof,
    sandbox,
)
from bookings.views.rides import service, services
from exodrive.routes import Tag, path

SECRET, SHOWN = {Tag.SECRET}, {Tag.SHOWN}

urlpatterns = [
    path("", catalogue.home, name="home", tags=SHOWN),
    path("cars/", catalogue.cars, name="cars", tags=SHOWN),
    path("cars/<slug:slug>/", car.car, name="car", rule="hold", tags=SHOWN),
    path("services/", services.services, name="services", tags=SHOWN),
    path("services/<slug:slug>/", service.service, name="service", rule="hold", tags=SHOWN),
    path("tours/<slug:slug>/", service.tour, name="tour", rule="hold", tags=SHOWN),
    path("book/<str:token>/", details.details, name="details", rule="booking", tags=SECRET),
    path("book/<str:token>/extension/", details.hold_extension, name="hold_extension", tags=SECRET),
    path("booking/<str:token>/", booking.booking, name="booking", tags=SECRET),
    path("booking/<str:token>/proof/<str:proof>/", proof.booking_proof, name="booking_proof", tags=SECRET),
    path(
        "booking/<str:token>/address/",
        booking.booking_address,
        name="booking_address",
        rule="link",
        tags=SECRET,
    ),
    path("booking/<str:token>/change/", change.booking_change, name="booking_change", tags=SECRET),
    path(
        "booking/<str:token>/cancellation/",
        booking.booking_cancellation,
        name="booking_cancellation",
        tags=SECRET,
    ),
    path("booking/<str:token>/payment/", payment.booking_payment, name="booking_payment", tags=SECRET),
    path("booking/<str:token>/requests/", booking.booking_requests, name="booking_requests", tags=SECRET),
    path("booking/<str:token>/pin/", pin.booking_pin, name="booking_pin", rule="pin", tags=SECRET),
    path("booking/<str:token>/entry/", pin.booking_entry, name="booking_entry", rule="pin", tags=SECRET),
    path("booking/<str:token>/copy/", privacy.data_ask, {"kind": "copy"}, name="booking_copy", tags=SECRET),
    path(
        "booking/<str:token>/erasure/",
        privacy.data_ask,
        {"kind": "erasure"},
        name="booking_erasure",
        tags=SECRET,
    ),
    path("data/<str:token>/", privacy.data_request, name="data_request", tags=SECRET),
    path("booking/<str:token>/calendar.ics", booking.booking_ics, name="booking_ics", tags=SECRET),
    path("link/", pages.new_link, name="new_link", rule="link"),
    path("terms/", pages.terms, name="terms"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
]

without_language = [
    path("booking/<str:token>/", booking.booking_unprefixed, name="booking_unprefixed", tags=SECRET),
    path("pay/back/<uuid:payment_id>/", payment.payment_back, name="payment_back"),
    path("sandbox/<uuid:order_id>/", sandbox.order, name="sandbox_order"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
]
