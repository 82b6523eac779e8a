"""Statements that nobody waits for one by one: what a verb writes goes to PostgreSQL in one go (libpq's pipeline mode)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def together() -> Iterator[None]:
    """Send the block's statements without waiting for the answer to each; the end of the block waits for all of them.

    They run in their order, each as if it were sent alone. An error of one is raised by a later one or by the end of the
    block, and what came after it did not happen: so this is for a transaction that ends with it. A statement whose rows are
    fetched in the block waits. How many rows one has changed is known after the block only: no `save(update_fields=…)`
    and no `update()` of which the number counts.
    """
    connection.cursor().close()  # connected, and the server knows who asks
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
