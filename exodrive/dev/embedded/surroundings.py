"""What an environment says of services that run already, and of the clock."""

from collections.abc import Mapping
from pathlib import Path

URL_VARIABLES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PUBLIC_URL", "REDIS_URL")


def faked_clock(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that moves the clock of a process: nothing, unless libfaketime is preloaded."""
    if "libfaketime" not in environ.get("LD_PRELOAD", ""):
        return {}
    ours = {name: value for name, value in environ.items() if name.startswith(("FAKETIME", "NO_FAKE_"))}
    ours.pop("FAKETIME_SHARED", None)  # memory of the account that started it
    return {"LD_PRELOAD": environ["LD_PRELOAD"], **ours}


def explicit_urls(environ: Mapping[str, str], var: Path) -> dict[str, str]:
    """The service URLs that somebody set, as opposed to those that settings read from `var/services.env`."""
    written = services_env(var)
    return {
        name: environ[name]
        for name in URL_VARIABLES
        if environ.get(name) and environ[name] != written.get(name)
    }


def services_env(var: Path) -> dict[str, str]:
    """The URLs of the stack that runs, or was killed, in `var`."""
    try:
        lines = (var / "services.env").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
