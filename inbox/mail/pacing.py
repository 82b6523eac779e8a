"""How often somebody is written to: several changes become one mail, and no mailbox gets more than so many an hour."""

from datetime import datetime, timedelta

from django.conf import settings

from inbox.models import InboxEmail

Status, Template = InboxEmail.Status, InboxEmail.Template
AN_HOUR = timedelta(hours=1)
NEWEST_SAYS_ALL = (Template.BOOKING_CHANGED, Template.RIDE_DRIVER)


def is_superseded(email: InboxEmail) -> bool:
    """Whether a newer mail about a change of the same booking waits: it will say this one's news as well."""
    if email.template not in NEWEST_SAYS_ALL:
        return False
    newer = InboxEmail.objects.filter(
        booking=email.booking, template=email.template, created_at__gt=email.created_at
    )
    return newer.filter(status__in=[Status.QUEUED, Status.SENDING]).exists()


def not_before(email: InboxEmail, recipients: list[str], at: datetime) -> datetime | None:
    """When it may be sent, when that is later than `at`. Staff get what is for them at once."""
    if email.audience == InboxEmail.Audience.STAFF:
        return None
    return max(
        filter(None, (_after_the_last_change(email, at), _after_the_last_hour(recipients, at))), default=None
    )


def _after_the_last_change(email: InboxEmail, at: datetime) -> datetime | None:
    if email.template not in NEWEST_SAYS_ALL:
        return None
    sent = InboxEmail.objects.filter(booking=email.booking, template=email.template, status=Status.SENT)
    last = sent.filter(sent_at__gt=at - settings.CHANGES_TOLD_EVERY).order_by("sent_at").last()
    return last.sent_at + settings.CHANGES_TOLD_EVERY if last and last.sent_at else None


def _after_the_last_hour(recipients: list[str], at: datetime) -> datetime | None:
    most = settings.MAILS_PER_HOUR
    sent = InboxEmail.objects.filter(
        recipient=", ".join(recipients), sent_at__gt=at - AN_HOUR, status=Status.SENT
    )
    newest = list(sent.order_by("-sent_at").values_list("sent_at", flat=True)[: most or 1])
    oldest = newest[-1] if 0 < most <= len(newest) else None
    return oldest + AN_HOUR if oldest else None
