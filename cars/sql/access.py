"""Who may do what with cars, their prices and their rules. Applied after `migrate` (docs/architecture.md)."""

from exodrive.db.access import Policy, Table, full_access, read_only
from exodrive.rls import PUBLIC, SERVICE, STAFF

READ = "SELECT"
ALL = "SELECT, INSERT, UPDATE, DELETE"

# What a quote or a refusal is made of: staff write it, everybody reads it.
OPEN_TO_READ = Table(
    grants={STAFF: ALL, SERVICE: READ, PUBLIC: READ},
    policies=full_access(STAFF) | read_only(SERVICE) | read_only(PUBLIC),
)

# The public sees prices of what it sees: of offered cars, and of the car of its own booking or hold. What is for every
# car stays open to all.
OF_VISIBLE_CARS = Table(
    grants={STAFF: ALL, SERVICE: READ, PUBLIC: READ},
    policies={
        **full_access(STAFF),
        **read_only(SERVICE),
        "public_read": Policy(
            PUBLIC, "SELECT", "car_id IS NULL OR EXISTS (SELECT 1 FROM cars WHERE cars.id = car_id)"
        ),
    },
)

# The same for rides: what is not offered yet is nobody's business, nor are its prices.
OF_OFFERED_SERVICES = Table(
    grants={STAFF: ALL, SERVICE: READ, PUBLIC: READ},
    policies={
        **full_access(STAFF),
        **read_only(SERVICE),
        "public_read": Policy(
            PUBLIC, "SELECT", "EXISTS (SELECT 1 FROM services WHERE services.id = service_id)"
        ),
    },
)

TABLES = {
    "agencies": Table(
        grants={STAFF: ALL, SERVICE: READ},
        policies=full_access(STAFF) | read_only(SERVICE),
    ),
    "locations": OPEN_TO_READ,
    "location_hours": OPEN_TO_READ,
    "closed_days": OPEN_TO_READ,
    "fleets": OPEN_TO_READ,
    "cars": Table(
        grants={STAFF: ALL, SERVICE: READ, PUBLIC: READ},
        policies={
            **full_access(STAFF),
            **read_only(SERVICE),
            "public_offered": Policy(PUBLIC, "SELECT", "status = 'offered'"),
            # A customer also sees the car of their own booking or hold, whatever its status.
            "public_own": Policy(
                PUBLIC,
                "SELECT",
                "id = (SELECT car_id FROM bookings WHERE id = (SELECT app_booking_id()))"
                " OR id = (SELECT car_id FROM holds WHERE id = (SELECT app_hold_id()))",
            ),
        },
    ),
    "car_images": Table(
        grants={STAFF: ALL, SERVICE: READ, PUBLIC: READ},
        policies={
            **full_access(STAFF),
            **read_only(SERVICE),
            "public_of_visible_cars": Policy(
                PUBLIC, "SELECT", "EXISTS (SELECT 1 FROM cars WHERE cars.id = car_images.car_id)"
            ),
        },
    ),
    "rental_terms": OF_VISIBLE_CARS,
    "seasons": OF_VISIBLE_CARS,
    "discounts": OF_VISIBLE_CARS,
    "fees": OF_VISIBLE_CARS,
    # Names without a meaning. Triggers write them, as the owner.
    "catalogue_versions": Table(
        grants={STAFF: READ, SERVICE: READ, PUBLIC: READ},
        policies=read_only(STAFF) | read_only(SERVICE) | read_only(PUBLIC),
    ),
    # Open although some are not offered any more: extras are no car's, and one that is gone is called by its name.
    "extras": OPEN_TO_READ,
    "car_classes": OPEN_TO_READ,
    "zones": OPEN_TO_READ,
    "places": OPEN_TO_READ,
    "services": Table(
        grants={STAFF: ALL, SERVICE: READ, PUBLIC: READ},
        policies={
            **full_access(STAFF),
            **read_only(SERVICE),
            "public_offered": Policy(PUBLIC, "SELECT", "is_offered"),
            # As with cars: what its own booking or hold is for, whatever became of it.
            "public_own": Policy(
                PUBLIC,
                "SELECT",
                "id = (SELECT service_id FROM rides WHERE booking_id = (SELECT app_booking_id()))"
                " OR id = (SELECT service_id FROM holds WHERE id = (SELECT app_hold_id()))",
            ),
        },
    ),
    "service_hours": OF_OFFERED_SERVICES,
    "ride_rates": OF_OFFERED_SERVICES,
    "surcharges": OF_OFFERED_SERVICES,
    "tours": OF_OFFERED_SERVICES,
}
