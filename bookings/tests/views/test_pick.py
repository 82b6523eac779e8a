"""The calendar's rule in Python, by the cases that `static/js/calendar.js` must satisfy as well."""

import json
from datetime import date
from pathlib import Path

import pytest

from bookings.views.date_selection import pick

CASES = json.loads((Path(__file__).parent / "pick_cases.json").read_text())
NOTES = {"": "", "crosses": "is booked, so we started again", "max": "You can book 10 days at most."}


def on(text):
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["what"])
def test_the_rule(case):
    blocked = {on(day) for day in CASES["blocked"]}
    picked = pick(
        on(case["start"]), on(case["end"]), on(case["day"]), blocked=blocked, longest=CASES["longest"]
    )
    assert [picked.start, picked.end] == [on(day) for day in case["then"]]
    assert NOTES[case["note"]] in picked.note
    assert bool(picked.note) == bool(case["note"])
    if "hit" in case:
        assert picked.note.startswith(f"{on(case['hit']):%a} {on(case['hit']).day}")
