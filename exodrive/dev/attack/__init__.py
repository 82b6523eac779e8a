"""What `manage.py attack` does to a site: each module here is an attack, and says whether the wall held.

An attack is `run(site) -> list[str]`: a sentence for everything that gave way, none when the wall held. `UNPROTECTED` is the
environment of a site without that wall, which `run` must find something wrong with: otherwise it would prove nothing. A
wall that no environment takes away is taken away by `weaken(site)`; such an attack needs a site of its own.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple


class Attack(NamedTuple):
    """One module of this package."""

    name: str
    run: Callable[[Any], list[str]]
    unprotected: Mapping[str, str]
    weaken: Callable[[Any], None] | None


def all_attacks() -> list[Attack]:
    """Every module of this package that attacks, by name."""
    modules = {found.name: import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)}
    return [
        Attack(name, module.run, module.UNPROTECTED, getattr(module, "weaken", None))
        for name, module in sorted(modules.items())
        if hasattr(module, "run")
    ]
