"""Behind a pooler that gives a server connection to a transaction (PgBouncer, `pool_mode = transaction`).

What one statement leaves in the session the next customer of that connection finds, so nothing is left there: identity and
time-outs go local, in the same message as the statement or, inside a transaction, before its first one. PostgreSQL runs
the statements of one message as one transaction, which a pooler sends to one server.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from psycopg import ClientCursor
from psycopg.pq import TransactionStatus

from exodrive.rls import Identity, current

TRANSACTION = "transaction"  # the value of DATABASE_POOLER
SET_LOCALLY = (
    "SELECT set_config('role', %s, true), set_config('app.user_id', %s, true), set_config('app.token_hash', %s, true),"
    " set_config('app.actor', %s, true), set_config('app.reason', %s, true), set_config('app.pin', %s, true),"
    " set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true),"
    " set_config('idle_in_transaction_session_timeout', %s, true)"
)


def values_of(identity: Identity) -> list[str]:
    """What SET_LOCALLY takes: a pooler passes on no options, so the time-outs are said here, too."""
    timeouts = (settings.LOCK_TIMEOUT_MS, settings.STATEMENT_TIMEOUT_MS, settings.STATEMENT_TIMEOUT_MS * 3)
    return [identity.database_role, *identity[1:], *map(str, timeouts)]


class PooledCursor(ClientCursor[Any]):
    """Outside a transaction every statement brings its identity along."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Run the statement as the identity in force; the first result is the statement's own."""
        if not self._alone:
            return super().execute(query, params, **options)
        before = self.mogrify(SET_LOCALLY, values_of(current()))
        statement = query if params is None and isinstance(query, str) else self.mogrify(query, params)
        super().execute(f"{before}; {statement}", None, **options)
        self.nextset()
        return self

    def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
        """All of them in one transaction."""
        if not self._alone:
            super().executemany(query, params_seq, **options)
            return
        with self.connection.transaction():
            self.connection.execute(SET_LOCALLY, values_of(current()))
            super().executemany(query, params_seq, **options)

    @property
    def _alone(self) -> bool:
        """Whether the next statement is a transaction of its own."""
        status = self.connection.info.transaction_status
        return self.connection.autocommit and status == TransactionStatus.IDLE
