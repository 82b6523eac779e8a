"""Who may do what with rides and the spans that they take in the ledger."""

from bookings.sql.clauses import ADDED, ALL, KEEP, OWN_BOOKING, OWN_HOLD, READ, SOON
from exodrive.db.access import Policy, Table, full_access, read_only
from exodrive.rls import PUBLIC, SERVICE, STAFF

OWN = f"{OWN_HOLD} OR {OWN_BOOKING}"
# What the public may make of a span.
BECOMES = (
    f"block_id IS NULL AND departure_id IS NULL AND (expires_at IS NULL OR {SOON})"
    f" AND (booking_id IS NULL OR {OWN_BOOKING} OR may_add_to_booking(booking_id))"
    f" AND (hold_id IS NULL OR {OWN_HOLD} OR may_add_to_hold(hold_id))"
)

# Seats that the public may take, and what it may make of them: a lapsed hold's are free, given back ones are nobody's.
FREE_SEATS = f"(booking_id IS NULL AND hold_id IS NULL) OR expires_at <= now() OR {OWN}"
BECOMES_SEATS = (
    f"(expires_at IS NULL OR {SOON})"
    f" AND (booking_id IS NULL OR {OWN_BOOKING} OR may_add_to_booking(booking_id))"
    f" AND (hold_id IS NULL OR {OWN_HOLD} OR may_add_to_hold(hold_id))"
)

BY_HAND = "status <> 'service'"


def days_by_hand(role: str) -> dict[str, Policy]:
    """All of the day ledger but service days: `keep_service_day` alone writes those. Lapsed ones can be taken over.

    Deleting one is left to the foreign key of the spans that stand on it, which says why it cannot be.
    """
    name = role.removeprefix("exo_")
    return {
        **read_only(role),
        f"{name}_claim": Policy(role, "INSERT", check=BY_HAND),
        f"{name}_change": Policy(role, "UPDATE", f"{BY_HAND} OR expires_at <= now()", BY_HAND),
        f"{name}_release": Policy(role, "DELETE", "true"),
    }


HOURS = {
    "rides": Table(
        grants={
            STAFF: KEEP,
            SERVICE: KEEP,
            PUBLIC: "SELECT, INSERT, UPDATE (starts_at, ends_at, before_minutes, after_minutes, from_place_id, to_place_id,"
            " from_text, to_text, flight_number, sign_name, passengers, children, bags, distance_km)",
        },
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            "public_own": Policy(PUBLIC, "SELECT", OWN_BOOKING),
            "public_new": Policy(PUBLIC, "INSERT", check=f"{ADDED} AND driver_name = ''"),
            "public_change_own": Policy(PUBLIC, "UPDATE", OWN_BOOKING, OWN_BOOKING),
        },
    ),
    "tour_departures": Table(
        grants={STAFF: KEEP, SERVICE: KEEP, PUBLIC: READ},
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            # As their tour: what is offered, or what its own booking or hold is for.
            "public_read": Policy(PUBLIC, "SELECT", "EXISTS (SELECT 1 FROM tours WHERE tours.id = tour_id)"),
        },
    ),
    "departure_seats": Table(
        # Ids of bookings and holds open nothing without a token.
        grants={STAFF: ALL, SERVICE: ALL, PUBLIC: "SELECT, UPDATE (booking_id, hold_id, expires_at)"},
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            **read_only(PUBLIC),
            "public_take": Policy(PUBLIC, "UPDATE", FREE_SEATS, BECOMES_SEATS),
        },
    ),
    "vehicle_assignments": Table(
        # Ids of bookings and holds open nothing without a token.
        grants={
            STAFF: ALL,
            SERVICE: ALL,
            PUBLIC: "SELECT (id, car_id, date, starts_at, ends_at, before_minutes, after_minutes, expires_at, hold_id,"
            " booking_id), INSERT, UPDATE, DELETE",
        },
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            **read_only(PUBLIC),
            "public_claim": Policy(PUBLIC, "INSERT", check=BECOMES),
            "public_change_own": Policy(PUBLIC, "UPDATE", OWN, BECOMES),
            "public_release": Policy(PUBLIC, "DELETE", f"expires_at <= now() OR {OWN}"),
        },
    ),
}
