"""Every environment variable that is read is documented once, with its real default, and no other is."""

import re
from collections import Counter

import pytest

from exodrive.tests.support.variables import ROOT, of_makefile, of_module, of_settings, of_shell, reads

README = (ROOT / "README.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
NAME = r"[A-Z]+(?:_[A-Z]+)*(?:_\*)?"


def rows(text: str) -> list[tuple[str, str]]:
    """(variable, documented default; "" for –) for each row of the tables."""
    found = re.findall(rf"^\| `({NAME})`(?: ●)? \| (`[^`]*`|–) \|", text, re.MULTILINE)
    return [(name, "" if default == "–" else default.strip("`")) for name, default in found]


def documented() -> list[tuple[str, str]]:
    return rows(README) + rows((ROOT / "docs" / "configuration.md").read_text())


def differences(documented: list[tuple[str, str]], reads: list[tuple[str, str, str | None]]) -> list[str]:
    """One line for each that is missing, that nobody reads, or whose default is another one."""
    pages, read = dict(documented), {name for _, name, _ in reads}
    found = [f"{name} is not documented" for name in sorted(read - pages.keys())]
    found += [f"nobody reads {name}" for name in sorted(pages.keys() - read)]
    found += [
        f"{name} stands twice" for name, count in Counter(name for name, _ in documented).items() if count > 1
    ]
    for file, name, default in reads:
        if name in pages and default is not None and default != pages[name]:
            found.append(f"{name} is {default!r} in {file} and documented as {pages[name]!r}")
    return found


def test_documents_and_code_agree():
    assert differences(documented(), list(reads())) == []


def test_readme_keeps_twelve():
    assert len(rows(README)) == 12


def test_every_variable_of_the_tables_is_understood():
    text = README + (ROOT / "docs" / "configuration.md").read_text()
    assert len(re.findall(r"^\| `[A-Z]", text, re.MULTILINE)) == len(documented())


def test_the_example_names_what_is_read():
    named = re.findall(rf"^#?({NAME})=", EXAMPLE, re.MULTILINE)
    assert set(named) - {name for _, name, _ in reads()} == set()
    marked = re.findall(rf"^\| `({NAME})` ● ", README, re.MULTILINE)
    assert set(marked) - set(named) == set()


def test_the_example_shows_defaults_where_it_says_so():
    block = EXAMPLE.partition("# As they are by default:\n")[2].partition("\n\n")[0]
    shown = re.findall(rf"^#({NAME})=(.*)$", block, re.MULTILINE)
    pages = dict(documented())
    assert len(shown) == len(block.splitlines())
    assert [(name, pages[name]) for name, _ in shown] == shown


@pytest.mark.parametrize(
    ("documented", "reads", "line"),
    [
        ([], [("a.py", "NEW_ONE", "1")], "NEW_ONE is not documented"),
        ([("OLD_ONE", "1")], [], "nobody reads OLD_ONE"),
        ([("A", "1")], [("a.py", "A", "2")], "A is '2' in a.py and documented as '1'"),
        ([("A", "1"), ("A", "1")], [("a.py", "A", "1")], "A stands twice"),
    ],
)
def test_a_difference_is_found(documented, reads, line):
    assert differences(documented, reads) == [line]


def test_defaults_of_settings_are_those_outside_of_tests_and_production():
    source = """
SECRET = "none"
PRODUCTION = env("ENVIRONMENT", default="development") == "production"
VAR = Path(env("VAR", default=str(BASE_DIR / "var")))
KEY = env("KEY", default=SECRET)
SECONDS = env.float("SECONDS", default=40.0 if TESTING else 3.6)
HOSTS = env.list("HOSTS", default=[] if PRODUCTION else ["*", "+"])
URL = env("URL", default=f"http://host:{env('PORT', default='8000')}")
OTHER_URL = env("OTHER", default=URL)
ON = env.bool("ON", default=PRODUCTION)
BACKEND = env("BACKEND", default="a" if env("API", default="") else "b")
MEDIA = env("MEDIA", default=str(VAR_DIR / "media"))
RATE_LIMIT_DEFAULTS = {"read": "600/minute"}
RATE_LIMITS = {name: env(f"RATE_LIMIT_{name.upper()}", default=d) for name, d in RATE_LIMIT_DEFAULTS.items()}
"""
    assert dict(of_settings(source)) == {
        "ENVIRONMENT": "development",
        "VAR": "var",
        "KEY": "none",
        "SECONDS": "3.6",
        "HOSTS": "*,+",
        "URL": "http://host:PORT",
        "PORT": "8000",
        "OTHER": "URL",
        "ON": "false",
        "BACKEND": "b",
        "API": "",
        "MEDIA": "VAR_DIR/media",
        "RATE_LIMIT_READ": "600/minute",
    }


def test_every_way_of_looking_into_the_environment_is_seen():
    source = """
a = os.environ.get("WITH_DEFAULT", "x"), os.getenv("GOT"), os.environ["NEEDED"], environ.get("BARE")
b = "ASKED" in os.environ, {n: v for n, v in os.environ.items() if n.startswith("OTHERS_")}
os.environ["WRITTEN"] = "1"
"""
    assert dict(of_module(source)) == {
        "WITH_DEFAULT": "x", "GOT": None, "NEEDED": None, "BARE": None, "ASKED": None, "OTHERS_*": None,
    }  # fmt: skip
    assert dict(of_module('NAMES = ["ONE_NAME", "x"]\nfound = [os.environ.get(n) for n in NAMES]')) == {
        "ONE_NAME": None
    }


def test_shell_and_make_read_the_environment_too():
    assert list(of_shell('run --port "${PORT:-8000}" ${ELSE}')) == [("PORT", "8000")]
    assert dict(of_makefile("OWN := 1\nUV ?= uv\nall:\n\t$(OWN) $(UV) $(MORE) $$PY")) == {
        "UV": "uv", "MORE": None, "PY": None,
    }  # fmt: skip
