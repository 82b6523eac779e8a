"""Taking a car back, correcting that, undoing it, and saying that nobody came, as staff do it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.lifecycle.keys.returns import correct_return, mark_of
from bookings.models import Block, Booking
from bookings.tests.support.factories import in_days, make_booking, make_desk
from bookings.tests.support.returns import BACK, back, fresh, out
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.audit import find_drift
from inbox.mail.letters import compose
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
CHECKLIST = {"odometer": "45210", "fuel": "8", "damage": "no", "note": "", "from": "active"}


@pytest.fixture(autouse=True)
def proof():
    """The ledger is true after all of it."""
    yield
    with acting_as(SERVICE):
        assert find_drift() == []


def post(client, booking, what="return/", **data):
    return client.post(f"/staff/bookings/{booking.pk}/{what}", data)


def form_of(answer):
    """What the form would send as it stands: hidden fields, typed ones, ticked ones."""
    html = answer.content.decode()
    found = {}
    for tag in re.findall(r"<input [^>]*>", html):
        kept = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        boxes = kept.get("type") in ("checkbox", "radio")
        if kept.get("name") and (not boxes or " checked" in tag):
            found[kept["name"]] = kept.get("value", "on" if boxes else "")
    chosen = re.search(r'name="fuel".*?<option value="(\d)" selected', html, re.DOTALL)
    note = re.search(r'<textarea name="note"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL)
    return found | ({"fuel": chosen[1]} if chosen else {}) | ({"note": note[1]} if note else {})


def late_by(booking, hours):
    local = (booking.return_at + timedelta(hours=hours)).astimezone(booking.drop_off.zone)
    return {"day": f"{local:%Y-%m-%d}", "clock": f"{local:%H:%M}"}


def letter_about(booking, template):
    with acting_as(SERVICE):
        email = InboxEmail.objects.select_related("booking__car__location").filter(
            booking=booking, template=template
        )
        return " ".join(compose(email.last(), ["someone@example.com"], at=timezone.now()).body.split())


# --- Taking back ------------------------------------------------------------------------------------------------------


def test_the_form_begins_with_now_where_the_car_comes_back(desk):
    booking = out()
    page = desk.get(f"/staff/bookings/{booking.pk}/return/")
    local = timezone.now().astimezone(booking.drop_off.zone)
    assert form_of(page)["day"] == f"{local:%Y-%m-%d}"


def test_a_usual_return_is_done_at_one_press(desk):
    booking = out(start=in_days(-5))
    answer = post(
        desk, booking, **CHECKLIST, **late_by(booking, 0) if timezone.now() > booking.return_at else {}
    )
    assert answer.status_code == 303
    assert fresh(booking).status == "completed"


def test_a_late_return_shows_what_it_comes_to_and_charges_what_staff_leave(desk):
    booking = out(start=in_days(-8))
    shown = post(desk, booking, **CHECKLIST | late_by(booking, 2) | {"odometer": "45720"})
    assert shown.status_code == 200
    assert "Late return (2 h): €40" in flat(shown)
    assert "Kilometres beyond those included (120 km): €60" in flat(shown)
    assert fresh(booking).status == "active"
    decided = form_of(shown) | {"amount_late_return": "20.00", "why": "A regular"}
    del decided["charge_excess_km"]
    assert post(desk, booking, **decided).status_code == 303
    after = fresh(booking)
    assert (after.status, after.total) == ("completed", booking.total + 20)
    page = flat(desk.get(f"/staff/bookings/{booking.pk}/"))
    assert "Late return: €20 (€40 proposed)" in page
    assert "Kilometres beyond those included: €0 (€60 proposed)" in page
    assert "<q>A regular</q>" in page


def test_the_customer_reads_what_the_return_comes_to(desk, client):
    booking = out(start=in_days(-8))
    shown = post(desk, booking, **CHECKLIST | late_by(booking, 2))
    post(desk, booking, **form_of(shown))
    text = letter_about(booking, "booking_changed")
    assert "The car is back. It costs €40 more." in text
    assert "Late return: 2 h: €40" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "licence" not in text
    page = flat(client.get(f"/en/booking/{booking.secret}/")).replace("\N{NO-BREAK SPACE}", " ")
    assert "Late return: 2 h" in page


@pytest.mark.parametrize(("typed", "sentence"), [("", "Enter an amount"), ("much", "Enter an amount")])
def test_a_charge_without_an_amount_is_a_422_and_loses_nothing(desk, typed, sentence):
    booking = out(start=in_days(-8))
    shown = post(desk, booking, **CHECKLIST | late_by(booking, 2))
    answer = post(desk, booking, **form_of(shown) | {"amount_late_return": typed, "why": "Traffic"})
    assert answer.status_code == 422
    assert sentence in flat(answer)
    assert 'value="Traffic"' in flat(answer)
    assert fresh(booking).status == "active"


def test_what_is_typed_anew_is_worked_out_anew(desk):
    booking = out(start=in_days(-8))
    shown = post(desk, booking, **CHECKLIST | late_by(booking, 2))
    again = post(desk, booking, **form_of(shown) | late_by(booking, 4))
    assert again.status_code == 200
    assert "Late return (4 h): €80" in flat(again)
    assert form_of(again)["amount_late_return"] == "80.00"


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ({"day": "2131-01-01", "clock": "10:00"}, "in the future"),
        ({"day": "2019-01-01", "clock": "10:00"}, "before it was handed over"),
        ({"day": "2019-01-01", "clock": ""}, "Enter when the car came back"),
        ({"day": "soon", "clock": "10:00"}, "Enter when the car came back"),
    ],
)
def test_an_impossible_moment_is_said_beside_the_day(desk, when, sentence):
    booking = out()
    answer = post(desk, booking, **CHECKLIST | when | {"sure": "45210"})
    assert answer.status_code == 422
    assert sentence in flat(answer)
    assert fresh(booking).status == "active"


def test_a_reading_below_the_last_one_is_asked_about_once_and_believed_then(desk):
    booking = out(km=45_210)
    asked = post(desk, booking, **CHECKLIST | {"odometer": "42000"})
    assert asked.status_code == 422
    words = flat(asked).replace("\N{NO-BREAK SPACE}", " ")
    assert "The last reading of this car was 45,210 km on" in words
    assert "Is 42,000 km right?" in words
    assert post(desk, booking, **form_of(asked)).status_code == 422
    assert fresh(booking).status == "active"
    assert post(desk, booking, **form_of(asked) | {"sure": "42000"}).status_code == 303
    assert fresh(booking).return_odometer_km == 42_000


def test_being_sure_of_one_reading_is_not_being_sure_of_another(desk):
    booking = out(km=45_210)
    assert post(desk, booking, **CHECKLIST | {"odometer": "42001", "sure": "42000"}).status_code == 422


# --- Early ------------------------------------------------------------------------------------------------------------


def test_a_manager_chooses_whether_unused_days_are_taken_off(manager):
    for ticked, total in ((False, 600), (True, 200)):
        booking = out()
        shown = post(manager, booking, **CHECKLIST)
        assert shown.status_code == 200
        assert "take the unused days off the price, €400 less" in flat(shown)
        assert "charge_early_return" not in form_of(shown), "it is not chosen beforehand"
        more = {"charge_early_return": "on"} if ticked else {}
        assert post(manager, booking, **form_of(shown) | more).status_code == 303
        assert fresh(booking).total == total


def test_the_desk_is_not_asked_and_cannot_take_anything_off(desk):
    booking = out()
    forged = {"shown": "early_return=-400.00=", "charge_early_return": "on"}
    assert post(desk, booking, **CHECKLIST | forged).status_code == 200
    assert fresh(booking).status == "active"
    assert post(desk, booking, **CHECKLIST).status_code == 303
    assert fresh(booking).total == booking.total


# --- Damage -----------------------------------------------------------------------------------------------------------


def test_after_damage_a_block_is_offered_with_the_car_today_and_the_note(desk):
    booking = out()
    answer = post(desk, booking, **CHECKLIST | {"damage": "yes", "note": "Scratch,\nleft door"})
    page = desk.get(answer.url)
    address = re.search(r'href="(/staff/blocks/new/[^"]+)"[^>]*>\s*Block this car', page.content.decode())[1]
    assert "Scratch" not in address
    block = desk.get(address.replace("&amp;", "&"))
    sent = form_of(block)
    assert (sent["car"], sent["start"], sent["end"]) == (str(booking.car_id), *[f"{in_days(0):%Y-%m-%d}"] * 2)
    assert sent["note"] == "Scratch, left door"
    data = {"car": sent["car"], "start": f"{in_days(9)}", "end": f"{in_days(9)}", "kind": "maintenance"}
    assert desk.post("/staff/blocks/new/", data).status_code == 303
    with as_owner():
        assert Block.objects.get().car_id == booking.car_id


def test_a_block_after_nothing_begins_empty(desk):
    for what in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        assert desk.get(f"/staff/blocks/new/?after={what}").status_code == 200


# --- Corrected, undone ------------------------------------------------------------------------------------------------


def test_a_return_is_corrected_on_a_form_that_begins_with_what_was_written(desk):
    booking = back(out(start=in_days(-4)), replace(BACK, damage=True, note="Scratch"))
    page = desk.get(f"/staff/bookings/{booking.pk}/return/correction/")
    sent = form_of(page)
    assert (sent["odometer"], sent["fuel"], sent["damage"], sent["note"]) == ("45210", "6", "yes", "Scratch")
    answer = post(
        desk, booking, "return/correction/", **sent | {"odometer": "45310", "note": "A long scratch"}
    )
    assert answer.status_code == 303
    assert fresh(booking).return_odometer_km == 45_310
    history = flat(desk.get(f"/staff/bookings/{booking.pk}/")).replace("\N{NO-BREAK SPACE}", " ")
    assert "Odometer: 45,210 km → 45,310 km" in history
    assert "<q>Scratch</q>" in history


def test_what_a_return_cost_stands_in_its_correction(manager):
    booking = out(start=in_days(-8))
    shown = post(manager, booking, **CHECKLIST | late_by(booking, 2))
    post(manager, booking, **form_of(shown) | {"amount_late_return": "30.00"})
    page = manager.get(f"/staff/bookings/{booking.pk}/return/correction/")
    sent = form_of(page)
    assert (sent["charge_late_return"], sent["amount_late_return"]) == ("on", "30.00")
    assert post(manager, booking, "return/correction/", **sent).status_code == 303
    assert fresh(booking).total == booking.total + 30
    in_time = form_of(manager.get(f"/staff/bookings/{booking.pk}/return/correction/")) | late_by(booking, 0)
    again = post(manager, booking, "return/correction/", **in_time)
    assert (again.status_code, "Late return" in flat(again)) == (200, False)
    assert post(manager, booking, "return/correction/", **form_of(again)).status_code == 303
    assert fresh(booking).total == booking.total


def test_a_correction_of_what_somebody_else_corrected_keeps_what_was_typed(desk):
    booking = back(out())
    sent = form_of(desk.get(f"/staff/bookings/{booking.pk}/return/correction/"))
    with acting_as(STAFF, user=make_desk(full_name="Luc Petit")):
        other = replace(BACK, odometer=45_300, returned_at=booking.returned_at)
        correct_return(booking=booking, at=timezone.now(), checklist=other, mark=mark_of(booking))
    answer = post(desk, booking, "return/correction/", **sent | {"odometer": "45400"})
    assert answer.status_code == 409
    assert form_of(answer)["odometer"] == "45400"
    assert fresh(booking).return_odometer_km == 45_300
    assert post(desk, booking, "return/correction/", **form_of(answer)).status_code == 303
    assert fresh(booking).return_odometer_km == 45_400


def test_a_correction_that_needs_days_of_somebody_else_says_so_beside_the_day(desk):
    booking = out(start=in_days(-4), length=9)
    booking = back(booking, replace(BACK, returned_at=booking.pickup_at + timedelta(days=1)))
    make_booking(car=booking.car, start=in_days(0), length=1)
    sent = form_of(desk.get(f"/staff/bookings/{booking.pk}/return/correction/"))
    local = timezone.now().astimezone(booking.drop_off.zone)
    answer = post(
        desk, booking, "return/correction/", **sent | {"day": f"{local:%Y-%m-%d}", "clock": f"{local:%H:%M}"}
    )
    assert answer.status_code == 409
    assert "Somebody has the car by now" in flat(answer)


def test_a_return_is_undone_for_a_quarter_of_an_hour(desk):
    booking = back(out())
    page = f"/staff/bookings/{booking.pk}/"
    assert "Undo the return" in flat(desk.get(page))
    assert post(desk, booking, "return/undo/", **{"from": "completed"}).status_code == 303
    assert fresh(booking).status == "active"
    assert "Undone: the car was not taken back" in flat(desk.get(page))
    assert post(desk, booking, "return/undo/", **{"from": "completed"}).status_code == 303  # the second press
    booking = back(fresh(booking))
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(status_changed_at=timezone.now() - timedelta(minutes=16))
    assert "Undo the return" not in flat(desk.get(page))
    assert "Correct the return…" in flat(desk.get(page))
    assert post(desk, booking, "return/undo/", **{"from": "completed"}).status_code == 400


# --- Nobody came ------------------------------------------------------------------------------------------------------


def test_a_no_show_is_asked_about_first_and_told_to_the_customer(desk, client):
    booking = make_booking(start=in_days(-1), length=4, status="active")
    page = f"/staff/bookings/{booking.pk}/"
    assert "No-show…" in flat(desk.get(page))
    asked = desk.get(f"{page}no-show/")
    assert "its days are free from tomorrow" in flat(asked)
    assert fresh(booking).status == "active"
    answer = post(desk, booking, "no-show/", **{"from": "active", "reason": ""})
    assert answer.status_code == 303
    after = fresh(booking)
    assert (after.status, after.outcome) == ("cancelled", "no_show")
    said = flat(desk.get(page))
    assert '<span class="tag">No-show</span>' in said
    assert "Nobody came for the car" in said
    assert '<span class="tag">No-show</span>' in flat(desk.get("/staff/inbox/?tab=cancelled"))
    text = letter_about(booking, "booking_cancelled")
    assert f"We waited for you, {booking.first_name}" in text
    assert "Nobody came for the car" in text
    assert "We waited for you" in flat(client.get(f"/en/booking/{booking.secret}/"))


def test_the_calendar_shows_the_days_of_a_no_show(desk):
    booking = make_booking(start=in_days(-1), length=4, status="active")
    post(desk, booking, "no-show/", **{"from": "active"})
    page = flat(desk.get(f"/staff/calendar/?from={in_days(-2)}&view=timeline"))
    bar = re.search(r'<a class="bk bk--cancelled.*?</a>', page)[0]
    assert "No-show" in bar


def test_nobody_is_a_no_show_before_the_pick_up_or_with_the_car(desk):
    for booking in (make_booking(status="upcoming"), out()):
        page = f"/staff/bookings/{booking.pk}/"
        assert "No-show…" not in flat(desk.get(page))
        assert desk.get(f"{page}no-show/").url == page
        assert post(desk, booking, "no-show/").status_code == 400
        assert fresh(booking).outcome == ""


def test_in_the_panel_the_form_replaces_the_booking(desk):
    booking = make_booking(start=in_days(-1), length=4, status="active")
    panel = desk.htmx(f"/staff/bookings/{booking.pk}/no-show/?next=/staff/inbox/", target="panel")
    assert flat(panel).startswith(f'<article id="booking-{booking.pk}"')
    data = {"from": "active", "next": "/staff/inbox/"}
    answer = desk.htmx(f"/staff/bookings/{booking.pk}/no-show/", data, target=f"booking-{booking.pk}")
    assert "did not come: the booking is over." in flat(answer)
