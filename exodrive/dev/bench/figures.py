"""What was measured, kept beside what was measured here before, so that a change is read as a ratio.

The clock of a shared machine says little; two runs after each other on the same one say how they compare.
"""

import json
from collections.abc import Iterator
from pathlib import Path


class Figures:
    """Numbers by name, in the order they were found. `quick` runs are compared with quick ones only."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.file = folder / ("quick.json" if quick else "full.json")
        self.found: dict[str, float] = {}

    def add(self, name: str, value: float) -> None:
        """One number; what is larger is named for what is better or worse by its unit."""
        self.found[name] = value

    def against_the_last(self) -> Iterator[tuple[str, float, float, float]]:
        """(name, before, now, now / before) of what the last run in this folder measured, too."""
        try:
            before: dict[str, float] = json.loads(self.file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            before = {}
        for name, now in self.found.items():
            if before.get(name):
                yield name, before[name], now, now / before[name]

    def keep(self) -> None:
        """For the next run to compare itself with."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.found, indent=1) + "\n")
