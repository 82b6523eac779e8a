"""The pages of rides: what is offered, and a service with its price, its times and Continue."""
