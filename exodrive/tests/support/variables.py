"""Which environment variables the project reads, and with which defaults: found in its source, not by running it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SETTINGS = ROOT / "exodrive" / "settings.py"
PACKAGES = ("exodrive", "bookings", "cars", "inbox")
READERS = {"env", "env.str", "env.int", "env.bool", "env.float", "env.list"}
VARIABLE = re.compile(r"[A-Z]+(_[A-Z]+)+")
# The machine's, the shell's and libfaketime's own: nobody configures Exodrive with them.
OF_THE_SYSTEM = {"PATH", "LD_PRELOAD", "FAKETIME_SHARED", "CURDIR", "MAKE"}


class Symbol(str):
    """Something that settings compute: shown by its name, also as the beginning of a path."""

    def __truediv__(self, other: str) -> "Symbol":
        return Symbol(f"{self}/{other}".removeprefix("/"))


class Names(dict):
    """The names of settings.py outside of tests and production; what is not known is a symbol."""

    def __missing__(self, name: str) -> Symbol:
        return Symbol(name)


def text_of(default: Any) -> str:
    """As the documents write it."""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, list):
        return ",".join(map(str, default))
    return str(default)


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in READERS


def _names(tree: ast.Module) -> Names:
    names = Names(PRODUCTION=False, TESTING=False, BASE_DIR=Symbol(""), str=str)
    names["env"] = lambda name, default="": default and Symbol(name)
    for node in tree.body:
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        if isinstance(node.value, ast.Constant | ast.Dict):
            try:
                names[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
        elif _is_read(node.value):
            names[node.targets[0].id] = Symbol(node.value.args[0].value)
    return names


def of_settings(source: str) -> Iterator[tuple[str, str]]:
    """(variable, its default as text) for every `env(...)` in settings."""
    tree = ast.parse(source)
    names = _names(tree)
    for node in ast.walk(tree):
        if not _is_read(node):
            continue
        default = next((word.value for word in node.keywords if word.arg == "default"), ast.Constant(""))
        if isinstance(node.args[0], ast.JoinedStr):  # RATE_LIMIT_..., a variable for each entry of the table
            for name, limit in names["RATE_LIMIT_DEFAULTS"].items():
                yield f"RATE_LIMIT_{name.upper()}", limit
        else:
            expression = compile(ast.Expression(default), "settings.py", "eval")
            yield node.args[0].value, text_of(eval(expression, {}, names))


def of_module(source: str) -> Iterator[tuple[str, str | None]]:
    """(variable, default, or None where none is given) for every look into `os.environ`.

    A module that looks up names which it computes is taken to read every variable that it names anywhere.
    """
    tree = ast.parse(source)
    found = [look for node in ast.walk(tree) for look in _looks(node)]
    for asked, default in found:
        if isinstance(asked, ast.Constant):
            yield asked.value, default
    if any(not isinstance(asked, ast.Constant) for asked, _ in found):
        words = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        yield from ((word, None) for word in words if VARIABLE.fullmatch(word))
    yield from ((f"{prefix}*", None) for node in ast.walk(tree) for prefix in _prefixes(node))


def _is_environ(node: ast.AST) -> bool:
    return ast.unparse(node) in {"os.environ", "environ"}


def _looks(node: ast.AST) -> Iterator[tuple[ast.expr, str | None]]:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_environ(node.value):
        yield node.slice, None
    elif isinstance(node, ast.Compare) and any(_is_environ(side) for side in node.comparators):
        yield node.left, None
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        environ_get = node.func.attr == "get" and _is_environ(node.func.value)
        if environ_get or ast.unparse(node.func) == "os.getenv":
            literal = node.args[1:] and isinstance(node.args[1], ast.Constant)
            yield node.args[0], text_of(node.args[1].value) if literal else None


def _prefixes(node: ast.AST) -> Iterator[str]:
    """`... for name in os.environ.items() if name.startswith("ANYMAIL_")`"""
    if not isinstance(node, ast.comprehension) or "environ" not in ast.unparse(node.iter):
        return
    for call in (
        call for condition in node.ifs for call in ast.walk(condition) if isinstance(call, ast.Call)
    ):
        if ast.unparse(call.func).endswith(".startswith") and isinstance(call.args[0], ast.Constant):
            yield call.args[0].value


def of_shell(text: str) -> Iterator[tuple[str, str | None]]:
    """`${PORT:-8000}` and `${PROBES_BIND:+...}` in the Procfile and in scripts."""
    yield from re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", text)
    yield from ((name, None) for name in re.findall(r"\$\{([A-Z_]+):\+", text))


def of_makefile(text: str) -> Iterator[tuple[str, str | None]]:
    """What a Makefile uses and does not set itself, and what it sets only when nobody else did."""
    text = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    yield from ((name, value) for name, value in re.findall(r"^([A-Z_]+) \?= (\S+)", text, re.MULTILINE))
    used = set(re.findall(r"\$\(([A-Z_]+)\)|\$\$([A-Z_]+)", text))
    own = set(re.findall(r"^(?:export )?([A-Z_]+) [:?]?=", text, re.MULTILINE))
    yield from ((name, None) for name in sorted({a or b for a, b in used} - own))


def sources() -> Iterator[Path]:
    """The modules that may read the environment: not tests, but their top-level switches."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts):
                yield path
    yield from (ROOT / "conftest.py", ROOT / "manage.py")


def reads() -> Iterator[tuple[str, str, str | None]]:
    """(file, variable, default or None) for everything that the project reads."""
    found = [("exodrive/settings.py", *read) for read in of_settings(SETTINGS.read_text())]
    for path in sources():
        found += [(str(path.relative_to(ROOT)), *read) for read in of_module(path.read_text())]
    for name in ("Procfile", ".ci/run"):
        found += [(name, *read) for read in of_shell((ROOT / name).read_text())]
    found += [("Makefile", *read) for read in of_makefile((ROOT / "Makefile").read_text())]
    yield from (read for read in found if read[1] not in OF_THE_SYSTEM)
