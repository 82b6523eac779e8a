"""Reading what rides cost: two queries for any number of services."""

from collections.abc import Iterable

from cars.models import RideRate, Service, Surcharge
from cars.pricing.rides.inputs import RideTariff


def tariffs_of(services: Iterable[Service]) -> dict[int, RideTariff]:
    """Rates and surcharges of each service, by its id."""
    ids = [service.pk for service in services]
    rates = list(RideRate.objects.filter(service__in=ids).select_related("from_place", "to_place"))
    surcharges = list(Surcharge.objects.filter(service__in=ids))
    return {
        pk: RideTariff(
            tuple(rate for rate in rates if rate.service_id == pk),
            tuple(one for one in surcharges if one.service_id == pk),
        )
        for pk in ids
    }


def ride_tariff_of(service: Service) -> RideTariff:
    """Of one service."""
    return tariffs_of([service])[service.pk]
