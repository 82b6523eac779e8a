"""Whether a ride can be had: the rules of its service, and the car that takes it."""
