"""Who may do what, as a table: for every table of ours and every reader the rows that are read, added, changed, deleted.

Each reader has four words: read, insert, update, delete.

    -        PostgreSQL refuses: no grant
    0        allowed, but no row: the policies leave none
    *        every row
    a,h      the rows of these owners and no others

Owners: `a` and `b` are the bookings of two customers, `h` and `g` the holds of two visitors; a car, its pictures and its
prices belong to whoever has it, else to `offered` or `hidden`; a price without a car is the `fleet`'s. A service of rides
and its prices are `offered` or `hidden`. `a`'s and `h`'s cars are not offered any more. The reader `booking` carries the
link of `a`, `hold` that of `h`; `nobody` is the login itself before anybody has said who asks.

A new table needs a line here. Insert is tried with a copy of each row, update and delete without any filter.
"""

READERS = ("nobody", "public", "booking", "hold", "staff", "service")
NO, READ, ALL = "- - - -", "* - - -", "* * * *"
KEPT = "* * * -"  # everything but deleting
OFFER = "offered,b,g"
PRICES = f"fleet,{OFFER}"


def line(nobody: str, public: str, booking: str, hold: str, staff: str, service: str) -> dict[str, str]:
    """One table's words."""
    return dict(zip(READERS, (nobody, public, booking, hold, staff, service), strict=True))


def of_the_offer(public: str) -> dict[str, str]:
    """What belongs to cars: the offered ones, and one's own."""
    return line(NO, f"{public} - - -", f"{public},a - - -", f"{public},h - - -", ALL, READ)


def of_the_services() -> dict[str, str]:
    """What belongs to services of rides: of the offered ones."""
    return line(NO, "offered - - -", "offered - - -", "offered - - -", ALL, READ)


def open_to_all() -> dict[str, str]:
    """Everybody reads, staff write."""
    return line(NO, READ, READ, READ, ALL, READ)


def inside(staff: str, service: str) -> dict[str, str]:
    """Nothing for the public."""
    return line(NO, NO, NO, NO, staff, service)


def added(public: str, booking: str, hold: str, staff: str, service: str) -> dict[str, str]:
    """What the public adds and never reads."""
    return line(NO, f"- {public} - -", f"- {booking} - -", f"- {hold} - -", staff, service)


TABLES: dict[str, dict[str, str]] = {
    # What is offered
    "agencies": inside(ALL, READ),
    "locations": open_to_all(),
    "location_hours": open_to_all(),
    "closed_days": open_to_all(),
    "fleets": open_to_all(),
    "cars": of_the_offer(OFFER),
    "car_images": of_the_offer(OFFER),
    "rental_terms": of_the_offer(PRICES),
    "seasons": of_the_offer(PRICES),
    "discounts": of_the_offer(PRICES),
    "fees": of_the_offer(PRICES),
    "extras": open_to_all(),
    "catalogue_versions": line(NO, READ, READ, READ, READ, READ),
    "extra_days": line(NO, READ, READ, READ, READ, READ),
    # Rides
    "car_classes": open_to_all(),
    "zones": open_to_all(),
    "places": open_to_all(),
    "services": of_the_services(),
    "service_hours": of_the_services(),
    "ride_rates": of_the_services(),
    "surcharges": of_the_services(),
    "tours": of_the_services(),
    # Bookings and their customers
    "customers": line(NO, "0 - - -", "a - - -", "0 - - -", KEPT, KEPT),
    "bookings": line(NO, "0 * 0 -", "a * a -", "0 * 0 -", KEPT, KEPT),
    "booking_locations": line(NO, "0 0 0 -", "a a a -", "0 0 0 -", KEPT, KEPT),
    "booking_segments": line(NO, "0 - - -", "a - - -", "0 - - -", "* * - -", READ),
    "booking_extras": line(NO, "0 - - -", "a - - -", "0 - - -", READ, READ),
    "booking_secure_tokens": added("0", "a", "0", KEPT, "* - * -"),
    "booking_proofs": line(NO, "0 - - -", "a - - -", "0 - - -", "* - * -", "* - * -"),
    "mailbox_codes": inside(NO, "* - - *"),
    "booking_changes": added(
        "0", "a", "0", "* 0 - -", "* 0 - -"
    ),  # these rows are a customer's: nobody forges them
    "booking_status_changes": inside(READ, READ),
    "booking_events": inside(READ, READ),
    "do_not_rent": inside(KEPT, "* - - *"),
    "data_requests": inside(READ, "* - * *"),
    "booking_notes": inside("* * - -", NO),
    "ledger_changes": line(NO, READ, READ, READ, READ, "* - - *"),
    "idempotency_keys": inside(READ, "* - - *"),
    # Money. The public reads of it what stands on its booking; operations are written down in one's own name (these rows are
    # a customer's).
    "payments": inside(KEPT, KEPT),
    "payment_operations": inside("* 0 * -", KEPT),
    "refunds": inside(KEPT, KEPT),
    "provider_events": inside("* - * -", ALL),
    "sandbox_orders": inside(NO, KEPT),
    # Days
    "holds": line(NO, "0 * 0 0", "0 * 0 0", "h * h h", ALL, "* - * *"),
    "blocked_dates": inside(ALL, READ),
    "block_events": inside(READ, READ),
    # Nobody writes service days by hand; they are the `row`s without a block.
    "car_availability": line(NO, "* 0 0 0", "* a a a", "* h h h", *["* a,b,h,g,row a,b,h,g,row *"] * 2),
    "rides": line(NO, "0 0 0 -", "a a a -", "0 0 0 -", KEPT, KEPT),
    "tour_departures": line(NO, "offered - - -", "offered - - -", "offered - - -", KEPT, KEPT),
    # A free seat is anybody's to take; one's own can be given back. Seats are made and unmade by staff.
    "departure_seats": line(NO, "* - free -", "* - free,a -", "* - free,h -", ALL, ALL),
    "vehicle_assignments": line(NO, "* 0 0 0", "* a a a", "* h h h", ALL, ALL),
    # Telling people
    "inbox_items": added("0", "a", "0", KEPT, KEPT),
    "inbox_triage": inside(KEPT, READ),
    "saved_filters": inside("* 0 0 0", NO),  # they are somebody's, and shared
    "inbox_emails": added("0", "a", "0", KEPT, ALL),
    "mail_events": inside(READ, "* * - *"),
    # People who work here, and how the site is
    "users": line("* - * -", NO, NO, NO, KEPT, READ),
    "api_tokens": line("* - * -", NO, NO, NO, KEPT, NO),
    "security_events": line("- * - -", NO, NO, NO, "* * - -", "* * - 0"),
    "job_runs": inside(READ, ALL),
    "heartbeats": inside(READ, KEPT),
    "event_counts": added("*", "*", "*", READ, "* * - *"),
}

# What is written down of an operation after it began.
OUTCOME = {"outcome", "authorized", "captured", "refunded", "voided", "code", "finished_at"}
# Where a grant is for some columns only: role, table, privilege.
COLUMNS: dict[tuple[str, str, str], set[str]] = {
    ("exo_app", "api_tokens", "UPDATE"): {"last_used_at"},
    ("exo_app", "users", "UPDATE"): {"password", "last_login", "updated_at"},
    ("exo_public", "customers", "SELECT"): {"id", "email"},
    ("exo_public", "car_availability", "SELECT"): {
        *("car_id", "date", "status", "expires_at", "hold_id", "booking_id"),
    },
    ("exo_public", "rides", "UPDATE"): {
        *(
            "starts_at",
            "ends_at",
            "before_minutes",
            "after_minutes",
            "from_place_id",
            "to_place_id",
            "from_text",
        ),
        *("to_text", "flight_number", "sign_name", "passengers", "children", "bags", "distance_km"),
    },
    ("exo_public", "departure_seats", "UPDATE"): {"booking_id", "hold_id", "expires_at"},
    ("exo_public", "vehicle_assignments", "SELECT"): {
        *("id", "car_id", "date", "starts_at", "ends_at", "before_minutes", "after_minutes"),
        *("expires_at", "hold_id", "booking_id"),
    },
    ("exo_public", "bookings", "UPDATE"): {
        *("status", "phone", "special_requests", "pickup_time", "return_time"),
        *("start_date", "end_date", "car_id", "buffer_days", "quote", "terms", "total", "deposit"),
        *("delivery", "delivery_address", "driver_age"),
    },
    ("exo_public", "booking_proofs", "SELECT"): {"id", "booking_id", "due_at", "proven_at"},
    ("exo_staff", "booking_proofs", "UPDATE"): {"proven_at", "how"},
    ("exo_service", "booking_proofs", "UPDATE"): {"token_hash", "proven_at", "how", "visitor", "network"},
    ("exo_public", "booking_locations", "UPDATE"): {"location_id"},
    ("exo_staff", "payment_operations", "UPDATE"): OUTCOME,
    ("exo_service", "payment_operations", "UPDATE"): OUTCOME,
    ("exo_staff", "provider_events", "UPDATE"): {"state", "due_at", "attempts"},
    ("exo_service", "provider_events", "UPDATE"): {"state", "due_at", "attempts", "error", "payment_id"},
    ("exo_public", "holds", "UPDATE"): {"expires_at", "extended_at", "booking_id"},
    ("exo_staff", "do_not_rent", "UPDATE"): {"lifted_at", "lifted_by_id"},
    ("exo_service", "data_requests", "UPDATE"): {"token_hash"},
    ("exo_service", "users", "SELECT"): {"id", "email", "full_name", "is_active", "is_superuser"},
}

# Functions that run with the owner's rights, and who may call each. Triggers need nobody's right.
EVERYBODY = "exo_public, exo_service, exo_staff"
DEFINERS: dict[str, str] = {
    "acting_role": EVERYBODY,
    "app_booking_id": EVERYBODY,
    "app_hold_id": EVERYBODY,
    "ask_for_data": "exo_public",
    "book_extras": EVERYBODY,
    "changes_within_reason": "exo_public",
    "check_booking": "",
    "check_ride": "",
    "ride_price_fits": "",
    "confirm_copy": "exo_public",
    "confirm_erasure": "exo_public",
    "data_request": "exo_public",
    "day_rates": "",
    "erase_mailbox": "exo_service",
    "idem_begin": EVERYBODY,
    "idem_finish": EVERYBODY,
    "link_nonce": EVERYBODY,
    "calendar_sequence": EVERYBODY,
    "hold_turn": EVERYBODY,
    "holds_of": EVERYBODY,
    "must_prove": EVERYBODY,
    "prove_booking": EVERYBODY,
    "too_much_unproven": EVERYBODY,
    "ask_for_code": "exo_public, exo_staff",
    "confirm_code": "exo_public",
    "correct_address": "exo_public",
    "correct_customer": "exo_staff",
    "late_cars": EVERYBODY,
    "last_change": "exo_public, exo_staff",
    "link_may_last_until": "exo_public",
    "lock_extra_days": EVERYBODY,
    "may_add_to_booking": "exo_public",
    "may_add_to_hold": "exo_public",
    "note_event": "",
    "open_link": EVERYBODY,
    "data_of_mailbox": "exo_service",
    "reopen_inbox_item": "exo_public",
    "mail_link_again": EVERYBODY,
    "mails_within_reason": "exo_public",
    "rotate_link": "exo_service, exo_staff",
    "set_link_pin": EVERYBODY,
    "try_pin": EVERYBODY,
    "customer_of_mailbox": EVERYBODY,
    "customers_of": "",
    "acts_as_manager": "exo_staff",
    "marks_of": "exo_public, exo_service",
    "note_unmailed": "exo_staff",
}
TRIGGERS = {
    "booking_is_priced",
    "keep_service_day",
    "sweep_lapsed_spans",
    "hold_is_priced",
    "ride_is_priced",
    "booking_is_whole",
    "block_removal_audit",
    "booking_status_audit",
    "claims_are_noted",
    "news_end_a_snooze",
    "note_ledger_change",
    "renew_catalogue_version",
    "hand_over_audit",
    "link_follows_return",
    "tokens_are_noted",
    "tokens_end_with_their_user",
}
