"""Every attack is withstood by the site that we ship, and hurts one whose wall was taken away."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from exodrive.dev.attack import Attack, all_attacks
from exodrive.dev.drill.site import Site
from exodrive.management.commands.attack import AS_IN_PRODUCTION, CARS
from exodrive.tests.conftest import ROOT, remove_folder

each_attack = pytest.mark.parametrize("attack", all_attacks(), ids=lambda attack: attack.name)


@contextmanager
def site_with(**environment: str) -> Iterator[Site]:
    folder = ROOT / "var" / f"scratch-{uuid4().hex[:8]}"
    with Site(folder, cars=CARS, **{**AS_IN_PRODUCTION, **environment}) as site:
        site.start("web")
        yield site
    remove_folder(folder)


@pytest.mark.alone
@pytest.mark.usefixtures("only_in_soak")
@each_attack
def test_the_wall_holds(attack: Attack) -> None:
    with site_with() as site:
        assert attack.run(site) == []


@pytest.mark.alone
@pytest.mark.usefixtures("only_in_soak")
@each_attack
def test_without_the_wall_the_attack_is_seen(attack: Attack) -> None:
    with site_with(**attack.unprotected) as site:
        if attack.weaken:
            attack.weaken(site)
        assert attack.run(site)


@pytest.mark.parametrize(
    "arguments", [["no-such-attack"], ["--url", "https://example.com"], ["--url", "example.com"]]
)
def test_what_cannot_be_attacked_is_refused(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("attack", *arguments)
