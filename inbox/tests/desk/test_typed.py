"""What a search of the inbox finds of what was typed, among the same two bookings."""

import pytest

from bookings.tests.support.factories import CarFactory, make_booking
from inbox.tests.desk.test_listing import names, person

pytestmark = pytest.mark.django_db


def two_bookings():
    """The one that is looked for; the other is Marta's."""
    car = CarFactory(plate="GB-220-TR")
    wanted = make_booking(car=car, who=person("Jean-Baptiste Lefèvre", "jb.lefevre@example.com"))
    make_booking(who=person("Marta Oliveira", "marta@exodrive.test"))
    return wanted


@pytest.fixture(scope="module")
def wanted(made_once):
    return made_once(two_bookings)


@pytest.mark.parametrize(
    "typed",
    [
        "lefe",
        "fèvr",
        "evre baptis",
        "b220",
        "LEFÈV jean",
        "Jean-Baptiste",
        "jb.lefevre",
        "example",
        "exo-{reference}",
        "{half}",
        "gb-220",
        "220 tr",
    ],
)
def test_search_finds_parts_of_words_without_accents_and_capitals(wanted, desk, typed):
    code = wanted.reference.removeprefix("EXO-")
    typed = typed.format(reference=code.lower(), half=code[:4])
    response = desk.get("/staff/inbox/", {"tab": "all", "q": typed})
    assert names(response) == ["Jean-Baptiste Lefèvre"]


@pytest.mark.parametrize("typed", ["evrre", "marta lefevre", "uu", "---", "' OR 1=1 --", "a\0u", "%", "ﬁ"])
def test_search_finds_nothing_else(wanted, desk, typed):
    """No reference has a U: a search for two other letters finds one booking of a thousand by chance."""
    response = desk.get("/staff/inbox/", {"tab": "all", "q": typed})
    assert names(response) == []
    assert "Nothing matches" in response.content.decode()
