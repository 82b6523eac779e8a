"""How the figures are printed, each beside what is expected of it."""

from typing import Any

from exodrive.dev.bench.figures import Figures
from exodrive.dev.bench.over_http import Answers

P95_LIMIT_MS = 300


class Report:
    """Lines of a table, written as they are found."""

    def __init__(self, out: Any, figures: Figures | None = None) -> None:
        self.out, self._figures = out, figures

    @property
    def figures(self) -> Figures:
        """Where numbers are kept for the next run. Raises ValueError for a report that keeps none."""
        if self._figures is None:
            raise ValueError("This report keeps no figures")
        return self._figures

    def table(self, name: str, *columns: str, note: str = "") -> None:
        """One line."""
        self.out.write(f"{name:44}" + "".join(f"{column:>13}" for column in columns) + f"   {note}".rstrip())
        self.out.flush()

    def answers(self, name: str, answers: Answers, expected: int = 200) -> None:
        """How long they took."""
        if not answers.seconds:
            self.table(name, note=f"no answer {expected}: {dict(answers.statuses)}")
            return
        figures = [answers.percentile(share) for share in (0.50, 0.95, 0.99)]
        self.figures.add(f"{name}, p50 ms", figures[0])
        self.figures.add(f"{name}, p95 ms", figures[1])
        self.figures.add(f"{name}, per second", answers.per_second)
        others = {status: count for status, count in answers.statuses.items() if status != expected}
        fine = f"p95 < {P95_LIMIT_MS} ms expected: {verdict(figures[1] < P95_LIMIT_MS)}"
        self.table(
            f"{name} ({len(answers.seconds)} requests)",
            *(f"{figure:.0f} ms" for figure in figures),
            f"{answers.per_second:.0f}",
            note=fine + (f"; other answers: {others}" if others else ""),
        )


def verdict(fine: bool) -> str:
    """A NO is to be seen."""
    return "yes" if fine else "NO"
