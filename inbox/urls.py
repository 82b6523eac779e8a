"""The staff pages, under /staff/. Their language is a cookie, not a prefix."""

from django.views.i18n import set_language

from exodrive.routes import Tag, path
from inbox.views import (
    account,
    blocks,
    booking,
    calendar,
    changes,
    inbox,
    link,
    moves,
    new_booking,
    security,
    session,
)

# Signing in counts its own tries.
SIGNING_IN = {Tag.SIGNING_IN, Tag.UNCOUNTED}

urlpatterns = [
    path("", inbox.home, name="staff"),
    path("login/", session.sign_in, name="staff_login", tags=SIGNING_IN),
    path("login/code/", session.sign_in_code, name="staff_login_code", tags=SIGNING_IN),
    path("login/setup/", session.sign_in_setup, name="staff_login_setup", tags=SIGNING_IN),
    path("logout/", session.sign_out, name="staff_logout", tags=SIGNING_IN),
    path("language/", set_language, name="staff_language", tags={Tag.UNCOUNTED}),
    path("account/", account.account, name="staff_account"),
    path("account/second-step/", account.set_up, name="staff_second_step"),
    path("account/second-step/removal/", account.removal, name="staff_second_step_removal"),
    path("account/recovery-codes/", account.recovery_codes, name="staff_recovery_codes"),
    path("account/sessions/end/", account.end_other_sessions, name="staff_sessions_end"),
    path("account/sessions/<str:name>/end/", account.end_session, name="staff_session_end"),
    path("security/", security.events, name="staff_security"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("badge/", inbox.inbox_badge, name="inbox_badge", tags={Tag.BY_ITSELF}),
    path("today/", inbox.day_list, name="staff_today"),
    path("calendar/", calendar.calendar, name="staff_calendar"),
    path("blocks/new/", blocks.new_block, name="staff_new_block"),
    path("blocks/<int:pk>/", blocks.block, name="staff_block"),
    path("blocks/<int:pk>/end/", blocks.end_block, name="staff_block_end"),
    path("blocks/<int:pk>/removal/", blocks.unblock, name="staff_block_removal"),
    path("bookings/new/", new_booking.new_booking, name="staff_new_booking"),
    path("bookings/<uuid:pk>/", booking.booking, name="staff_booking"),
    path("bookings/<uuid:pk>/change/", changes.change, name="staff_change"),
    path("bookings/<uuid:pk>/status/", moves.transition, name="staff_transition"),
    path("bookings/<uuid:pk>/handover/", moves.hand_over, name="staff_hand_over"),
    path("bookings/<uuid:pk>/return/", moves.take_back, name="staff_take_back"),
    path("bookings/<uuid:pk>/cancellation/", moves.cancellation, name="staff_cancel"),
    path("bookings/<uuid:pk>/unproven/", moves.cancel_unproven, name="staff_cancel_unproven"),
    path("bookings/<uuid:pk>/seen/", moves.seen, name="staff_seen"),
    path("bookings/<uuid:pk>/notes/", booking.notes, name="staff_note"),
    path("bookings/<uuid:pk>/customer/", link.customer, name="staff_customer"),
    path("bookings/<uuid:pk>/link/", link.new_link, name="staff_new_link"),
    path("bookings/<uuid:pk>/pin/", link.pin, name="staff_pin"),
    path("mails/<uuid:pk>/sending/", booking.resend, name="staff_resend"),
]
