"""Rides in the JSON API: what is offered, when it can be had, and how it is held and booked."""
