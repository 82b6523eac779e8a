"""`manage.py start` (`make run`): the whole site on a machine that has nothing but Python.

Services, roles, migrations, catalogues, demo fleet, static files, a staff login; then the Procfile's processes. Ctrl-C
stops all of it. For trying and developing; production runs the Procfile under its own process manager (README).
"""

import http.client
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from exodrive.checks import live_keys
from exodrive.db import zones
from exodrive.db.unreachable import in_words
from exodrive.dev.embedded import prepare
from exodrive.dev.embedded.lowered import application_account, give
from exodrive.dev.embedded.process import HOST, Account, StackError, can_listen
from exodrive.dev.embedded.stack import Stack
from exodrive.dev.embedded.supervisor import Supervisor, read_procfile
from exodrive.dev.embedded.surroundings import explicit_urls
from exodrive.rls import as_owner

FIRST = "web"  # alone until it answers: the other processes would only slow it down


class Command(BaseCommand):
    """Honours PORT, STAFF_EMAIL, STAFF_PASSWORD, DATABASE_URL with DATABASE_OWNER_URL, and REDIS_URL."""

    help = "Start everything: embedded services, database, demo fleet, web, worker and beat."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Returns when a signal asked to stop; raises CommandError when something could not start or went away."""
        self.stop = StopRequest()
        self.stop.listen()
        port, urls = _port(), explicit_urls(os.environ, settings.VAR_DIR)
        try:
            with Stack(
                settings.VAR_DIR,
                explicit=urls,
                before=lambda stack: _need(port, stack),
                meanwhile=django.setup,
            ) as stack:
                self._run(stack, port)
        except KeyboardInterrupt:
            self._say("Stopped.")
        except (psycopg.OperationalError, OperationalError) as error:
            owner = bool(urls.get("DATABASE_OWNER_URL"))
            variable = "DATABASE_OWNER_URL" if owner else "DATABASE_URL"
            raise CommandError(in_words(error, settings.DATABASES["default"], variable)) from None
        except StackError as error:
            raise CommandError(str(error).strip()) from None

    def _run(self, stack: Stack, port: int) -> None:
        prepare.point_django_at(stack.urls)
        account = self._lowered()
        supervisor = Supervisor(
            read_procfile(settings.BASE_DIR / "Procfile"),
            env=_environment(stack, port),
            folder=settings.BASE_DIR,
            obey=lambda: self._look_after(stack),
            account=account,
        )
        try:
            login = self._prepare_beside(supervisor, stack)
            supervisor.wait_until(lambda: _answers(port), seconds=60, what="The web server did not answer")
            self._welcome(port, *login)
            for name in supervisor.commands:
                if name != FIRST:
                    supervisor.start(name)
            supervisor.wait()
        except KeyboardInterrupt:
            self._say("Stopping ...")
            raise
        finally:
            supervisor.stop()

    def _prepare_beside(self, supervisor: Supervisor, stack: Stack) -> tuple[str, str]:
        """Prepare what the web process serves while it reads its code; it waits at its gate until that is done.

        At the very first start there is no bytecode yet, and two processes that make it would be slower than one.
        """
        gate, opener = os.pipe()
        files: Callable[[], bool] = prepare.collect_static
        try:
            if stack.postgres and stack.postgres.made:
                django.setup()
                files = prepare.in_a_copy(prepare.collect_static)
            supervisor.start(FIRST, gate=gate)
            django.setup()
            with as_owner():
                login = self._prepare(stack, files)
                for warning in zones.warnings():
                    self._say(f"Warning: {warning.msg}")
            connections.close_all()
            supervisor.check()
        finally:
            os.close(gate)
            os.close(opener)
        return login

    def _look_after(self, stack: Stack) -> None:
        """Again and again while the site runs: stop when that was asked for, else see that the servers live."""
        self.stop.obey()
        stack.keeper.look(self._say)

    def _lowered(self) -> Account | None:
        """Whom web, worker and beat run as when we are root, with folders of their own to write to."""
        account = application_account()
        if account:
            give([settings.VAR_DIR / "mail", settings.VAR_DIR / "run", Path(settings.MEDIA_ROOT)], account)
        elif os.geteuid() == 0:
            self._say("Warning: web, worker and beat run as root: this machine lets them be nobody else.")
        return account

    def _prepare(self, stack: Stack, files: Callable[[], bool]) -> tuple[str, str]:
        steps: list[tuple[str, Callable[[], bool]]] = [
            ("Database is up to date", prepare.migrate),
            ("Translations are compiled", prepare.compile_messages),
            ("Demo fleet is loaded", prepare.seed),
            ("Static files are collected", files),
        ]
        for done, step in steps:
            self.stop.obey()
            if step():
                self._say(f"{done}.")
        return prepare.staff_login(
            email=os.environ.get("STAFF_EMAIL", ""),
            password=os.environ.get("STAFF_PASSWORD", ""),
            generated=stack.password("staff"),
        )

    def _welcome(self, port: int, email: str, password: str) -> None:
        site = f"http://{HOST}:{port}"
        self._say(
            f"\n  Exodrive    {site}/\n  Staff       {site}/staff/\n  Admin       {site}/admin/\n"
            f"  Login       {email}   {password}\n  Mails       {settings.VAR_DIR / 'mail'}\n"
            f"  Payments    {_payments()}\n\n  Ctrl-C stops it.\n"
        )

    def _say(self, text: str) -> None:
        with suppress(OSError):  # the terminal may be gone
            self.stdout.write(text)
            self.stdout.flush()


class StopRequest:
    """The first Ctrl-C, SIGTERM or closed terminal interrupts; more of them do not disturb the stopping.

    An interrupt can get lost where Python ignores exceptions (in a destructor, say), so the request is also kept.
    """

    made = False

    def listen(self) -> None:
        """Take over the signals. A launcher under nohup outlives its terminal."""
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:
                signal.signal(signum, self._interrupt)

    def _interrupt(self, signum: int, frame: Any) -> None:
        if not self.made:
            self.made = True
            raise KeyboardInterrupt

    def obey(self) -> None:
        """Raise KeyboardInterrupt when a stop was asked for, in case that the first one got lost."""
        if self.made:
            raise KeyboardInterrupt


def _payments() -> str:
    """What customers can pay with here."""
    on = os.environ.get("PAYMENTS_SANDBOX", "1" if _may_try_payments() else "0") not in (
        "0",
        "",
        "off",
        "false",
    )
    return "sandbox: the whole way to pay, and no money moves" if on else ", ".join(settings.PAYMENT_METHODS)


def _port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def _need(port: int, stack: Stack) -> None:
    # The web server of a run that was killed may still be closing.
    if not can_listen(port, seconds=10 if stack.after_a_kill else 0):
        raise StackError(f"Port {port} is taken. Choose another one: PORT=8001 make run")


def _environment(stack: Stack, port: int) -> dict[str, str]:
    """For the children: where the services are, and the programs of this virtual environment first."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {"WEB_HOST": HOST, **os.environ, **stack.urls, "PATH": path, "PORT": str(port)}
    environment["PYTHONUNBUFFERED"] = "1"
    environment.setdefault("PAYMENTS_SANDBOX", "1" if _may_try_payments() else "0")
    if environment["PAYMENTS_SANDBOX"] == "1":
        environment.setdefault("PAYMENT_METHODS", "sandbox,pick_up")
    if os.geteuid() == 0:
        environment |= {"RUN_DIR": str(settings.VAR_DIR / "run"), "HOME": "/"}
        (settings.VAR_DIR / "run").mkdir(parents=True, exist_ok=True)
        # Celery's advice is for production
        environment["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
    return environment


def _may_try_payments() -> bool:
    """The whole paid funnel without keys, unless there are keys that move money."""
    return not settings.PRODUCTION and not live_keys()


def _answers(port: int) -> bool:
    request = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        request.request("GET", "/")
        request.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        request.close()
    return True
