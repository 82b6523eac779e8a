"""Pages of rides: what is offered, and the details of what is held."""
