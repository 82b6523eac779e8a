"""The PostgreSQL engine that runs every query as the identity in force (`ENGINE = "exodrive.db.backend"`).

The identity is known per session (outside a transaction) or per transaction (inside one); a statement is sent only
when it changed. Inside a transaction it is set locally, so that a rollback or commit forgets it. What comes from the pool
first forgets its last user. No statement waits for ever (`exodrive.db.deadlines`).
"""

from typing import Any

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus
from psycopg_pool import PoolTimeout

from exodrive.db.backend.pooled import SET_LOCALLY, TRANSACTION, PooledCursor, values_of
from exodrive.db.deadlines import CHECK, at_most, gate
from exodrive.rls import Identity, current

SET_IDENTITY = (
    "SELECT set_config('role', %s, %s), set_config('app.user_id', %s, %s), set_config('app.token_hash', %s, %s),"
    " set_config('app.actor', %s, %s), set_config('app.reason', %s, %s),"
    " set_config('app.pin', %s, %s)"
)
# Before it, on a connection from the pool: settings and locks of the session that the last user left, by injected SQL say.
LEAVE_NOTHING = "RESET ALL; SELECT pg_advisory_unlock_all(); "


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL backend that keeps the session's role in step with `exodrive.rls.current()`."""

    _session_identity: Identity | None = (
        None  # what the session is known to be; None after every pool checkout
    )
    _transaction_identity: Identity | None = None  # what the open transaction was set to
    binds_on_server = False  # whether values go beside the text of a statement (exodrive.db.together)
    _used_before = False  # comes from the pool, and nobody has asked anything since

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection from the pool may carry its last user's identity: forget what we knew."""
        gate.pass_through()
        try:
            with at_most(CHECK):
                connection = super().get_new_connection(conn_params)
        except PoolTimeout:
            gate.doubt()
            raise
        self._session_identity = self._transaction_identity = None
        self._used_before = bool(self.settings_dict["OPTIONS"].get("pool")) and not self._behind_pooler
        if self._behind_pooler:
            connection.cursor_factory = PooledCursor
        return connection

    @property
    def _behind_pooler(self) -> bool:
        """Whether the session is not ours beyond a transaction (DATABASE_POOLER)."""
        return self.settings_dict.get("POOLER") == TRANSACTION

    def _sync_identity(self) -> None:
        connection, wanted = self.connection, current()
        if connection is None or connection.closed:
            return
        if self._behind_pooler and connection.autocommit:
            return  # each statement brings it along
        if (self._transaction_identity or self._session_identity) == wanted:
            return
        if connection.info.transaction_status == TransactionStatus.INERROR:
            return  # only ROLLBACK is possible now
        local = not connection.autocommit
        if self._behind_pooler:
            connection.execute(SET_LOCALLY, values_of(wanted))
            self._transaction_identity = wanted
            return
        values = (wanted.database_role, *wanted[1:])
        self._say(connection, [x for value in values for x in (value, local)])
        if local:
            self._transaction_identity = wanted
        else:
            self._session_identity, self._transaction_identity = wanted, None

    def _say(self, connection: Any, values: list[Any]) -> None:
        if not self._used_before:
            connection.execute(SET_IDENTITY, values)
            return
        try:
            connection.execute(LEAVE_NOTHING + SET_IDENTITY, values)
        except psycopg.Error:
            connection.close()  # the pool takes another one
            raise
        self._used_before = False

    def create_cursor(self, name: str | None = None) -> Any:
        """Every query passes here."""
        self._sync_identity()
        brings_identity = self._behind_pooler and self.connection.autocommit  # only the pooler's cursor does
        if name or not self.binds_on_server or brings_identity:
            return super().create_cursor(name)
        usual, self.connection.cursor_factory = self.connection.cursor_factory, base.ServerBindingCursor
        try:
            return super().create_cursor(name)
        finally:
            self.connection.cursor_factory = usual

    def _set_autocommit(self, autocommit: bool) -> None:
        if not autocommit:
            # Before BEGIN, at session level: the transaction needs no statement of its own.
            with self.wrap_database_errors:
                self._sync_identity()
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _commit(self) -> Any:
        self._transaction_identity = None
        try:
            return super()._commit()  # type: ignore[misc]
        except OperationalError as error:
            if self.connection is None or self.connection.closed:
                error.may_be_saved = True  # type: ignore[attr-defined]  # the answer was lost, not the question
            raise

    def _rollback(self) -> Any:
        self._transaction_identity = None
        return super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._forget()

    def _forget(self) -> None:
        """A rolled back savepoint takes back what was set locally since: send it again."""
        self._transaction_identity = None
        self._session_identity = None
