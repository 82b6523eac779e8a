"""`exodrive/dev/install.sh`: by uv where it can, by pip where it must."""

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

SCRIPT = settings.BASE_DIR / "exodrive" / "dev" / "install.sh"


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A virtual environment whose pip writes down what it is asked for, and installs uv when that is it."""
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin" / "python", "exit 9")
    uv = tmp_path / "uv"
    program(uv, f'echo "uv $*" >> {tmp_path}/asked')
    program(
        tmp_path / "pip",
        f'echo "pip $*" >> {tmp_path}/asked; case "$*" in *-uv.txt) cp {uv} {tmp_path}/bin/uv;; esac',
    )
    return tmp_path


def program(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def install(venv: Path, **extra: str) -> tuple[list[str], str]:
    """Who was asked to install `one.txt` and `two.txt`, in order, and what was said."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(venv)} | extra
    done = subprocess.run(
        [SCRIPT, venv, "one.txt", "two.txt"], env=environment, capture_output=True, text=True, check=True
    )
    asked = (venv / "asked").read_text().splitlines()
    for line in asked:
        assert "--require-hashes" in line
    return [f"{line.split()[0]} {' '.join(line.split(' -r ')[1:])}" for line in asked], done.stderr


@pytest.mark.skipif(os.path.exists("/usr/bin/uv"), reason="uv is on this PATH")
def test_uv_is_brought_and_installs(venv: Path) -> None:
    asked, said = install(venv)
    assert asked == [f"pip {settings.BASE_DIR}/requirements-uv.txt", "uv one.txt two.txt"]
    assert said == ""


def test_the_uv_that_is_there_is_taken(venv: Path) -> None:
    assert install(venv, UV=str(venv / "uv")) == (["uv one.txt two.txt"], "")


def test_pip_steps_in_where_uv_fails(venv: Path) -> None:
    program(venv / "uv", "exit 2")
    asked, said = install(venv, UV=str(venv / "uv"))
    assert asked == ["pip one.txt two.txt"]
    assert "pip does" in said


@pytest.mark.parametrize("way", ["variable", "file"])
def test_who_told_pip_of_an_index_is_served_by_pip(venv: Path, way: str) -> None:
    extra = {"UV": str(venv / "uv")}
    if way == "variable":
        extra["PIP_INDEX_URL"] = "https://packages.example/simple"
    else:
        (venv / ".pip").mkdir()
        (venv / ".pip" / "pip.conf").write_text("[global]\nindex-url = https://packages.example/simple\n")
    assert install(venv, **extra) == (["pip one.txt two.txt"], "")
