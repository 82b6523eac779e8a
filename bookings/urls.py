"""The public site: under /en/, /es/, /fr/ and /pt/, and what has no language in its address."""

from django.urls import path

from bookings.views import booking, car, catalogue, change, details, pages, pin, privacy

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("cars/", catalogue.cars, name="cars"),
    path("cars/<slug:slug>/", car.car, name="car"),
    path("book/<str:token>/", details.details, name="details"),
    path("book/<str:token>/extension/", details.hold_extension, name="hold_extension"),
    path("booking/<str:token>/", booking.booking, name="booking"),
    path("booking/<str:token>/change/", change.booking_change, name="booking_change"),
    path("booking/<str:token>/cancellation/", booking.booking_cancellation, name="booking_cancellation"),
    path("booking/<str:token>/requests/", booking.booking_requests, name="booking_requests"),
    path("booking/<str:token>/pin/", pin.booking_pin, name="booking_pin"),
    path("booking/<str:token>/entry/", pin.booking_entry, name="booking_entry"),
    path("booking/<str:token>/copy/", privacy.data_ask, {"kind": "copy"}, name="booking_copy"),
    path("booking/<str:token>/erasure/", privacy.data_ask, {"kind": "erasure"}, name="booking_erasure"),
    path("data/<str:token>/", privacy.data_request, name="data_request"),
    path("booking/<str:token>/calendar.ics", booking.booking_ics, name="booking_ics"),
    path("link/", pages.new_link, name="new_link"),
    path("terms/", pages.terms, name="terms"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
]

without_language = [
    path("booking/<str:token>/", booking.booking_unprefixed, name="booking_unprefixed"),
    path("robots.txt", pages.robots, name="robots"),
]
