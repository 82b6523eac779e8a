"""Inbox items and mails in the Django admin: to look at; a mail can be sent again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.admin import FoundByBooking, link_to_staff_page
from bookings.errors import InvalidTransition
from exodrive.staff.admin_site import ReadOnly
from inbox.desk.actions import send_again
from inbox.models import InboxEmail, InboxItem


@admin.register(InboxItem)
class InboxItemAdmin(FoundByBooking, ReadOnly, admin.ModelAdmin):
    """What staff have to look at, or had."""

    list_display = ["of_booking", "kind", "status", "created_at", "done_at", "done_by"]
    list_display_links = ["kind"]
    list_select_related = ["booking", "done_by"]
    list_filter = ["status", "kind"]
    search_fields = ["booking__reference__iexact"]
    ordering = ["-created_at"]

    @admin.display(description=_("booking"))
    def of_booking(self, item: InboxItem) -> str:
        """Where it is worked on."""
        return link_to_staff_page(item.booking)


@admin.register(InboxEmail)
class InboxEmailAdmin(FoundByBooking, ReadOnly, admin.ModelAdmin):
    """Every mail and how far it got. The text itself is never stored."""

    list_display = [
        "template",
        "of_booking",
        "audience",
        "status",
        "delivery",
        "attempts",
        "created_at",
        "sent_at",
        "error",
    ]
    list_select_related = ["booking"]
    list_filter = ["status", "delivery", "template", "audience"]
    search_fields = ["recipient__icontains"]
    ordering = ["-created_at"]
    actions = ["resend"]

    @admin.display(description=_("booking"))
    def of_booking(self, email: InboxEmail) -> str:
        """Where it is worked on."""
        return link_to_staff_page(email.booking) if email.booking else "–"

    @admin.action(description=_("Send the selected mails again"))
    def resend(self, request: HttpRequest, queryset: QuerySet[InboxEmail]) -> None:
        """Each as a new mail, unless it is not true any more."""
        n, at = 0, timezone.now()
        for email in queryset:
            try:
                send_again(email=email, at=at)
                n += 1
            except InvalidTransition as refusal:
                self.message_user(request, f"{email}: {refusal.message}", messages.WARNING)
        if n:
            words = ngettext("%(n)d mail is on its way again.", "%(n)d mails are on their way again.", n)
            self.message_user(request, words % {"n": n})
