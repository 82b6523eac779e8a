"""Both servers together: one folder, one lock, one file with their URLs."""

import fcntl
import json
import os
import secrets
import subprocess
import zlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from exodrive.db import roles
from exodrive.dev.embedded import postgres, redis
from exodrive.dev.embedded.keeping import Keeper
from exodrive.dev.embedded.process import Account, StackError, dropped, service_account, write_private
from exodrive.dev.embedded.surroundings import URL_VARIABLES

LOGINS = {
    "DATABASE_URL": roles.APP,
    "DATABASE_OWNER_URL": roles.OWNER,
    "DATABASE_PUBLIC_URL": roles.PUBLIC_LOGIN,
}
DATABASE = "exodrive"
OUTSIDE = Path("/var/lib")  # for root, when the servers' account cannot reach the working folder
TEST_SLOTS = 20


class Busy(StackError):
    """Another process runs its services in this folder."""


class Stack:
    """The services in the folder `var`, as a context manager; `urls` says where they are.

    `explicit` are the URLs that somebody set: what they name is not embedded. A `disposable` stack does not wait for
    the disk and starts afresh when its files are damaged, or each time (`fresh`). `before` is called when the folder is
    ours and nothing has started yet, `meanwhile` while a new cluster is being made. `clock` is what the servers run
    libfaketime with (`faked_clock`). Raises StackError, Busy when the folder is in use.
    """

    def __init__(
        self,
        var: Path,
        *,
        explicit: Mapping[str, str],
        disposable: bool = False,
        ports: tuple[int, int] = (postgres.PORT, redis.PORT),
        before: Callable[["Stack"], None] | None = None,
        meanwhile: Callable[[], None] | None = None,
        fresh: bool = False,
        clock: Mapping[str, str] | None = None,
    ) -> None:
        self.var, self.disposable, self.ports, self.before = var.resolve(), disposable, ports, before
        self.meanwhile, self.fresh, self.clock = meanwhile, fresh, clock
        self.urls = {name: explicit[name] for name in URL_VARIABLES if explicit.get(name)}
        self.embedded: dict[str, str] = {}
        self.postgres: postgres.Postgres | None = None
        self.valkey: redis.Valkey | None = None
        self.keeper = Keeper()
        self.after_a_kill = False  # the last run in this folder did not stop by itself
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._exit.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exit.close()

    def password(self, name: str) -> str:
        """A random password that stays the same between runs; URL-safe."""
        path = self.var / "passwords.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(18)
            write_private(path, json.dumps(known, indent=1) + "\n")
        return known[name]

    def _start(self) -> None:
        self._open_folder()
        if self.before:
            self.before(self)
        wants_database, wants_redis = "DATABASE_URL" not in self.urls, "REDIS_URL" not in self.urls
        if wants_database or wants_redis:
            home, account = self._home()
            if wants_database:
                self._start_postgres(home, account)
            if wants_redis:
                self._start_valkey(home, account)
        lines = "".join(f"{name}={url}\n" for name, url in self.embedded.items())
        services = self.var / "services.env"
        write_private(services, f"# The embedded services that run now.\n{lines}")
        self._exit.callback(services.unlink, missing_ok=True)
        self.urls |= self.embedded

    def _open_folder(self) -> None:
        try:
            (self.var / "log").mkdir(parents=True, exist_ok=True)
            self.var.chmod(0o755)  # the servers' account passes through; every file with a secret is 0600
            lock = self._exit.enter_context((self.var / "lock").open("a+"))
        except PermissionError as error:
            raise StackError(
                f"{self.var} belongs to another user (root?). Start as that user, or remove the folder."
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Busy(
                f"Exodrive already runs from this folder (process {lock.read().strip() or 'unknown'})."
                f" Stop that one first; its services are in {self.var / 'services.env'}."
            ) from None
        self.after_a_kill = lock.seek(0, 2) > 0
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._exit.callback(lock.truncate, 0)

    def _home(self) -> tuple[Path, Account | None]:
        """Where the data lives and whom the servers run as. Root drops to another account, which must reach both."""
        outside = OUTSIDE / f"exodrive-{zlib.crc32(str(self.var).encode()):08x}"
        account = service_account(self.var / "postgres", outside / "postgres")
        if account is None:
            return self.var, None
        moved = outside.exists() and not (self.var / "postgres").exists()
        if not moved and self._reachable(account):
            return self.var, account
        outside.mkdir(exist_ok=True)
        outside.chmod(0o755)
        write_private(self.var / "data-folder", f"{outside}\n")  # `make clean` removes it
        return outside, account

    def _reachable(self, account: Account) -> bool:
        """Whether the account can pass through `var` and run the binaries (a home folder with 0700 stops both)."""
        script = 'test -x "$1" && "$2" --version && "$3" --version'
        argv = [self.var, postgres.binaries() / "postgres", redis.binary()]
        try:
            done = subprocess.run(  # noqa: S603
                ["/bin/sh", "-c", script, "sh", *map(str, argv)],
                cwd="/",
                capture_output=True,
                check=False,
                **dropped(account),
            )
        except OSError:
            return False
        return done.returncode == 0

    def _start_postgres(self, home: Path, account: Account | None) -> None:
        binaries = postgres.binaries()
        if home != self.var:
            binaries = postgres.copy_binaries(binaries, home / "binaries")
        server = postgres.Postgres(
            home,
            bin_folder=binaries,
            account=account,
            log=self.var / "log" / "postgres.log",
            password=self.password("postgres"),
            durable=not self.disposable,
            port=self.ports[0],
            meanwhile=self.meanwhile,
            clock=self.clock,
        )
        self.postgres = server
        if self.fresh and server.data.exists():
            server.wipe()
        self.keeper.add("PostgreSQL", server)
        self._exit.callback(server.stop)
        try:
            self._start_and_bootstrap(server)
        except (StackError, psycopg.Error):
            if not self.disposable or not server.data.exists():
                raise
            server.stop()
            server.wipe()
            self._start_and_bootstrap(server)

    def _start_and_bootstrap(self, server: postgres.Postgres) -> None:
        server.start()
        try:
            psycopg.connect(server.admin_url, connect_timeout=10).close()
        except psycopg.OperationalError:
            server.stop()  # var/passwords.json was lost or changed since the cluster was made
            server.reset_password()
            server.start()
        logins = {login: self.password(login) for login in roles.LOGINS}
        roles.bootstrap(server.admin_url, database=DATABASE, passwords=logins)
        for name, login in LOGINS.items():
            self.embedded[name] = roles.url_for(
                server.admin_url, login=login, password=logins[login], database=DATABASE
            )

    def _start_valkey(self, home: Path, account: Account | None) -> None:
        binary = redis.binary()
        if home != self.var:
            binary = redis.copy_binary(binary, home / "valkey-binary")
        server = redis.Valkey(
            home,
            server=binary,
            account=account,
            log=self.var / "log" / "valkey.log",
            password=self.password("redis"),
            durable=not self.disposable,
            port=self.ports[1],
            clock=self.clock,
        )
        self.valkey = server
        self.keeper.add("Valkey", server)
        self._exit.callback(server.stop)
        server.start()
        self.embedded["REDIS_URL"] = server.url()


def spare_stack(var: Path, *, explicit: Mapping[str, str], clock: Mapping[str, str] | None = None) -> Stack:
    """A started disposable stack in the first free of `var/test`, `var/test.1`, ...; the caller closes it.

    So tests run beside `make run` and beside another test run of the same folder.
    """
    for slot in range(TEST_SLOTS):
        folder = var / (f"test.{slot}" if slot else "test")
        stack = Stack(folder, explicit=explicit, disposable=True, clock=clock)
        with suppress(Busy):
            return stack.__enter__()
    raise Busy(f"{TEST_SLOTS} test runs are under way in {var}.")
