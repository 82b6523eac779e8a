"""Services of rides in the Django admin, each on one page with its hours, prices and surcharges."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from cars.admin.rides.catalogue import NAMES
from cars.admin.rides.forms import ServiceForm
from cars.admin.rides.look import Look, asked_about, look_at
from cars.admin.rides.parts import (
    HoursInline,
    RateInline,
    SurchargeInline,
    TourInline,
    TourRateInline,
    TransferRateInline,
)
from cars.models import Service
from exodrive.staff.admin_site import Priced

PREVIEW = "_preview"
Fieldset = tuple[Any, dict[str, Any]]


class Asked(Exception):
    """A service was saved for a look at it and must be taken back: for its prices, or for what contradicts itself."""

    def __init__(self, found: Look, words: list[str]) -> None:
        super().__init__(*words)
        self.found, self.words = found, words


OF_KIND: dict[str, list[Any]] = {
    Service.Kind.HOURLY: [HoursInline, RateInline, SurchargeInline],
    Service.Kind.TRANSFER: [HoursInline, TransferRateInline, SurchargeInline],
    Service.Kind.TOUR: [TourInline, HoursInline, TourRateInline, SurchargeInline],
}
FACTS: Fieldset = (
    None,
    {
        "fields": [
            *NAMES,
            ("kind", "slug"),
            ("location", "with_driver"),
            ("tax_rate", "deposit"),
        ],
    },
)
DURATIONS: Fieldset = (
    _("Durations"),
    {"fields": ["unit_minutes", ("min_minutes", "max_minutes"), "quick_minutes"]},
)
RULES: Fieldset = (
    _("Rules"),
    {
        "fields": [
            ("step_minutes", "lead_time_minutes", "horizon_days"),
            ("before_minutes", "after_minutes"),
            ("free_cancel_hours", "cancel_until_minutes"),
        ]
    },
)
TEXTS: Fieldset = (
    _("Description"),
    {"fields": ["description", "description_es", "description_fr", "description_pt"]},
)
OFFER: Fieldset = (_("Offer"), {"fields": ["is_offered", "go_on"]})


class PartsOfKind(admin.ModelAdmin):
    """First what a service is; once it is stored, what its kind asks."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Parts of the page."""
        if obj is None:
            return [FACTS, TEXTS]
        durations = [DURATIONS] if obj.kind == Service.Kind.HOURLY else []
        return [FACTS, OFFER, *durations, RULES, TEXTS]


@admin.register(Service)
class ServiceAdmin(Priced, PartsOfKind):
    """Saves with all that stands on the page, looks at what it costs and contradicts now, and takes it back where that was
    all that was wanted, or where somebody should look first."""

    form = ServiceForm
    list_display = ["name", "kind", "location", "tax_rate", "is_offered"]
    list_filter = ["kind", "location", "is_offered"]
    list_select_related = ["location"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [TourInline, HoursInline, RateInline, TransferRateInline, TourRateInline, SurchargeInline]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Those of its kind, once it has one."""
        return OF_KIND.get(obj.kind, []) if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A service keeps its kind: its prices are of that."""
        return ["kind"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of a new one."""
        return {} if obj else self.prepopulated_fields

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Once more with what was found, where something was."""
        if request.method == "POST" and object_id:
            row = self.get_object(request, object_id)
            vars(request)["seen_before"] = look_at(row) if row else None
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Asked as asked:
            vars(request)["asked"] = asked
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows what was found."""
        form = super().get_form(request, obj, change, **kwargs)
        asked = vars(request).get("asked")
        if asked is None:
            return form
        return type(form.__name__, (form,), {"asked": asked.words, "previews": PREVIEW in request.POST})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """All is written now. Raises Asked, which rolls it back."""
        super().save_related(request, form, formsets, change)
        before = vars(request).get("seen_before")
        if before is None:
            return
        now = look_at(Service.objects.select_related("location").get(pk=form.instance.pk))
        words = [] if request.POST.get("go_on") else asked_about(before, now)
        if PREVIEW in request.POST or words:
            raise Asked(now, [] if PREVIEW in request.POST else words)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With what each class costs, at each time that has a price of its own."""
        asked = vars(request).get("asked")
        if asked and PREVIEW in request.POST:
            context |= {"errors": [], "previewed": True}
        stored = obj is not None and request.method == "GET"
        context["prices"] = asked.found if asked else look_at(obj) if stored else None
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """On to its prices: a new service has none."""
        if not {"_addanother", "_popup"} & request.POST.keys():
            sent: Any = request.POST.copy()
            sent["_continue"] = "1"
            request.POST = sent
        return super().response_add(request, obj, post_url_continue)
