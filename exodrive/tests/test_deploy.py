"""The units of systemd start what the Procfile starts, and systemd understands them."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from exodrive.dev.embedded.supervisor import read_procfile

ROOT = Path(settings.BASE_DIR)
UNITS = sorted((ROOT / "deploy").glob("exodrive-*"))
HOME = "/srv/exodrive"


def values(unit: Path, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", unit.read_text(), re.MULTILINE)


def started(unit: Path) -> list[str]:
    (line,) = values(unit, "ExecStart")
    return shlex.split(line.removeprefix(f"{HOME}/.venv/bin/"))


def plain(command: str) -> list[str]:
    """The Procfile's words, with its defaults as systemd has them: it knows no `${NAME:-default}`."""
    without = re.sub(r"\$\{\w+:\+[^}]*\}", "", command)
    return shlex.split(re.sub(r"\$\{(\w+):-[^}]*\}", r"${\1}", without))


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_unit_starts_what_the_procfile_starts(name: str) -> None:
    unit, command = ROOT / "deploy" / f"exodrive-{name}.service", read_procfile(ROOT / "Procfile")[name]
    assert started(unit) == plain(command)
    said = dict(pair.split("=") for line in values(unit, "Environment") for pair in line.split())
    assert said.keys() == set(re.findall(r"\$\{(\w+)\}", " ".join(started(unit))))
    defaults = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", command)) | {"WEB_HOST": "127.0.0.1"}
    assert {name: value for name, value in said.items() if defaults[name] != value} == {}


def test_only_commands_get_the_owner() -> None:
    with_owner = [unit.name for unit in UNITS if "/etc/exodrive/owner.env" in values(unit, "EnvironmentFile")]
    assert with_owner == ["exodrive-backup.service"]


def test_nothing_runs_as_root_or_may_become_it() -> None:
    services = [unit for unit in UNITS if unit.suffix == ".service"]
    assert len(services) == 4
    for unit in services:
        assert (values(unit, "User"), values(unit, "NoNewPrivileges")) == (["exodrive"], ["true"])


def test_systemd_understands_them(tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        missing = "THE UNITS WERE NOT CHECKED: no systemd-analyze found (apt-get install systemd)."
        (pytest.fail if os.environ.get("CI", "").lower() in {"1", "true"} else pytest.skip)(missing)
    for unit in UNITS:
        text = unit.read_text().replace(f"{HOME}/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(text.replace(HOME, str(ROOT)))
    done = subprocess.run(
        [systemd, "verify", "--recursive-errors=no", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True,
        text=True,
    )
    ours = [line for line in done.stderr.splitlines() if "exodrive" in line]
    assert (done.returncode, ours) == (0, [])
