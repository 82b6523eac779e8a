"""Who may do what with bookings, holds, the day ledger and what hangs on them. Applied after `migrate`.

What the public adds to a booking, it adds to its own, or to one that this very transaction has made (`may_add_to_booking`).
A condition like `id = (SELECT …)` uses the index; `id IN (SELECT …)` reads the whole table.
"""

from bookings.sql.clauses import ADDED, ALL, BY_STAFF, KEEP, OWN_BOOKING, OWN_HOLD, READ, SOON, own_name
from bookings.sql.hours import HOURS, days_by_hand
from bookings.sql.money import MONEY
from exodrive.db.access import Policy, Table, full_access, read_only
from exodrive.rls import PUBLIC, SERVICE, STAFF

# Days that the public may take over or release: expired ones and its own.
OWN_DAYS = f"expires_at <= now() OR {OWN_HOLD} OR {OWN_BOOKING}"
# What it may make of a day.
BECOMES = (
    f"(expires_at IS NULL OR {SOON})"
    f" AND (status IN ('pending', 'held', 'buffer') OR (status = 'booked' AND {OWN_BOOKING}))"
    f" AND (booking_id IS NULL OR {OWN_BOOKING} OR may_add_to_booking(booking_id))"
    f" AND (hold_id IS NULL OR {OWN_HOLD} OR may_add_to_hold(hold_id))"
)
MANAGES = "(SELECT acts_as_manager())"


TABLES = MONEY | {
    "customers": Table(
        # The public reads of a customer only what it typed itself: an email does not prove who somebody is, so a booking
        # made with another's address must not show that customer's stored name and phone.
        grants={STAFF: KEEP, SERVICE: KEEP, PUBLIC: "SELECT (id, email)"},
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            "public_own": Policy(PUBLIC, "SELECT", "id = (SELECT customer_id FROM bookings)"),
        },
    ),
    "bookings": Table(
        grants={
            STAFF: KEEP,
            SERVICE: KEEP,
            PUBLIC: "SELECT, INSERT, UPDATE (status, phone, special_requests, pickup_time, return_time, start_date,"
            " end_date, car_id, buffer_days, quote, terms, total, deposit, delivery, delivery_address, driver_age)",
        },
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            "public_own": Policy(PUBLIC, "SELECT", "id = (SELECT app_booking_id())"),
            "public_new": Policy(
                PUBLIC,
                "INSERT",
                check="status = 'pending' AND mailbox <> '' AND payment_status = 'unpaid' AND deposit_status = ''"
                " AND (paid, refunded, forgiven, deposit_kept) = (0, 0, 0, 0) AND deposit_until IS NULL"
                " AND (pay_until IS NULL OR pay_until <= now() + interval '1 day')"
                " AND num_nonnulls(handed_over_at, returned_at, return_odometer_km, return_fuel_eighths,"
                " return_damage, out_from, pickup_odometer_km, pickup_fuel_eighths, licence_seen, deposit_taken,"
                " erased_at, kept_until) = 0 AND (return_note, pickup_note, outcome) = ('', '', '')",
            ),
            "public_change_own": Policy(
                PUBLIC, "UPDATE", "id = (SELECT app_booking_id())", "id = (SELECT app_booking_id())"
            ),
        },
    ),
    "booking_secure_tokens": Table(
        # The public and jobs add no links of bookings but their own; nobody but `app_booking_id` reads them for the public.
        grants={STAFF: KEEP, SERVICE: "SELECT, UPDATE", PUBLIC: "INSERT"},
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            "public_new": Policy(
                PUBLIC, "INSERT", check=f"{ADDED} AND expires_at <= link_may_last_until(booking_id)"
            ),
        },
    ),
    "booking_proofs": Table(
        # `must_prove` writes them; the worker alone makes the mailed link work.
        grants={
            STAFF: "SELECT, UPDATE (proven_at, how)",
            SERVICE: "SELECT, UPDATE (token_hash, proven_at, how, visitor, network)",
            PUBLIC: "SELECT (id, booking_id, due_at, proven_at)",
        },
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            "public_own": Policy(PUBLIC, "SELECT", OWN_BOOKING),
        },
    ),
    "mailbox_codes": Table(
        # `ask_for_code` draws them; the worker writes their mails.
        grants={SERVICE: "SELECT, DELETE"},
        policies=full_access(SERVICE),
    ),
    "booking_locations": Table(
        grants={STAFF: KEEP, SERVICE: KEEP, PUBLIC: "SELECT, INSERT, UPDATE (location_id)"},
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            "public_own": Policy(PUBLIC, "SELECT", OWN_BOOKING),
            "public_new": Policy(PUBLIC, "INSERT", check=ADDED),
            "public_change_own": Policy(PUBLIC, "UPDATE", OWN_BOOKING, OWN_BOOKING),
        },
    ),
    "booking_segments": Table(
        # `swap_car` writes them; nobody changes which car it was.
        grants={STAFF: "SELECT, INSERT", SERVICE: READ, PUBLIC: READ},
        policies={
            **full_access(STAFF),
            **read_only(SERVICE),
            "public_own": Policy(PUBLIC, "SELECT", OWN_BOOKING),
        },
    ),
    "booking_extras": Table(
        # `book_extras` alone writes them, with the counts of `extra_days`.
        grants={STAFF: READ, SERVICE: READ, PUBLIC: READ},
        policies={
            **read_only(STAFF),
            **read_only(SERVICE),
            "public_own": Policy(PUBLIC, "SELECT", OWN_BOOKING),
        },
    ),
    "extra_days": Table(
        grants={STAFF: READ, SERVICE: READ, PUBLIC: READ},
        policies=read_only(STAFF) | read_only(SERVICE) | read_only(PUBLIC),
    ),
    "booking_changes": Table(
        grants={STAFF: "SELECT, INSERT", SERVICE: "SELECT, INSERT", PUBLIC: "INSERT"},
        policies={
            # Everybody writes changes down in their own name.
            "staff_all": Policy(STAFF, "ALL", "true", BY_STAFF),
            "service_all": Policy(
                SERVICE, "ALL", "true", "actor_kind IN ('job', 'provider') AND actor_id IS NULL"
            ),
            "public_new": Policy(
                PUBLIC,
                "INSERT",
                check=f"{OWN_BOOKING} AND actor_kind = 'customer' AND actor_id IS NULL"
                " AND changes_within_reason(booking_id)",
            ),
        },
    ),
    # A trigger writes them, with the owner's rights: whoever moves bookings may not write their history.
    "booking_status_changes": Table(
        grants={STAFF: READ, SERVICE: READ},
        policies=read_only(STAFF) | read_only(SERVICE),
    ),
    "block_events": Table(
        {STAFF: READ, SERVICE: READ}, read_only(STAFF) | read_only(SERVICE)
    ),  # by a trigger, too
    # Written by `note_event`.
    "booking_events": Table(
        grants={STAFF: READ, SERVICE: READ},
        policies=read_only(STAFF) | read_only(SERVICE),
    ),
    "booking_notes": Table(
        grants={STAFF: "SELECT, INSERT"},
        policies=full_access(STAFF),
    ),
    "do_not_rent": Table(  # managers decide, in their own name; nobody rewrites a decision
        grants={STAFF: "SELECT, INSERT, UPDATE (lifted_at, lifted_by_id)", SERVICE: "SELECT, DELETE"},
        policies=read_only(STAFF)
        | full_access(SERVICE)
        | {
            "staff_new": Policy(STAFF, "INSERT", check=f"{MANAGES} AND {own_name('decided_by_id')}"),
            "staff_lift": Policy(STAFF, "UPDATE", MANAGES, f"{MANAGES} AND {own_name('lifted_by_id')}"),
        },
    ),
    "data_requests": Table(
        # A link begins to work when the worker writes its mail: it alone sets the hash.
        grants={STAFF: READ, SERVICE: "SELECT, DELETE, UPDATE (token_hash)"},
        policies=read_only(STAFF) | full_access(SERVICE),
    ),
    "holds": Table(
        grants={
            STAFF: ALL,
            SERVICE: "SELECT, UPDATE, DELETE",
            PUBLIC: "SELECT, INSERT, DELETE, UPDATE (expires_at, extended_at, booking_id)",
        },
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            "public_own": Policy(PUBLIC, "SELECT", "id = (SELECT app_hold_id())"),
            "public_new": Policy(PUBLIC, "INSERT", check=f"booking_id IS NULL AND {SOON}"),
            "public_change_own": Policy(
                PUBLIC,
                "UPDATE",
                "id = (SELECT app_hold_id())",
                f"id = (SELECT app_hold_id()) AND {SOON} AND (booking_id IS NULL OR {ADDED})",
            ),
            "public_drop_own": Policy(PUBLIC, "DELETE", "id = (SELECT app_hold_id()) AND booking_id IS NULL"),
        },
    ),
    "blocked_dates": Table(
        grants={STAFF: ALL, SERVICE: READ},
        policies=full_access(STAFF) | read_only(SERVICE),
    ),
    "car_availability": Table(
        # Ids of bookings and holds open nothing without a token.
        grants={
            STAFF: ALL,
            SERVICE: ALL,
            PUBLIC: "SELECT (car_id, date, status, expires_at, hold_id, booking_id), INSERT, UPDATE, DELETE",
        },
        policies={
            **days_by_hand(STAFF),
            **days_by_hand(SERVICE),
            **read_only(PUBLIC),
            "public_claim": Policy(PUBLIC, "INSERT", check=BECOMES),
            "public_take_over": Policy(PUBLIC, "UPDATE", OWN_DAYS, BECOMES),
            "public_release": Policy(PUBLIC, "DELETE", OWN_DAYS),
        },
    ),
    # Which cars' days were written when. Triggers write it, as the owner.
    "ledger_changes": Table(
        grants={STAFF: READ, SERVICE: "SELECT, DELETE", PUBLIC: READ},
        policies=read_only(STAFF) | full_access(SERVICE) | read_only(PUBLIC),
    ),
    # The public never reads a payment: what a page shows of it stands on the booking.
    "idempotency_keys": Table(
        grants={STAFF: READ, SERVICE: "SELECT, DELETE"},
        policies=read_only(STAFF) | full_access(SERVICE),
    ),
}
TABLES |= HOURS
