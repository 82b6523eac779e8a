"""Seats on departures: a row for every seat that exists, taken and given back as days are."""
