"""Blocking days: for one car, several or the whole fleet; a block's own page."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bookings.availability.blocks import alter_within, place_within
from bookings.days import Days
from bookings.errors import DatesTaken, Invalid
from bookings.lifecycle.again import look_again
from bookings.lifecycle.rehousing.sisters import who_has
from bookings.models import Block
from cars.models import Car
from exodrive.i18n.formats import span
from exodrive.numbers import small_number
from inbox.desk.language import in_any_language, only_language
from inbox.desk.rehousing.presses import Listed, after_moves, listed, moved_one
from inbox.desk.responses import SeeOther, next_url
from inbox.desk.words.returned import block_after_return
from inbox.forms.base import errors_of
from inbox.forms.blocks import BlockForm, NewBlockForm
from inbox.permissions import StaffRequest, staff_required

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@staff_required
@in_any_language
def new_block(request: StaffRequest) -> HttpResponse:
    """`/staff/blocks/new/?car=&car=&start=&end=`, `?fleet=1` or `?after=` a booking that came back: block days. A POST with
    `look` only finds cars.
    """
    if request.method != "POST" or "look" in request.POST:
        return _new_page(request, NewBlockForm(initial=_initial(request.POST or request.GET)))
    form = NewBlockForm(request.POST)
    if only_language(request) or not form.is_valid():
        return _new_page(request, form, status=422)
    data = form.cleaned_data
    what = {name: data[name] for name in ("cars", "days", "kind", "note", "clock")}
    place = partial(place_within, **what, by=request.staff)
    try:
        if moved_one(request):
            return _new_page(request, form, waits=True)
        after_moves(request, place, on=[car.pk for car in data["cars"]])
    except DatesTaken as refusal:
        return _new_page(request, form, refusal=refusal)
    except Invalid as refusal:
        form.show(refusal)
        return _new_page(request, form, status=refusal.status)
    messages.success(request, _blocked(data["cars"], data["days"]))
    return SeeOther(next_url(request) or _calendar(data["days"]))


@require_http_methods(FORM)
@staff_required
@in_any_language
@look_again
def block(request: StaffRequest, pk: int) -> HttpResponse:
    """`/staff/blocks/<id>/`: change days, reason and note."""
    found = _found(pk)
    if request.method != "POST":
        return _page(request, found, BlockForm.of(found))
    form = BlockForm.of(found, request.POST)
    if only_language(request) or not form.is_valid():
        return _page(request, found, form, status=422)
    data = form.cleaned_data
    return _changed(request, found, form, **{name: data[name] for name in ("days", "kind", "note", "clock")})


@require_POST
@staff_required
def end_block(request: StaffRequest, pk: int) -> HttpResponse:
    """Today, where the car is, becomes the last day; a block that is over or has not begun stays as it is."""
    found = _found(pk)
    if not _can_end(found):
        return _page(request, found, BlockForm.of(found), status=409)
    days = Days(found.start_date, found.car.location.today(timezone.now()))
    return _changed(request, found, BlockForm.of(found), days=days)


def _changed(request: StaffRequest, found: Block, form: BlockForm, **what: Any) -> HttpResponse:
    try:
        if moved_one(request):
            return _page(request, found, form, waits=True)
        changed = after_moves(request, partial(alter_within, block=found, **what), on=[found.car_id])
    except DatesTaken as refusal:
        return _page(request, found, form, refusal=refusal)
    except Invalid as refusal:
        form.show(refusal)
        return _page(request, found, form, status=refusal.status)
    messages.success(request, _blocked([found.car], changed.days))
    return SeeOther(next_url(request) or _calendar(changed.days))


def _found(pk: int) -> Block:
    return get_object_or_404(Block.objects.select_related("car__location", "created_by"), pk=pk)


def _can_end(found: Block) -> bool:
    return found.start_date <= found.car.location.today(timezone.now()) < found.end_date


def _initial(typed: QueryDict) -> dict[str, Any]:
    start = typed.get("start", "")
    if "after" in typed:
        return block_after_return(typed.get("after") or "", timezone.now())
    return {
        "car": [pk for pk in typed.getlist("car") if small_number(pk)],
        "fleet": "fleet" in typed,
        "start": start,
        "end": typed.get("end") or start,
        **{name: typed.get(name, "") for name in ("kind", "note", "find")},
    }


def _blocked(cars: list[Car], days: Days) -> str:
    words = {"n": len(cars), "car": cars[0].name, "days": span(days.start, days.end)}
    if len(cars) == 1:
        return _("%(car)s is blocked %(days)s.") % words
    return ngettext("%(n)d car is blocked %(days)s.", "%(n)d cars are blocked %(days)s.", len(cars)) % words


def _calendar(days: Days) -> str:
    return f"{reverse('staff_calendar')}?{urlencode({'from': days.start})}"


def _new_page(
    request: StaffRequest,
    form: NewBlockForm,
    *,
    refusal: DatesTaken | None = None,
    waits: bool = False,
    status: int = 200,
) -> HttpResponse:
    values = form["car"].value() or []
    context: dict[str, Any] = {
        "move_all": _("Move all and block"),
        "chosen": {str(value) for value in values},
        "back_url": next_url(request, reverse("staff_calendar")),
        "title": _("Block days"),
    }
    if refusal or waits:
        context["in_the_way"] = _in_the_way(form, [car.pk for car in form.cleaned_data["cars"]])
    return _shown(request, "inbox/new_block.html", form, context, refusal, status)


def _page(
    request: StaffRequest,
    found: Block,
    form: BlockForm,
    *,
    refusal: DatesTaken | None = None,
    waits: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "blocked": found,
        "move_all": _("Move all and save"),
        "can_end": _can_end(found),
        "back_url": next_url(request, _calendar(found.days)),
        "title": _("Block of %(car)s") % {"car": found.car.name},
    }
    if (refusal or waits) and form.is_bound:
        context["in_the_way"] = _in_the_way(form, [found.car_id])
    return _shown(request, "inbox/block.html", form, context, refusal, status)


def _in_the_way(form: BlockForm, cars: list[int]) -> Listed:
    """The bookings on these days, with the other cars that each could have."""
    return listed(who_has(cars, form.cleaned_data["days"]), timezone.now(), avoiding=cars)


def _shown(
    request: StaffRequest,
    template: str,
    form: BlockForm,
    context: dict[str, Any],
    refusal: DatesTaken | None,
    status: int,
) -> HttpResponse:
    """The form with its errors; a refusal comes with the bookings in the way."""
    if refusal:
        context["errors"] = _errors(refusal, context.get("in_the_way"))
        status = refusal.status
    elif form.is_bound:
        context["errors"] = errors_of(form)
        status = status if form.errors else 200
    context |= {"form": form, "typed_form": "typed", "section": "calendar", "next_url": next_url(request)}
    return render(request, template, context, status=status)


def _errors(refusal: DatesTaken, found: Listed | None) -> list[tuple[str, str]]:
    reasons = [str(reason.message) for reason in refusal.details.get("reasons", [])]
    there = "in-the-way" if found and found.rows else "id_start"
    return [(there, sentence) for sentence in reasons or [str(refusal.message)]]
