"""Taking a car off the road for good or for a while, which its bookings have to be seen for."""

from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.utils.translation import gettext as _

from bookings.availability.ledger import lock_cars
from bookings.errors import ChangedMeanwhile, DatesTaken
from bookings.lifecycle.managers import refuse_desk
from bookings.lifecycle.rehousing.sisters import live_on
from cars.models import Car
from exodrive.rls import current


def set_status_within(*, car: Car, status: str, keep: bool, at: datetime) -> Car:
    """Retire a car, put it into maintenance or offer it again, as one of several things in a transaction.

    Managers only. Raises DatesTaken while bookings count on a car that is no longer offered, unless they are to `keep` it,
    and ChangedMeanwhile when its status is not the one that was read. Locks: the car.
    """
    refuse_desk()
    now = _locked(car)
    if status != Car.Status.OFFERED and not keep and live_on(now, at).exists():
        raise DatesTaken(_("There are bookings that count on this car."))
    now.status = status
    now.save(update_fields=["status", "updated_at"])
    _write_down(now)
    return now


def _locked(car: Car) -> Car:
    lock_cars(car.pk)
    now: Car = Car.objects.select_for_update(of=("self",)).select_related("location").get(pk=car.pk)
    if now.status != car.status:
        raise ChangedMeanwhile
    return now


def _write_down(car: Car) -> None:
    """Where the admin shows what became of a car."""
    if user := current().user_id:
        changed = [{"changed": {"fields": [str(Car._meta.get_field("status").verbose_name)]}}]
        LogEntry.objects.log_actions(user, [car], CHANGE, change_message=changed, single_object=True)
