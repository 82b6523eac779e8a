"""Who may do what with payments and what hangs on them: a part of `access.py`."""

from bookings.sql.clauses import BY_STAFF, KEEP
from exodrive.db.access import Policy, Table, full_access, read_only
from exodrive.rls import SERVICE, STAFF

OUTCOME = "outcome, authorized, captured, refunded, voided, code, finished_at"

MONEY = {
    "payments": Table(
        grants={STAFF: KEEP, SERVICE: KEEP}, policies=full_access(STAFF) | full_access(SERVICE)
    ),
    "payment_operations": Table(
        # Everybody writes down what they do in their own name; outcomes may come from whoever asks again.
        grants={
            STAFF: f"SELECT, INSERT, UPDATE ({OUTCOME})",
            SERVICE: f"SELECT, INSERT, UPDATE ({OUTCOME})",
        },
        policies={
            **read_only(STAFF),
            "staff_new": Policy(STAFF, "INSERT", check=BY_STAFF),
            "staff_outcome": Policy(STAFF, "UPDATE", "true", "true"),
            **read_only(SERVICE),
            "service_new": Policy(
                SERVICE,
                "INSERT",
                check="actor_kind IN ('job', 'provider', 'customer') AND actor_id IS NULL",
            ),
            "service_outcome": Policy(SERVICE, "UPDATE", "true", "true"),
        },
    ),
    "refunds": Table(grants={STAFF: KEEP, SERVICE: KEEP}, policies=full_access(STAFF) | full_access(SERVICE)),
    "provider_events": Table(
        # Staff have one handled again; what it says they never change.
        grants={
            STAFF: "SELECT, UPDATE (state, due_at, attempts)",
            SERVICE: "SELECT, INSERT, DELETE, UPDATE (state, due_at, attempts, error, payment_id)",
        },
        policies=full_access(STAFF) | full_access(SERVICE),
    ),
    "sandbox_orders": Table(grants={SERVICE: "SELECT, INSERT, UPDATE"}, policies=full_access(SERVICE)),
    # The public reaches them through `idem_begin` and `idem_finish`.
}
