"""The Django admin: who gets in, what is read-only there, and the actions that call the verbs."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking, BookingSegment, ProviderEvent
from bookings.payments.refunds import ask_refund
from bookings.tests.support.factories import (
    CarFactory,
    CarImageFactory,
    in_days,
    make_block,
    make_booking,
    make_hold,
    make_user,
    pay_at_the_counter,
)
from bookings.tests.support.photos import photo
from bookings.tests.support.swapping import make_rental, swap
from cars.models import Car, CarImage, terms_of
from exodrive.models import ApiToken, JobRun, User
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from inbox.tests.support.second_step import turn_on
from inbox.tests.support.users import group_id

READ_ONLY = [
    "bookings_booking",
    "bookings_customer",
    "bookings_hold",
    "bookings_block",
    "bookings_statuschange",
    "inbox_inboxitem",
    "inbox_inboxemail",
    "exodrive_jobrun",
    "bookings_payment",
    "bookings_paymentoperation",
    "bookings_refund",
]
FLEET = ["cars_car", "cars_location", "cars_agency"]


def admin(name, *args):
    return reverse(f"admin:{name}", args=args)


def everything():
    """One row of each kind."""
    booking = make_booking()
    with acting_as(STAFF):
        payment = pay_at_the_counter(booking, timezone.now())
        ask_refund(payment_id=payment.pk, amount=payment.kept, reason="Changed their mind")
    CarImageFactory(car=booking.car)
    make_hold(car=CarFactory(), start=in_days(5))
    make_block(car=booking.car, start=in_days(20))
    with acting_as(SERVICE):
        JobRun.objects.create(name="drop_lapsed_holds", started_at=timezone.now(), ok=True)
    return booking


def first_pk(name):
    from django.apps import apps

    with as_owner():
        return apps.get_model(*name.split("_")).objects.first().pk


@pytest.mark.django_db
@pytest.mark.parametrize("name", READ_ONLY + FLEET)
def test_lists_and_forms_open_for_the_desk_and_cannot_be_changed(desk, name):
    everything()
    pk = first_pk(name)
    assert desk.get(admin(f"{name}_changelist")).status_code == 200
    page = desk.get(admin(f"{name}_change", pk))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert desk.get(admin(f"{name}_add")).status_code == 403
    assert desk.post(admin(f"{name}_change", pk), {}).status_code == 403
    assert desk.post(admin(f"{name}_delete", pk), {"post": "yes"}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("name", READ_ONLY)
def test_bookings_and_what_belongs_to_them_are_read_only_even_for_superusers(client_of, name):
    everything()
    client, pk = client_of("superuser"), first_pk(name)
    assert client.get(admin(f"{name}_change", pk)).status_code == 200
    assert client.get(admin(f"{name}_add")).status_code == 403
    assert client.post(admin(f"{name}_change", pk), {"status": "completed"}).status_code == 403
    assert client.post(admin(f"{name}_delete", pk), {"post": "yes"}).status_code == 403


@pytest.mark.django_db
def test_the_admin_is_for_staff_only(client_of):
    assert client_of("anonymous").get("/admin/").status_code == 302
    assert client_of("anonymous").get("/admin/login/?next=/admin/").url == "/staff/login/?next=%2Fadmin%2F"
    flagged = client_of("only_staff_flag")
    assert flagged.get("/admin/login/").status_code == 403
    assert flagged.get(admin("bookings_booking_changelist")).status_code == 302
    for who in ("desk", "manager", "superuser"):
        assert "Back to inbox" in client_of(who).get("/admin/").content.decode()


@pytest.mark.django_db
def test_every_list_is_found_by_its_search(desk):
    booking = everything()
    page = desk.get(admin("bookings_booking_changelist"), {"q": booking.reference})
    assert f"/staff/bookings/{booking.pk}/" in page.content.decode()
    for name in (
        "bookings_customer",
        "bookings_statuschange",
        "inbox_inboxitem",
        "inbox_inboxemail",
        "bookings_payment",
        "bookings_paymentoperation",
        "bookings_refund",
        "cars_car",
    ):
        assert desk.get(admin(f"{name}_changelist"), {"q": "x"}).status_code == 200


def a_report(**more):
    facts = {
        "provider": "sandbox",
        "event_id": "e-1",
        "type": "payment.taken",
        "body": b'{"payer": "\xff Marta"}',
    }
    with as_owner():
        return ProviderEvent.objects.create(**facts | {"state": "orphan", "attempts": 6} | more)


@pytest.mark.django_db
def test_what_providers_report_is_read_by_managers_alone(desk, manager):
    event = a_report()
    assert desk.get(admin("bookings_providerevent_changelist")).status_code == 403
    assert desk.get(admin("bookings_providerevent_change", event.pk)).status_code == 403
    assert "providerevent" not in desk.get("/admin/").content.decode()
    assert "payment.taken" in manager.get(admin("bookings_providerevent_changelist")).content.decode()
    page = manager.get(admin("bookings_providerevent_change", event.pk)).content.decode()
    assert "\N{REPLACEMENT CHARACTER} Marta" in page
    assert 'name="_save"' not in page
    assert (
        manager.post(admin("bookings_providerevent_change", event.pk), {"state": "done"}).status_code == 403
    )


@pytest.mark.django_db
def test_reports_are_handled_again_from_their_list(desk, manager):
    event = a_report()
    chosen = {"action": "handle_again", "index": "0", "_selected_action": [str(event.pk)]}
    assert desk.post(admin("bookings_providerevent_changelist"), chosen).status_code == 403
    answer = manager.post(admin("bookings_providerevent_changelist"), chosen, follow=True)
    assert "1 report is handled again." in answer.content.decode()
    with as_owner():
        event.refresh_from_db()
    assert (event.state, event.attempts, event.due_at is not None) == ("received", 0, True)


@pytest.mark.django_db
def test_where_a_customer_pays_is_not_shown(desk, manager):
    everything()
    text = desk.get(admin("bookings_payment_change", first_pk("bookings_payment"))).content.decode()
    assert "next_url" not in text


@pytest.mark.django_db
def test_secrets_are_not_shown(desk):
    hold = make_hold()
    text = desk.get(admin("bookings_hold_change", hold.pk)).content.decode()
    assert "nonce" not in text.lower()
    assert hold.token_hash not in text


CAR = {
    "make": "Hallam",
    "model": "S",
    "slug": "hallam-s",
    "status": "offered",
    "plate": "AA-001-AA",
    "year": "2020",
    "seats": "4",
    "doors": "4",
    "gearbox": "manual",
    "fuel": "petrol",
    "power_kw": "200",
    "daily_rate": "180",
    "deposit": "1500",
    "included_km_per_day": "200",
    "excess_km_price": "1",
    "minimum_age": "25",
    "terms-TOTAL_FORMS": "0",
    "terms-INITIAL_FORMS": "0",
    "images-TOTAL_FORMS": "0",
    "images-INITIAL_FORMS": "0",
}


@pytest.mark.django_db
def test_managers_add_cars_with_pictures_and_the_desk_does_not(desk, manager, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    picture = {"images-TOTAL_FORMS": "1", "images-0-alt": "From the side", "images-0-position": "0"}
    data = CAR | picture | {"location": CarFactory().location.pk}
    assert desk.post(admin("cars_car_add"), data | {"images-0-file": photo()}).status_code == 403
    assert manager.post(admin("cars_car_add"), data | {"images-0-file": photo()}).status_code == 302
    with as_owner():
        assert Car.objects.get(slug="hallam-s").images.get().alt == "From the side"


@pytest.mark.django_db
def test_a_picture_without_a_photo_is_asked_for(manager):
    picture = {"images-TOTAL_FORMS": "1", "images-0-alt": "From the side", "images-0-position": "0"}
    answer = manager.post(admin("cars_car_add"), CAR | picture | {"location": CarFactory().location.pk})
    (pictures,) = [i for i in answer.context["inline_admin_formsets"] if i.opts.model is CarImage]
    assert pictures.formset.errors == [{"file": ["This field is required."]}]


@pytest.mark.django_db
def test_the_name_of_a_drawing_is_asked_for_only_where_a_car_has_one(manager):
    drawn, plain = CarImageFactory().car, CarFactory()
    for car, asked in ((drawn, True), (plain, False)):
        text = manager.get(admin("cars_car_change", car.pk)).content.decode()
        assert ('name="images-0-art"' in text) == asked
        assert ('name="images-__prefix__-art"' in text) == asked


@pytest.mark.django_db
def test_managers_write_what_comes_with_a_car(manager):
    data = CAR | {"location": CarFactory().location.pk, "terms-TOTAL_FORMS": "1"}
    data |= {"terms-0-kind": "insurance", "terms-0-words": "Excess of 500"}
    assert manager.post(admin("cars_car_add"), data).status_code == 302
    with as_owner():
        assert terms_of(Car.objects.get(slug="hallam-s"))["insurance"] == "Excess of 500"


@pytest.mark.django_db
def test_managers_change_opening_hours(manager):
    location = CarFactory().location
    text = manager.get(admin("cars_location_change", location.pk)).content.decode()
    assert len(re.findall(r'name="opening_hours-\d-opens"', text)) == 7


@pytest.mark.django_db(transaction=True)
def test_bookings_are_marked_upcoming_by_an_action_and_refusals_are_said(desk):
    waiting, over = make_booking(), make_booking(status="completed", start=in_days(-5), length=2)
    answer = desk.post(
        admin("bookings_booking_changelist"),
        {"action": "mark_upcoming", "index": "0", "_selected_action": [waiting.pk, over.pk]},
        follow=True,
    )
    text = answer.content.decode()
    assert "1 booking moved." in text
    assert f"{over.reference}: A booking that is completed cannot become upcoming." in text
    with as_owner():
        waiting.refresh_from_db()
        assert (waiting.status, waiting.changes.last().actor) == ("upcoming", desk.user)


@pytest.mark.django_db(transaction=True)
def test_bookings_are_cancelled_by_an_action_that_asks_why(desk):
    booking = make_booking()
    chosen = {"action": "cancel", "index": "0", "_selected_action": [booking.pk]}
    asked = desk.post(admin("bookings_booking_changelist"), chosen)
    assert (asked.status_code, 'name="reason"' in asked.content.decode()) == (200, True)
    unsaid = desk.post(admin("bookings_booking_changelist"), chosen | {"reason": " \u200b"})
    assert (unsaid.status_code, "Enter why you cancel" in unsaid.content.decode()) == (422, True)
    with as_owner():
        assert Booking.objects.get().status == "pending"
    desk.post(admin("bookings_booking_changelist"), chosen | {"reason": "Flood"})
    with as_owner():
        assert Booking.objects.get().status == "cancelled"
        assert booking.changes.last().reason == "Flood"


@pytest.mark.django_db(transaction=True)
def test_mails_are_sent_again_by_an_action(desk):
    booking = make_booking()
    with as_owner():
        mail = booking.emails.get(template="booking_received")
    desk.post(
        admin("inbox_inboxemail_changelist"),
        {"action": "resend", "index": "0", "_selected_action": [mail.pk]},
    )
    with as_owner():
        assert booking.emails.filter(template="booking_received").count() == 2


@pytest.mark.django_db
def test_only_superusers_see_users(client_of):
    assert client_of("manager").get(admin("exodrive_user_changelist")).status_code == 403
    assert client_of("superuser").get(admin("exodrive_user_changelist")).status_code == 200


@pytest.mark.django_db
def test_users_are_made_by_email_closed_and_never_deleted(client_of):
    root = client_of("superuser")
    new = {
        "email": "New@Exodrive.test",
        "full_name": "New",
        "usable_password": "true",
        "groups": [group_id("Desk")],
    }
    passwords = {"password1": "rain-on-tin-roofs", "password2": "rain-on-tin-roofs"}
    assert root.post(admin("exodrive_user_add"), new | passwords).status_code == 302
    with as_owner():
        user = User.objects.get(email="new@exodrive.test")
    again = root.post(admin("exodrive_user_add"), new | passwords)
    assert "There is a user with this email address already." in again.content.decode()
    change = {"email": user.email, "full_name": "New", "groups": []}
    assert root.post(admin("exodrive_user_change", user.pk), change).status_code == 302
    with as_owner():
        user.refresh_from_db()
    assert not user.is_active
    assert root.post(admin("exodrive_user_delete", user.pk), {"post": "yes"}).status_code == 403


def new_token(client, **fields):
    typed = {"user": client.user.pk, "name": "Till", "scopes": ["read", "staff"], "days": 30}
    return typed | {"password": "password", "code": ""} | fields


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"password": "guess"}, {"password": ""}, {"days": 366}, {"days": 0}, {"scopes": []}, {"scopes": ["x"]}],
)
def test_a_token_is_not_made_without_a_proof_scopes_and_an_end(manager, wrong):
    answer = manager.post(admin("exodrive_apitoken_add"), new_token(manager, **wrong))
    assert answer.status_code == 200
    with as_owner():
        assert not ApiToken.objects.exists()


@pytest.mark.django_db
def test_who_has_a_second_step_makes_a_token_with_a_code(manager):
    codes = turn_on(manager.user)
    for code, made in (("", 0), ("123456", 0), (codes[0], 1), (codes[0], 1)):
        manager.post(admin("exodrive_apitoken_add"), new_token(manager, code=code))
        with as_owner():
            assert ApiToken.objects.count() == made


@pytest.mark.django_db
def test_a_token_is_shown_once_and_works_until_it_is_revoked(manager):
    answer = manager.post(admin("exodrive_apitoken_add"), new_token(manager))
    raw = re.search(r"exo_staff_[\w-]+", answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]
    with as_owner():
        token = ApiToken.objects.get()
        assert ApiToken.live(raw, timezone.now()).user == manager.user
        assert token.scopes == "read staff"
        assert abs(token.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert "read staff" in answer.content.decode()
    assert raw not in manager.get(admin("exodrive_apitoken_changelist")).content.decode()
    assert raw not in manager.get(admin("exodrive_apitoken_change", token.pk)).content.decode()
    chosen = {"action": "revoke", "index": "0", "_selected_action": [token.pk]}
    manager.post(admin("exodrive_apitoken_changelist"), chosen)
    with as_owner():
        assert ApiToken.live(raw, timezone.now()) is None


@pytest.mark.django_db
def test_managers_make_no_tokens_for_others_and_the_desk_none_at_all(desk, manager):
    other = make_user(is_staff=True)
    manager.post(admin("exodrive_apitoken_add"), new_token(manager, user=other.pk))
    assert desk.post(admin("exodrive_apitoken_add"), new_token(desk)).status_code == 403
    with as_owner():
        assert not ApiToken.objects.exists()


@pytest.mark.django_db
def test_signing_out_of_the_admin_signs_out(desk):
    assert desk.post("/admin/logout/").url == "/staff/login/"
    assert desk.get("/admin/").status_code == 302


@pytest.mark.django_db
def test_staff_change_their_own_password(desk):
    new = {
        "old_password": "password",
        "new_password1": "rain-on-tin-roofs",
        "new_password2": "rain-on-tin-roofs",
    }
    assert desk.post("/admin/password_change/", new).url == "/admin/password_change/done/"
    with as_owner():
        assert User.objects.get(pk=desk.user.pk).check_password("rain-on-tin-roofs")
    assert desk.get("/staff/inbox/").status_code == 200


def test_the_page_of_a_booking_shows_the_cars_that_it_had_and_lets_nobody_change_them(client_of):
    rental = make_rental()
    swapped = swap(rental, CarFactory())
    answer = client_of("superuser").get(f"/admin/bookings/booking/{rental.pk}/change/")
    (former,) = [i for i in answer.context["inline_admin_formsets"] if i.opts.model is BookingSegment]
    assert [form.instance.car for form in former.formset.forms] == [rental.car]
    assert rental.car != swapped.booking.car
    assert (former.has_add_permission, former.has_change_permission, former.has_delete_permission) == (
        *[False] * 3,
    )
    assert "45120" in answer.content.decode()
