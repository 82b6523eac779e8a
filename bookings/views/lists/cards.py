"""Cards of cars in lists, drawn once for everybody who sees the same one.

A card is made of the catalogue alone: the car, its place, its price on some days. So it is kept under the version of the
catalogue (`cars.catalogue`) that the page goes by, with all else that it depends on in its key; whatever staff change has
another version. Nothing of a visitor stands on it.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cars.catalogue import catalogue
from exodrive.db.replica import is_showing

MOST = 2000  # cards, of some 2 KB each
_kept: "OrderedDict[Hashable, SafeString]" = OrderedDict()
_writing = threading.Lock()


def card(offer: Any, *, first: bool = False) -> SafeString:
    """The card of an `Offer` in the language in force; the `first` picture loads at once."""
    key = _key(offer, first)
    with _writing:
        if found := _kept.get(key):
            _kept.move_to_end(key)
            return found
    made = render_to_string("cars/_card.html", {"offer": offer, "first": first})
    if catalogue().rows.version and not is_showing():  # a replica's car may be older than the version
        with _writing:
            _kept[key] = made
            while len(_kept) > MOST:
                _kept.popitem(last=False)
    return made


def _key(offer: Any, first: bool) -> Hashable:
    car, picture = offer.car, offer.car.picture
    return (
        catalogue().rows.version,
        get_language(),
        car.pk,
        car.location.today(
            timezone.now()
        ),  # the year is left out of this year's days, and prices are from today on
        offer.days,
        offer.free_again,
        first,
        (picture.url, picture.srcset) if picture else None,
    )
