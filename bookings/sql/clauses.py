"""What grants and policies are made of, wherever they stand."""

READ = "SELECT"
KEEP = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"
OWN_BOOKING = "booking_id = (SELECT app_booking_id())"
OWN_HOLD = "hold_id = (SELECT app_hold_id())"
SOON = "expires_at <= now() + interval '1 day'"  # nobody keeps days for ever by writing a far date
ADDED = "may_add_to_booking(booking_id)"


def own_name(column: str) -> str:
    """Whether a column names who asks."""
    return f"{column} IS NOT DISTINCT FROM nullif(current_setting('app.user_id', true), '')::bigint"


# As staff write changes down.
BY_STAFF = f"actor_kind = 'staff' AND {own_name('actor_id')}"
