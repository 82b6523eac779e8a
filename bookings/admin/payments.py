"""Payments in the Django admin: to look at. A report can be handled again; what moves money are the staff pages."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.admin.bookings import link_to_staff_page
from bookings.models import Booking, Payment, PaymentOperation, ProviderEvent, Refund
from bookings.payments.registry import MANUAL, PROVIDERS
from bookings.payments.webhooks import replay
from bookings.search import matching
from exodrive.i18n.formats import money
from exodrive.staff.admin_site import ReadOnly, staff_of


def sum_column(name: str, label: Any) -> Any:
    """A column with an amount of a payment, or of what was done with it, in the payment's currency."""

    @admin.display(description=label, empty_value="–")
    def column(row: Any) -> str | None:
        amount: Decimal | None = getattr(row, name)
        payment = row if isinstance(row, Payment) else row.payment
        return None if amount is None else money(payment.of(amount))

    return column


class ByProvider(admin.SimpleListFilter):
    """Those that there are. The admin's own filter would look for them in all rows, on every page of the list."""

    title = _("provider")
    parameter_name = "provider"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All that this release knows, and staff themselves."""
        return [(name, name) for name in sorted({*PROVIDERS, MANUAL})]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Of one of them, or of all."""
        return queryset.filter(provider=self.value()) if self.value() else queryset


class OfBooking(ReadOnly, admin.ModelAdmin):
    """A list whose rows are found by the booking that they are about, as in the inbox."""

    to_booking = "payment__booking"
    search_fields = ["pk"]  # shows the box
    ordering = ["-created_at", "-id"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Those of the bookings that match."""
        if not search_term:
            return queryset, False
        bookings = matching(Booking.objects.order_by(), search_term).values("pk")
        return queryset.filter(**{f"{self.to_booking}__in": bookings}), False

    @admin.display(description=_("booking"))
    def of_booking(self, row: Any) -> str:
        """Where it is worked on."""
        payment: Payment | None = row if isinstance(row, Payment) else row.payment
        return link_to_staff_page(payment.booking if payment else None)


@admin.register(Payment)
class PaymentAdmin(OfBooking):
    """One row for each charge and each hold."""

    to_booking = "booking"
    list_display = [
        "created_at",
        "of_booking",
        "purpose",
        "provider",
        "state",
        sum_column("amount", _("amount")),
        sum_column("captured", _("captured")),
        sum_column("refunded", _("refunded")),
        "problem",
    ]
    list_select_related = ["booking"]
    list_filter = ["state", "purpose", ByProvider, "problem"]
    exclude = ["next_url"]  # who opens it pays


@admin.register(PaymentOperation)
class PaymentOperationAdmin(OfBooking):
    """What was done with payments. Not even the database lets anybody change it."""

    list_display = [
        "created_at",
        "of_booking",
        "kind",
        "outcome",
        sum_column("amount", _("amount")),
        "actor_kind",
        "actor",
        "code",
    ]
    list_select_related = ["payment__booking", "actor"]
    list_filter = ["kind", "outcome", "actor_kind"]


@admin.register(Refund)
class RefundAdmin(OfBooking):
    """Money on its way back, and back."""

    list_display = [
        "created_at",
        "of_booking",
        "state",
        sum_column("amount", _("amount")),
        "external",
        "failure",
    ]
    list_select_related = ["payment__booking"]
    list_filter = ["state", "external"]


@admin.register(ProviderEvent)
class ProviderEventAdmin(OfBooking):
    """What providers reported, byte for byte. Bodies may name people: managers only."""

    list_display = ["created_at", "provider", "type", "of_booking", "state", "attempts", "due_at", "error"]
    list_select_related = ["payment__booking"]
    list_filter = ["state", ByProvider]
    fields = [
        "provider",
        "event_id",
        "type",
        "state",
        "attempts",
        "due_at",
        "error",
        "payment",
        "refs",
        "body_text",
    ]
    readonly_fields = ["body_text"]
    actions = ["handle_again"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers."""
        return bool(staff_of(request).is_manager)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderEvent]:
        """A list reads no bodies."""
        return super().get_queryset(request).defer("body")

    @admin.display(description=_("body"))
    def body_text(self, event: ProviderEvent) -> str:
        """As text, whatever it is."""
        return bytes(event.body).decode(errors="replace")

    @admin.action(description=_("Handle again"))
    def handle_again(self, request: HttpRequest, queryset: QuerySet[ProviderEvent]) -> None:
        """Each once more, by the worker."""
        chosen = list(queryset.values_list("pk", flat=True))
        for pk in chosen:
            replay(pk, at=timezone.now())
        words = ngettext("%(n)d report is handled again.", "%(n)d reports are handled again.", len(chosen))
        self.message_user(request, words % {"n": len(chosen)})
