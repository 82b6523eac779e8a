"""`manage.py start` and the supervisor under it."""

import http.client
import os
import pwd
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exodrive import wsgi
from exodrive.dev.embedded import prepare
from exodrive.dev.embedded.keeping import OFTEN, Keeper
from exodrive.dev.embedded.lowered import (
    CAP_DAC_READ_SEARCH,
    CAP_NET_BIND_SERVICE,
    application_account,
    become,
    give,
)
from exodrive.dev.embedded.process import HOST, StackError, descendants
from exodrive.dev.embedded.supervisor import Stopped, Supervisor, read_procfile
from exodrive.management.commands.start import StopRequest

ROOT = Path(__file__).resolve().parents[3]
Starter = Callable[..., subprocess.Popen[str]]


def supervisor(folder: Path, **commands: str) -> Supervisor:
    return Supervisor(commands, env={"PATH": os.environ["PATH"], "FOLDER": str(folder)}, folder=folder)


def test_procfile_names_every_process() -> None:
    commands = read_procfile(ROOT / "Procfile")
    assert {name: command.split()[0] for name, command in commands.items()} == {
        "web": "gunicorn",
        "worker": "celery",
        "beat": "celery",
    }


def test_output_carries_the_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running = supervisor(folder, web="echo hello", beat="sleep 60")
    running.start("web")
    with pytest.raises(Stopped):
        running.wait()
    running.stop()
    assert capsys.readouterr().out == "web  | hello\n"


@pytest.mark.parametrize(
    ("command", "how"), [("sh -c 'exit 3'", "exit status 3"), ("sh -c 'kill -KILL $$'", "signal SIGKILL")]
)
def test_one_that_ends_is_named(folder: Path, command: str, how: str) -> None:
    running = supervisor(folder, web="sleep 60", worker=command)
    running.start("web")
    running.start("worker")
    with pytest.raises(Stopped, match=rf"worker stopped by itself \({how}\), so everything stops"):
        running.wait()
    running.stop()


def test_stop_ends_what_ignores_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, gone: Callable[[], list[str]]
) -> None:
    monkeypatch.setattr("exodrive.dev.embedded.supervisor.TIMEOUT", 0.5)
    deaf = folder / "deaf"  # there once the trap is set: stopped any earlier, the child would obey
    running = supervisor(
        folder, web=f"sh -c 'trap \"\" TERM; touch {deaf}; sleep 60 & wait; wait'", worker="sleep 60"
    )
    running.start("web")
    running.start("worker")
    running.wait_until(deaf.exists, seconds=10, what="The child did not set its trap")
    running.stop()
    assert gone() == []


def test_each_stops_when_the_one_before_is_done(folder: Path) -> None:
    """Web answers what it has taken, which may need the worker's queue and always needs the database."""
    last_words = "trap 'echo {0} asked >> order; sleep 0.3; echo {0} gone >> order; exit' TERM; touch {0}; sleep 60 & wait"
    names = ["web", "worker", "beat"]
    commands = {
        name: f"sh -c 'cd {folder}; {last_words.format(name)}'".replace("trap '", 'trap "').replace(
            "exit'", 'exit"'
        )
        for name in names
    }
    running = supervisor(folder, **commands)
    for name in reversed(names):  # the Procfile decides, not who came first
        running.start(name)
    running.wait_until(
        lambda: all((folder / name).exists() for name in names), seconds=10, what="The children are not ready"
    )
    running.stop()
    said = (folder / "order").read_text().splitlines()
    assert said == [f"{name} {what}" for name in names for what in ("asked", "gone")]


def test_one_waits_at_its_gate(folder: Path) -> None:
    """The web process reads its code before there is a database to ask."""
    gate, opener = os.pipe()
    running = supervisor(
        folder, web=f"sh -c 'touch {folder}/there; cat /dev/fd/$START_GATE; touch {folder}/served; sleep 60'"
    )
    running.start("web", gate=gate)
    os.close(gate)
    running.wait_until((folder / "there").exists, seconds=10, what="The child did not start")
    with pytest.raises(StackError):
        running.wait_until((folder / "served").exists, seconds=0.3, what="It waited")
    os.close(opener)
    running.wait_until((folder / "served").exists, seconds=10, what="The gate did not open")
    running.stop()


def test_the_site_waits_at_its_gate_and_nobody_inherits_it(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, opener = os.pipe()
    monkeypatch.setenv("START_GATE", str(gate))
    waiting = threading.Thread(target=wsgi.wait_at_the_gate)
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    os.close(opener)
    waiting.join(10)
    assert not waiting.is_alive()
    assert "START_GATE" not in os.environ
    wsgi.wait_at_the_gate()  # without one there is nothing to wait for


def test_a_step_in_a_copy_is_waited_for(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert prepare.in_a_copy(lambda: (folder / "done").touch())() is True
    assert (folder / "done").exists()

    def fail() -> None:
        raise OSError("no room")

    with pytest.raises(StackError):
        prepare.in_a_copy(fail)()
    assert "no room" in capfd.readouterr().err


def test_waiting_has_an_end(folder: Path) -> None:
    running = supervisor(folder, web="sleep 60")
    running.start("web")
    with pytest.raises(StackError, match="The web server did not answer within 0 s"):
        running.wait_until(lambda: False, seconds=0, what="The web server did not answer")
    running.stop()


def test_an_interrupt_that_got_lost_is_obeyed_later(folder: Path) -> None:
    request = StopRequest()
    with pytest.raises(KeyboardInterrupt):
        request._interrupt(signal.SIGINT, None)  # and somebody swallows it
    request._interrupt(signal.SIGINT, None)  # a second one does not disturb
    running = Supervisor({"web": "sleep 60"}, env=dict(os.environ), folder=folder, obey=request.obey)
    running.start("web")
    with pytest.raises(KeyboardInterrupt):
        running.wait()
    running.stop()


@pytest.mark.parametrize("port", ["", "http", "0", "65536"])
def test_a_port_must_be_a_port(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match="it must be a number from 1 to 65535"):
        call_command("start")


@pytest.fixture
def start(folder: Path, gone: Callable[[], list[str]]) -> Iterator[Starter]:
    """A function that runs `manage.py start` in the folder; everything is gone afterwards."""
    with socket.create_server((HOST, 0)) as probe:
        port = probe.getsockname()[1]
    secrets = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in secrets}
    environment |= {
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "STAFF_EMAIL": "Boss@rent.example",
    }
    started: list[subprocess.Popen[str]] = []
    watchdogs: list[threading.Timer] = []

    def run(**extra: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start"],
            cwd=ROOT,
            env=environment | extra,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        watchdog = threading.Timer(240, process.kill)  # a launcher that hangs must not hang the tests
        watchdog.daemon = True
        watchdog.start()
        watchdogs.append(watchdog)
        return process

    yield run
    for watchdog in watchdogs:
        watchdog.cancel()
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()
    gone()


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """What the launcher printed, up to and with the line that contains `text`."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    pytest.fail("".join(lines))


def assert_nobody_is_root(launcher: int) -> None:
    """Web, worker and beat are somebody else, who can write nothing of ours but what was given to them."""
    if application_account() is None:  # not root, or on a machine that lets nobody become another
        return
    found = {}
    for pid in descendants(launcher):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        name = next(
            (word for word in (b"gunicorn", b"worker", b"beat") if any(word in part for part in words)), None
        )
        if name and b"postgres" not in words[0]:
            status = Path(f"/proc/{pid}/status").read_text()
            found.setdefault(name, set()).update(status.partition("Uid:")[2].splitlines()[0].split())
    assert found.keys() == {b"gunicorn", b"worker", b"beat"}
    assert set().union(*found.values()) == {str(pwd.getpwnam("nobody").pw_uid)}


def test_who_is_lowered_reads_but_does_not_write(folder: Path) -> None:
    account = application_account()
    if account is None:
        pytest.skip("only root, on a machine that lets it, can become somebody else")
    (folder / "secret").write_text("ours")
    (folder / "secret").chmod(0o600)
    (folder / "theirs").mkdir()
    (folder / "theirs" / "link").symlink_to(folder / "secret")
    give([folder / "theirs"], account)
    script = (
        "id -u; cat secret; echo; (echo x > secret) 2>/dev/null || echo no; echo x > theirs/mine && echo yes"
    )
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        preexec_fn=become(account, signal.SIGTERM),
    )
    assert done.stdout.split() == [str(account.uid), "ours", "no", "yes"]


def test_who_is_lowered_may_listen_where_root_may() -> None:
    account = application_account()
    if account is None:
        pytest.skip("only root, on a machine that lets it, can become somebody else")
    done = subprocess.run(
        ["/bin/cat", "/proc/self/status"],
        capture_output=True,
        text=True,
        preexec_fn=become(account, signal.SIGTERM),
    )
    kept = int(done.stdout.partition("CapEff:")[2].split()[0], 16)
    assert kept == 1 << CAP_DAC_READ_SEARCH | 1 << CAP_NET_BIND_SERVICE


def assert_dead_servers_come_back(folder: Path, launcher: subprocess.Popen[str], port: int) -> None:
    """Killed as a machine without memory kills; the site answers with its database again."""
    servers = {
        name: pid
        for pid in descendants(launcher.pid)
        for name in ("postgres", "valkey-server")
        if f"/{name}".encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
        and int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) == launcher.pid
    }
    for program, name in (("postgres", "PostgreSQL"), ("valkey-server", "Valkey")):
        os.kill(servers[program], signal.SIGKILL)
        assert f"{name} died: it is started again." in read_until(launcher, f"{name} is back.")
    with closing(http.client.HTTPConnection(HOST, port)) as site:
        site.request("GET", "/readyz")
        assert site.getresponse().status == 200


class Dying:
    """A server that dies as soon as it was started."""

    port, died, starts = 5000, True, 0

    def start(self, *, again: bool = False) -> None:
        assert again
        self.starts += 1


def test_a_server_that_dies_again_and_again_ends_everything() -> None:
    keeper, server, said = Keeper(), Dying(), []
    keeper.add("PostgreSQL", server)
    for _n in range(OFTEN):
        keeper.look(said.append)
    with pytest.raises(StackError, match="PostgreSQL died 4 times within a minute, so everything stops"):
        keeper.look(said.append)
    assert (server.starts, said[:2]) == (
        OFTEN,
        ["PostgreSQL died: it is started again.", "PostgreSQL is back."],
    )


def test_a_server_whose_port_is_gone_ends_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, server = Keeper(), Dying()
    keeper.add("Valkey", server)
    monkeypatch.setattr(server, "start", lambda *, again: setattr(server, "port", 5001))
    with pytest.raises(StackError, match="somebody else took its port 5000"):
        keeper.look(print)


@pytest.mark.alone
def test_a_site_starts_is_killed_recovers_and_stops(
    folder: Path, start: Starter, gone: Callable[[], list[str]]
) -> None:
    """One long test: a start from nothing is the slow part of all of these."""
    first = start(STAFF_PASSWORD="correct-horse")
    said = read_until(first, "Ctrl-C stops it")
    port = int(said.partition(f"http://{HOST}:")[2].partition("/")[0])
    assert "boss@rent.example   (the password in STAFF_PASSWORD)" in said
    assert "correct-horse" not in said
    with closing(http.client.HTTPConnection(HOST, port)) as site:
        site.request("GET", "/en/")
        assert site.getresponse().status == 200
    assert_nobody_is_root(first.pid)

    second = start()
    assert "already runs from this folder" in second.communicate()[0]
    assert second.returncode == 1

    first.send_signal(signal.SIGKILL)
    first.wait()
    third = start()
    assert "password that was set for it" in read_until(third, "Ctrl-C stops it")
    assert_dead_servers_come_back(folder, third, port)
    third.send_signal(signal.SIGINT)
    assert "Stopped." in third.communicate()[0]
    assert (third.returncode, gone()) == (0, [])


def test_a_taken_port_is_named(start: Starter) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        process = start(PORT=str(port))
        assert f"Port {port} is taken" in process.communicate()[0]
    assert process.returncode == 1
