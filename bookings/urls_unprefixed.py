"""What has no language in its address."""

from django.urls import path

from bookings.views import booking, pages

urlpatterns = [
    path("booking/<str:token>/", booking.booking_unprefixed, name="booking_unprefixed"),
    path("robots.txt", pages.robots, name="robots"),
]
