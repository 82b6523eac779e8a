"""The documents say what the code does."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_readme_explains_every_setting() -> None:
    asked = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', (ROOT / "exodrive" / "settings.py").read_text()))
    asked |= set(re.findall(r"\$\{([A-Z_]+):-", (ROOT / "Procfile").read_text()))
    table = (ROOT / "README.md").read_text().partition("## Configuration")[2].partition("## Deployment")[0]
    explained = set(re.findall(r"`([A-Z_]{3,})`", table))
    assert asked - explained == set()


def test_links_between_documents_lead_somewhere() -> None:
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    broken = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_locks_have_hashes_and_nothing_of_the_machine_that_made_them() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-embedded.txt"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^[\w.\[\],-]+==\S+", text, re.MULTILINE)
        pinned_with_hash = re.findall(
            r"^[\w.\[\],-]+==\S+(?: ; [^\\\n]+)? \\\n    --hash=sha256:", text, re.MULTILINE
        )
        assert (len(pins), "file:" in text, "index-url" in text) == (len(pinned_with_hash), False, False)
        assert pins
