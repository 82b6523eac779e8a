"""What search engines read of the page of a car or a service: schema.org data, as a block that no browser runs."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from cars.models import Car, Location, Service
from exodrive.money import Money

# As Django's `json_script` does it, whose type is another: nothing in a name can end the block.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def car_data(car: Car, rate: Money) -> SafeString:
    """The car, what it costs a day at least, and the place that rents it."""
    url = settings.SITE_URL + reverse("car", args=[car.slug])
    pictures = [_absolute(picture.url) for picture in car.images.all()]
    data = {
        "@context": "https://schema.org",
        "@type": ["Product", "Car"],
        "name": car.name,
        "description": car.text,
        "url": url,
        "image": pictures,
        "brand": {"@type": "Brand", "name": car.make},
        "model": car.model,
        "vehicleModelDate": str(car.year),
        "vehicleSeatingCapacity": car.seats,
        "numberOfDoors": car.doors,
        "vehicleTransmission": car.gearbox,
        "fuelType": car.fuel,
        "offers": _offer(car, rate, url),
    }
    return mark_safe(json.dumps(_filled(data)).translate(ESCAPES))


def ride_data(service: Service, path: str, price: Money) -> SafeString:
    """A service at its address, what it costs at least (by the hour: an hour), and the place that drives."""
    url = settings.SITE_URL + path
    offer = {"@type": "Offer", "url": url, "availability": "https://schema.org/InStock"}
    data = {
        "@context": "https://schema.org",
        "@type": "Service",
        "name": service.text,
        "serviceType": str(service.get_kind_display()),
        "description": service.about,
        "url": url,
        "provider": _rental(service.location),
        "offers": offer | {"priceSpecification": _at_least(service, price)},
    }
    return mark_safe(json.dumps(_filled(data)).translate(ESCAPES))


def _at_least(service: Service, price: Money) -> dict[str, Any]:
    said = {
        "@type": "UnitPriceSpecification",
        "minPrice": str(price.amount),
        "priceCurrency": price.currency,
        "valueAddedTaxIncluded": True,
    }
    if service.kind != Service.Kind.HOURLY:
        return said
    an_hour = {"@type": "QuantitativeValue", "value": 1, "unitCode": "HUR"}
    return said | {"valueAddedTaxIncluded": settings.TAX_INCLUDED, "referenceQuantity": an_hour}


def _offer(car: Car, rate: Money, url: str) -> dict[str, Any]:
    per_day = {
        "@type": "UnitPriceSpecification",
        "price": str(rate.amount),
        "priceCurrency": rate.currency,
        "unitCode": "DAY",
        "valueAddedTaxIncluded": settings.TAX_INCLUDED,
    }
    return {
        "@type": "Offer",
        "url": url,
        "price": str(rate.amount),
        "priceCurrency": rate.currency,
        "priceSpecification": per_day,
        "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut",
        "availability": "https://schema.org/InStock",
        "seller": _rental(car.location),
    }


def _rental(place: Location) -> dict[str, Any]:
    return _filled(
        {
            "@type": "AutoRental",
            "name": place.name,
            "address": place.address,
            "telephone": place.number,
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": str(place.latitude),
                "longitude": str(place.longitude),
            },
        }
    )


def _absolute(url: str) -> str:
    return url if "://" in url else settings.SITE_URL + url


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", None, [])}
