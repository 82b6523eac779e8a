"""Forms of the admin: weekdays as checkboxes, and a look at the bookings that a change would contradict."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cars.models import Car, Fleet, OpeningHours
from cars.pages import bookings_page
from exodrive.staff.admin_site import AdminForm, ByManagers

SHOWN = 20
# Of a car's page: its service.
SERVICE: Any = (
    gettext_lazy("Service"),
    {
        "fields": [("service_due_km", "service_due_on"), ("service_every_km", "service_every_months")],
        "description": gettext_lazy("Cars that are due stand on the page Maintenance."),
    },
)

# Says what of each future booking that a row is about contradicts the rows as they are, by the booking as a short text.
# `bookings` puts its own in place: cars knows no bookings.
contradictions: Callable[[type[Model], Any], dict[str, set[str]]] = lambda model, pk: {}  # noqa: E731


class Contradicted(Exception):
    """Something was saved that these bookings contradict: it must be taken back."""

    def __init__(self, bookings: list[str]) -> None:
        super().__init__(*bookings)
        self.bookings = bookings


class KeepForm(AdminForm):
    """Lists the bookings that a change contradicts, and offers to keep them."""

    contradicted: ClassVar[list[str]] = []
    bookings_page: ClassVar[str] = ""
    forgets = frozenset({"keep_bookings"})

    keep_bookings = forms.BooleanField(
        required=False,
        label=gettext_lazy("Save although bookings contradict it"),
        help_text=gettext_lazy("They stay as booked; only new bookings follow the new rules."),
    )

    def clean(self) -> dict[str, Any]:
        """Raise for contradicted bookings."""
        cleaned = super().clean() or self.cleaned_data
        if found := self.contradicted:
            more = len(found) - SHOWN
            listed = found[:SHOWN] + ([_("and %(n)d more") % {"n": more}] if more > 0 else [])
            words = _("These future bookings contradict the new rules: %(bookings)s.")
            self.add_error("keep_bookings", self._with_link(words % {"bookings": ", ".join(listed)}))
        return cleaned

    def _with_link(self, words: str) -> str:
        """With the page where they are moved, in a tab of its own: what is typed here stays."""
        if not self.bookings_page:
            return words
        link = _("See them and what can be done (opens in a new tab)")
        return format_html(
            '{} <a href="{}" target="_blank" rel="noopener">{}</a>', words, self.bookings_page, link
        )


class AsksAboutBookings(ByManagers, admin.ModelAdmin):
    """Saves with all that stands on the page, looks which bookings contradict it now and did not before, and takes it back
    unless they are to be kept. So a change is judged by what it does, whichever field it is in."""

    form = KeepForm

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Once more with the list of bookings when there are any."""
        if request.method == "POST" and not request.POST.get("keep_bookings"):
            row = self.get_object(request, object_id) if object_id else None
            vars(request)["contradicted_before"] = contradictions(self.model, row and row.pk)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Contradicted as found:
            vars(request)["contradicted"] = found.bookings
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows what was found."""
        form = super().get_form(request, obj, change, **kwargs)
        found = vars(request).get("contradicted", [])
        page = bookings_page(vars(request)["contradicting"]) if found else ""
        return type(form.__name__, (form,), {"contradicted": found, "bookings_page": page})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """All is written now. Raises Contradicted, which rolls it back."""
        super().save_related(request, form, formsets, change)
        before = vars(request).get("contradicted_before")
        if before is None:
            return
        now = contradictions(self.model, form.instance.pk)
        found = [booking for booking, facts in now.items() if facts - before.get(booking, set())]
        if found:
            vars(request)["contradicting"] = form.instance
            raise Contradicted(found)


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Some of the seven weekdays, stored as bits; none means None."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, choices=OpeningHours.Weekday.choices, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Bits to the days ticked."""
        return [n for n in range(7) if value >> n & 1] if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """The days ticked to bits."""
        return sum(1 << n for n in super().clean(value)) or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares days with days."""
        return super().has_changed(self.prepare_value(initial), data)


class RulesForm(KeepForm):
    """Rules with their weekdays."""

    pickup_weekdays = WeekdaysField(required=False, label=gettext_lazy("pick-up weekdays"))
    dropoff_weekdays = WeekdaysField(required=False, label=gettext_lazy("return weekdays"))


class CarForm(RulesForm):
    """A car's own rules, and whom it takes on rides."""

    class Meta:
        model = Car
        fields: ClassVar[Any] = "__all__"

    def clean(self) -> dict[str, Any]:
        """A car takes whom its class promises."""
        cleaned = super().clean()
        of, seats = cleaned.get("car_class"), cleaned.get("seats")
        if of and seats is not None and seats < of.passengers:
            words = _("“%(class)s” promises %(n)d passengers: this car has not as many seats.")
            self.add_error("car_class", words % {"class": of.text, "n": of.passengers})
        return cleaned


class FleetForm(RulesForm):
    """The rules of all cars that have none of their own."""

    class Meta:
        model = Fleet
        fields: ClassVar[Any] = "__all__"

    def clean_pickup_weekdays(self) -> int:
        """A fleet must know its days."""
        return self._some("pickup_weekdays")

    def clean_dropoff_weekdays(self) -> int:
        """A fleet must know its days."""
        return self._some("dropoff_weekdays")

    def _some(self, name: str) -> int:
        bits: int | None = self.cleaned_data[name]
        if not bits:
            raise forms.ValidationError(_("Choose at least one weekday."))
        return bits


class NamedFormSet(forms.BaseInlineFormSet):
    """Rows of a table: the head of a column names nothing to who hears one field at a time, so each says its name."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """With the box that deletes."""
        super().add_fields(form, index)
        for field in form.fields.values():
            if field.label and not field.widget.is_hidden:
                field.widget.attrs.setdefault("aria-label", field.label)


class HoursFormSet(NamedFormSet):
    """The hours of a place: those of one weekday follow each other."""

    def clean(self) -> None:
        """Beside the later one that begins before the earlier has ended."""
        super().clean()
        gone = self.deleted_forms
        typed = [form for form in self.forms if form not in gone]
        known = [
            form
            for form in typed
            if {"weekday", "opens", "closes"} <= getattr(form, "cleaned_data", {}).keys()
        ]
        known.sort(key=lambda form: (form.cleaned_data["weekday"], form.cleaned_data["opens"]))
        for before, after in pairwise(known):
            same = before.cleaned_data["weekday"] == after.cleaned_data["weekday"]
            if same and after.cleaned_data["opens"] < before.cleaned_data["closes"]:
                after.add_error("opens", _("It is open then already: hours of one day follow each other."))


class PictureForm(AdminForm):
    """A picture of a car: without a drawing to choose, a photo must be there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields and "art" not in self.fields:
            self.fields["file"].required = True


class TermForm(AdminForm):
    """One thing that comes with a rental. Empty on a car it is an exception; a fleet has none to make."""

    def clean(self) -> dict[str, Any]:
        """A fleet's text says something."""
        cleaned = super().clean() or self.cleaned_data
        if "fleet" in self.fields and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("Write the text."))
        return cleaned
