"""Bookings in the Django admin: to look at, with links to the staff pages and actions that call the verbs."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.errors import BookingError
from bookings.lifecycle import transitions
from bookings.models import (
    Block,
    Booking,
    BookingLocation,
    BookingNote,
    BookingSegment,
    Customer,
    Hold,
    StatusChange,
)
from bookings.search import matching, matching_customers
from exodrive.db.folding import Folded
from exodrive.i18n.formats import money
from exodrive.staff.admin_site import ReadOnly
from exodrive.text import tidy


def link_to_staff_page(booking: Booking | None) -> str:
    """A link to the booking's page in the inbox."""
    if booking is None:
        return "–"
    return format_html('<a href="{}">{}</a>', reverse("staff_booking", args=[booking.pk]), booking.reference)


class StatusChangeInline(ReadOnly, admin.TabularInline):
    """Who moved it, when, and why."""

    model = StatusChange
    fields = ["at", "from_status", "to_status", "actor_kind", "actor", "reason"]
    extra = 0


class PlaceInline(ReadOnly, admin.TabularInline):
    """Where it is picked up and returned."""

    model = BookingLocation
    fields = ["kind", "location"]
    extra = 0


class SegmentInline(ReadOnly, admin.TabularInline):
    """The cars that it had before the present one, with what they were driven."""

    model = BookingSegment
    fields = [
        "car_name",
        "car",
        "start_date",
        "end_date",
        "pickup_odometer_km",
        "pickup_fuel_eighths",
        "return_odometer_km",
        "return_fuel_eighths",
    ]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[BookingSegment]:
        """With the cars: each row names its own."""
        rows: QuerySet[BookingSegment] = super().get_queryset(request)
        return rows.select_related("car")


class NoteInline(ReadOnly, admin.TabularInline):
    """What staff wrote."""

    model = BookingNote
    fields = ["created_at", "author", "text"]
    readonly_fields = ["created_at"]
    extra = 0


class FoundByBooking(admin.ModelAdmin):
    """A list whose rows are found by their booking, as in the inbox, or by `search_fields`."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Django's own, and those of the bookings that match."""
        found, repeats = super().get_search_results(request, queryset, search_term)
        if search_term:
            bookings = matching(Booking.objects.order_by(), search_term).values("pk")
            found = found | queryset.filter(booking__in=bookings)
        return found, repeats


@admin.register(Booking)
class BookingAdmin(ReadOnly, admin.ModelAdmin):
    """Never edited here. The actions move each booking in its own transaction and say what was refused."""

    list_display = [
        "reference",
        "status",
        "in_inbox",
        "full_name",
        "car",
        "start_date",
        "end_date",
        "payment_status",
    ]
    list_filter = ["status", "outcome", "payment_status", "source", "car__location"]
    list_select_related = ["car"]
    search_fields = ["pk"]  # shows the box
    date_hierarchy = "start_date"
    ordering = ["-start_date", "reference"]
    exclude = ["quote", "terms", "total", "deposit", "currency"]
    inlines = [StatusChangeInline, PlaceInline, SegmentInline, NoteInline]
    actions = ["mark_upcoming", "cancel"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Booking], search_term: str
    ) -> tuple[QuerySet[Booking], bool]:
        """As in the inbox."""
        return (matching(queryset, search_term) if search_term else queryset), False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The link to the staff page and what it costs first."""
        computed = self.get_readonly_fields(request, obj)
        return [*computed, *(str(name) for name in super().get_fields(request, obj) if name not in computed)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Computed ones."""
        return ["in_inbox", "outcome", "price", "deposit_at_pick_up"]

    @admin.display(description=gettext_lazy("in the inbox"))
    def in_inbox(self, booking: Booking) -> str:
        """Where it is worked on."""
        return format_html('<a href="{}">{}</a>', reverse("staff_booking", args=[booking.pk]), _("Open"))

    @admin.display(description=gettext_lazy("total"))
    def price(self, booking: Booking) -> str:
        """In its own currency."""
        return money(booking.total_money)

    @admin.display(description=gettext_lazy("deposit"))
    def deposit_at_pick_up(self, booking: Booking) -> str:
        """In its own currency."""
        return money(booking.deposit_money)

    @admin.action(description=gettext_lazy("Mark the selected bookings upcoming"))
    def mark_upcoming(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Pending to upcoming."""
        self._move(request, queryset, transitions.transition, to=Booking.Status.UPCOMING)

    @admin.action(description=gettext_lazy("Cancel the selected bookings…"))
    def cancel(self, request: HttpRequest, queryset: QuerySet[Booking]) -> HttpResponse | None:
        """Asks for a reason first."""
        reason = tidy(request.POST.get("reason", "")).strip()
        if "reason" in request.POST and reason:
            self._move(request, queryset, transitions.cancel, reason=reason)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Cancel bookings"),
            "opts": self.model._meta,
            "bookings": queryset,
            "checkbox": ACTION_CHECKBOX_NAME,
            "error": _("Enter why you cancel these bookings") if "reason" in request.POST else "",
        }
        return render(
            request, "admin/bookings/booking/cancel.html", context, status=422 if context["error"] else 200
        )

    def _move(
        self, request: HttpRequest, queryset: QuerySet[Booking], verb: Callable[..., Any], **what: Any
    ) -> None:
        moved = 0
        for booking in queryset.order_by("car_id", "start_date"):
            try:
                verb(booking=booking, at=timezone.now(), from_=booking.status, **what)
                moved += 1
            except BookingError as refusal:
                self.message_user(request, f"{booking.reference}: {refusal.message}", messages.ERROR)
        if moved:
            words = ngettext("%(n)d booking moved.", "%(n)d bookings moved.", moved)
            self.message_user(request, words % {"n": moved}, messages.SUCCESS)


@admin.register(Customer)
class CustomerAdmin(ReadOnly, admin.ModelAdmin):
    """People by email."""

    list_display = ["full_name", "email", "phone", "created_at"]
    ordering = [Folded("full_name"), "pk"]
    search_fields = ["pk"]  # shows the box

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        """As in the inbox."""
        return (matching_customers(queryset, search_term) if search_term else queryset), False


@admin.register(Hold)
class HoldAdmin(ReadOnly, admin.ModelAdmin):
    """Days kept for visitors. The secret stays out of sight."""

    list_display = ["car", "start_date", "end_date", "expires_at", "extended_at", "of_booking"]
    list_select_related = ["car", "booking"]
    date_hierarchy = "start_date"
    exclude = ["nonce", "token_hash"]

    @admin.display(description=gettext_lazy("booking"))
    def of_booking(self, hold: Hold) -> str:
        """What became of it."""
        return link_to_staff_page(hold.booking)


@admin.register(Block)
class BlockAdmin(ReadOnly, admin.ModelAdmin):
    """Days kept free of rentals."""

    list_display = ["car", "start_date", "end_date", "kind", "note", "created_by"]
    list_select_related = ["car", "created_by"]
    list_filter = ["kind"]
    date_hierarchy = "start_date"


@admin.register(StatusChange)
class StatusChangeAdmin(FoundByBooking, ReadOnly, admin.ModelAdmin):
    """The audit of every booking. Not even the database lets anybody change it."""

    list_display = ["at", "of_booking", "from_status", "to_status", "actor_kind", "actor", "reason"]
    list_select_related = ["booking", "actor"]
    list_filter = ["to_status", "actor_kind"]
    search_fields = ["actor__email__istartswith"]
    date_hierarchy = "at"
    ordering = ["-at"]

    @admin.display(description=gettext_lazy("booking"))
    def of_booking(self, change: StatusChange) -> str:
        """Where it is worked on."""
        return link_to_staff_page(change.booking)
