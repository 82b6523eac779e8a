"""Departures of tours in the Django admin: made, changed and called off by the verbs, on pages of their own.

The admin wraps its own forms in a transaction, and the verbs want theirs.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.admin.departure_forms import CapacityForm, DepartureForm
from bookings.errors import BookingError, Invalid
from bookings.lifecycle.departures.cancel import cancel_departure
from bookings.lifecycle.departures.create import change_capacity
from bookings.lifecycle.departures.weekly import create_weekly
from bookings.models import TourDeparture
from exodrive.i18n.formats import day_long, instant
from exodrive.staff.admin_site import ReadOnly, staff_of
from exodrive.text import tidy

LIST = "admin:bookings_tourdeparture_changelist"


@admin.register(TourDeparture)
class DepartureAdmin(ReadOnly, admin.ModelAdmin):
    """Everybody who works here may look; managers make and change them."""

    list_display = ["begins", "tour", "car", "language", "sold", "capacity", "status", "seats_link"]
    list_filter = ["status", "tour", "language"]
    list_select_related = ["tour__service__location", "car"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at"]
    actions = ["cancel"]

    def get_urls(self) -> list[Any]:
        """With the page for its seats."""
        seats = path(
            "<path:object_id>/seats/",
            self.admin_site.admin_view(self.seats),
            name="bookings_tourdeparture_seats",
        )
        return [seats, *super().get_urls()]

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """With what is sold."""
        sold = Count("seats", filter=Q(seats__booking__isnull=False))
        return super().get_queryset(request).annotate(sold_seats=sold)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Managers."""
        return bool(staff_of(request).is_manager)

    @admin.display(description=gettext_lazy("starts at"), ordering="starts_at")
    def begins(self, departure: TourDeparture) -> str:
        """By the clock of the tour's place."""
        return instant(departure.starts_at, departure.tour.service.location.zone)

    @admin.display(description=gettext_lazy("sold"))
    def sold(self, departure: Any) -> int:
        """How many seats bookings have."""
        return departure.sold_seats

    @admin.display(description=gettext_lazy("seats"))
    def seats_link(self, departure: TourDeparture) -> str:
        """Where how many there are is changed."""
        if departure.is_over:
            return "–"
        url = reverse("admin:bookings_tourdeparture_seats", args=[departure.pk])
        return format_html('<a href="{}">{}</a>', url, _("Change seats"))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """One, or the same on some weeks in a row. Those whose car is elsewhere are told and left out."""
        _managers_only(request)
        at = timezone.now()
        form = DepartureForm(request.POST if request.method == "POST" else None, at=at)
        if form.is_bound and form.is_valid() and form.plan:
            try:
                made, taken = create_weekly(form.plan, form.cleaned_data["weeks"], at=at)
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                return self._made(request, form, made, taken)
        return self._page(request, form, _("Make departures"), _("Make departures"))

    def _made(self, request: HttpRequest, form: DepartureForm, made: Any, taken: Any) -> HttpResponse:
        for plan, _refusal in taken:
            day = day_long(plan.starts_at.astimezone(plan.tour.service.location.zone).date())
            words = _("%(day)s: the car is taken.") % {"day": day}
            if not made:
                form.add_error("car", words)
            else:
                self.message_user(request, words, messages.WARNING)
        if not made:
            return self._page(request, form, _("Make departures"), _("Make departures"))
        words = ngettext("%(n)d departure made.", "%(n)d departures made.", len(made)) % {"n": len(made)}
        self.message_user(request, words, messages.SUCCESS)
        return redirect(LIST)

    def seats(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How many seats there are: more at once, fewer as far as they are free."""
        _managers_only(request)
        departure = get_object_or_404(TourDeparture, pk=int(object_id) if object_id.isdecimal() else 0)
        form = CapacityForm(request.POST or None, initial={"capacity": departure.capacity})
        if form.is_bound and form.is_valid():
            try:
                now = change_capacity(departure, form.cleaned_data["capacity"])
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                words = ngettext(
                    "The departure has %(n)d seat now.", "The departure has %(n)d seats now.", now.capacity
                )
                self.message_user(request, words % {"n": now.capacity}, messages.SUCCESS)
                return redirect(LIST)
        return self._page(request, form, _("Change the number of seats"), _("Change seats"))

    def _page(self, request: HttpRequest, form: Any, title: str, button: str) -> HttpResponse:
        context = {**self._context(request, title), "form": form, "button": button}
        status = 422 if form.is_bound and form.errors else 200
        return render(request, "admin/bookings/tourdeparture/form.html", context, status=status)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}

    @admin.action(description=gettext_lazy("Cancel the selected departures…"))
    def cancel(self, request: HttpRequest, queryset: QuerySet[TourDeparture]) -> HttpResponse | None:
        """Asks for a reason first. Their bookings go with them."""
        _managers_only(request)
        reason = tidy(request.POST.get("reason", "")).strip()
        if reason:
            self._cancel(request, queryset, reason)
            return None
        error = _("Enter why you cancel these departures") if "reason" in request.POST else ""
        context = {
            **self._context(request, _("Cancel departures")),
            "departures": queryset,
            "checkbox": ACTION_CHECKBOX_NAME,
            "error": error,
        }
        template = "admin/bookings/tourdeparture/cancel.html"
        return render(request, template, context, status=422 if error else 200)

    def _cancel(self, request: HttpRequest, queryset: QuerySet[TourDeparture], reason: str) -> None:
        gone = 0
        for departure in queryset.order_by("starts_at", "pk"):
            try:
                cancel_departure(departure, at=timezone.now(), reason=reason)
                gone += 1
            except BookingError as refusal:
                self.message_user(request, f"{departure}: {refusal.message}", messages.ERROR)
        if gone:
            words = ngettext("%(n)d departure cancelled.", "%(n)d departures cancelled.", gone)
            self.message_user(request, words % {"n": gone}, messages.SUCCESS)


def _managers_only(request: HttpRequest) -> None:
    if not staff_of(request).is_manager:
        raise PermissionDenied
