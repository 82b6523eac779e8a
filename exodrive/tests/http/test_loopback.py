"""A site with published secrets is not served to the net, however it is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as given
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import RequestFactory

from exodrive.checks import is_loopback, refuse_open_development
from exodrive.http.loopback import LoopbackMiddleware

PUBLISHED = given.DEVELOPMENT_SECRET
HERE = ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "/run/exodrive.sock", "::ffff:127.0.0.1"]
EVERYWHERE = ["0.0.0.0", "::", "[::]", "", "10.0.0.5", "rent.example", "::ffff:10.0.0.5", "localhost.example"]


@pytest.fixture
def published(settings):
    settings.SECRET_KEY = settings.LINK_KEY = PUBLISHED
    return settings


def test_what_is_this_machine():
    assert ([is_loopback(host) for host in HERE], [is_loopback(host) for host in EVERYWHERE]) == (
        [True] * len(HERE),
        [False] * len(EVERYWHERE),
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", PUBLISHED, "the published SECRET_KEY"),
        ("LINK_KEY", PUBLISHED, "the published LINK_KEY"),
        ("DEBUG", True, "DEBUG"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS"),
    ],
)
def test_each_of_them_is_enough(settings, name, value, said):
    refuse_open_development("0.0.0.0")
    setattr(settings, name, value)
    refuse_open_development("127.0.0.1")
    with pytest.raises(ImproperlyConfigured, match=said):
        refuse_open_development("0.0.0.0")


def answer(**meta):
    middleware = LoopbackMiddleware(lambda request: HttpResponse())
    return middleware(RequestFactory().get("/", **meta)).status_code


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": ""}, 200),
        ({"REMOTE_ADDR": "192.0.2.7"}, 403),
        ({"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 403),
        ({"HTTP_FORWARDED": "for=192.0.2.7"}, 403),
        ({"HTTP_X_REAL_IP": "192.0.2.7"}, 403),
    ],
)
def test_whoever_serves_it_only_this_machine_is_answered(meta, status):
    assert answer(**meta) == status


def test_with_secrets_of_its_own_everybody_is():
    with pytest.raises(MiddlewareNotUsed):
        answer(REMOTE_ADDR="192.0.2.7")


@pytest.mark.usefixtures("published")
def test_runserver_listens_on_this_machine_only():
    with pytest.raises(CommandError, match="the published SECRET_KEY and the published LINK_KEY"):
        call_command("runserver", "0.0.0.0:0", "--noreload")


def started(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "LINK_KEY", "ENVIRONMENT")}
    kept["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return subprocess.run(
        command,
        cwd=given.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("preload", [True, False])
def test_gunicorn_does_not_even_listen(preload):
    line = next(
        line
        for line in (Path(given.BASE_DIR) / "Procfile").read_text().splitlines()
        if line.startswith("web:")
    )
    command = line.removeprefix("web: ") if preload else line.removeprefix("web: ").replace("--preload", "")
    done = started("/bin/sh", "-c", f"exec {command}", PORT="0")
    assert done.returncode == 1
    assert (
        "Development listens on 0.0.0.0 with the published SECRET_KEY and the published LINK_KEY"
        in done.stderr
    )
    assert "Listening at" not in done.stderr


def test_a_misspelt_environment_is_no_development():
    done = started(sys.executable, "manage.py", "check", ENVIRONMENT="prod")
    assert done.returncode
    assert "ENVIRONMENT is 'prod'; it must be development or production." in done.stderr


def test_development_answers_to_this_machines_names_only():
    code = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    done = started(sys.executable, "-c", code, DJANGO_SETTINGS_MODULE="exodrive.settings")
    assert done.stdout.strip() == "['localhost', '127.0.0.1', '::1']"
