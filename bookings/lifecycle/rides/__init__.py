"""Booking rides: what is asked for, and the verb that books it."""
