"""Who may do what with the inbox and its mails. Applied after `migrate` (docs/architecture.md)."""

from exodrive.db.access import Policy, Table, full_access, read_only
from exodrive.rls import PUBLIC, SERVICE, STAFF

# The public files and queues for its own booking, or for the one that this very transaction has made: injected SQL could
# otherwise queue mails for others. Of a payment it queues none: a row may name anybody's, and the letter tells its sums.
ADDED = "may_add_to_booking(booking_id)"

# A list with a name is its owner's; colleagues read what is shared.
OWN = "user_id = nullif(current_setting('app.user_id', true), '')::bigint"

TABLES = {
    "inbox_items": Table(
        grants={STAFF: "SELECT, INSERT, UPDATE", SERVICE: "SELECT, INSERT, UPDATE", PUBLIC: "INSERT"},
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            "public_new": Policy(
                PUBLIC, "INSERT", check=f"status = 'pending' AND kind = 'new_booking' AND {ADDED}"
            ),
        },
    ),
    "inbox_emails": Table(
        # The worker forgets old mails.
        grants={STAFF: "SELECT, INSERT, UPDATE", SERVICE: "SELECT, INSERT, UPDATE, DELETE", PUBLIC: "INSERT"},
        policies={
            **full_access(STAFF),
            **full_access(SERVICE),
            "public_new": Policy(
                PUBLIC,
                "INSERT",
                check="status = 'queued' AND attempts = 0 AND recipient = '' AND payment_id IS NULL"
                f" AND {ADDED} AND mails_within_reason(booking_id)",
            ),
        },
    ),
    "inbox_triage": Table(
        grants={STAFF: "SELECT, INSERT, UPDATE", SERVICE: "SELECT"},
        policies=full_access(STAFF) | read_only(SERVICE),
    ),
    "saved_filters": Table(
        grants={STAFF: "SELECT, INSERT, UPDATE, DELETE"},
        policies={
            "staff_own_or_shared": Policy(STAFF, "SELECT", f"shared OR {OWN}"),
            "staff_new": Policy(STAFF, "INSERT", check=OWN),
            "staff_change_own": Policy(STAFF, "UPDATE", OWN, OWN),
            "staff_drop_own": Policy(STAFF, "DELETE", OWN),
        },
    ),
    "mail_events": Table(
        grants={STAFF: "SELECT", SERVICE: "SELECT, INSERT, DELETE"},
        policies=read_only(STAFF) | full_access(SERVICE),
    ),
}
