"""What a test that commits leaves behind is gone before the next one, whatever refers to what."""

import pytest
from psycopg.errors import InsufficientPrivilege

from cars.models import Service
from cars.tests.support.rides import make_service
from exodrive.rls import as_owner
from exodrive.tests.support.database import drop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("time", ["first", "again"])
def test_what_one_test_committed_the_next_does_not_find(time):
    with as_owner():
        assert not Service.objects.exists()
    for kind in ("tour", "transfer", "hourly"):
        make_service(kind=kind)


def test_a_database_is_dropped_while_the_server_tidies_it_up():
    """The owner may not end the server's own processes."""
    asked = []

    class Cursor:
        def execute(self, sql):
            asked.append(sql)
            if sql.endswith("WITH (FORCE)"):
                raise InsufficientPrivilege

    drop(Cursor(), "tidied")
    assert asked[1:] == ["DROP DATABASE IF EXISTS tidied"]
