"""What a test that commits leaves behind is gone before the next one, whatever refers to what."""

import pytest

from cars.models import Service
from cars.tests.support.rides import make_service
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("time", ["first", "again"])
def test_what_one_test_committed_the_next_does_not_find(time):
    with as_owner():
        assert not Service.objects.exists()
    for kind in ("tour", "transfer", "hourly"):
        make_service(kind=kind)
