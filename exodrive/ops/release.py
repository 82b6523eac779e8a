"""Which release this is, for error reports, log lines and `/readyz`."""

from pathlib import Path


def find_release(folder: Path) -> str:
    """The line in the file VERSION that a deployment left, else the commit of the checkout, else "".

    `RELEASE` in the environment wins over both (settings.py).
    """
    version = folder / "VERSION"
    if version.is_file():
        return version.read_text().strip()
    try:
        return _commit(folder / ".git")[:12]
    except OSError:
        return ""


def _commit(git: Path) -> str:
    """What HEAD stands for, without asking git, which may not be installed."""
    head = (git / "HEAD").read_text().strip()
    name = head.removeprefix("ref: ")
    if name == head:
        return head  # a commit, not a branch
    if (git / name).is_file():
        return (git / name).read_text().strip()
    packed = (git / "packed-refs").read_text().splitlines()
    return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
