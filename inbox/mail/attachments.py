"""The calendar file that comes with mails about a booking."""

from django.core.mail import SafeMIMEText

from bookings.feeds.calendar_file import calendar_file, media_type
from bookings.tokens import booking_url
from inbox.mail.message import Letter
from inbox.models import InboxEmail

Template = InboxEmail.Template

# Whoever has the file in a calendar hears of all that happens to it, and of its end, whoever put an end to it.
WITH_CALENDAR = {
    Template.BOOKING_RECEIVED,
    Template.BOOKING_CONFIRMED,
    Template.BOOKING_CHANGED,
    Template.BOOKING_CANCELLED,
}


def attach_calendar(message: Letter, email: InboxEmail) -> None:
    """The booking as it is now, dated by the mail's row: attempts are the same to the byte (inbox/mail/backend.py)."""
    if email.template not in WITH_CALENDAR:
        return
    booking = email.about
    url = booking_url(booking.link.mailed_token(), email.language)
    file = calendar_file(booking, url=url, at=email.created_at, confirmed=not email.to_unproven)
    # As a part: of a type as text, providers' backends take the parameter for a part of its name.
    subtype = media_type(booking).partition("/")[2]
    part = SafeMIMEText(file.decode(), subtype, "utf-8")
    part.add_header("Content-Disposition", "attachment", filename=f"{booking.reference}.ics")
    message.attach(part)
