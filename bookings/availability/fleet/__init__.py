"""The search for free cars, however large the fleet: sets of cars as bits of one number, kept by each process and exact.

`bookings.availability.free_cars` says the same in SQL, and is what all of this is held against.
"""
