"""Cars in lists: what is found, what it costs, and the card that shows it."""
