"""Rides through the JSON API."""
