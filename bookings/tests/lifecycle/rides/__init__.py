"""Booking rides, end to end of the verb."""
