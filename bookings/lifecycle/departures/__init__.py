"""What staff do with departures: make them, give them more or fewer seats, call them off."""
