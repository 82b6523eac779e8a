"""Translation catalogues without gettext's binaries: collecting texts, writing .po, compiling .mo, checking both.

The .po files carry no source locations and no dates and are sorted by text, so that parallel edits merge; .mo files are
made at start and deploy and are not committed. English is the source and has no catalogue.
"""

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("es", "fr", "pt")
SOURCES = ("exodrive", "cars", "bookings", "inbox", "templates")


class Keyword(NamedTuple):
    """Positions of a marking function's arguments."""

    texts: tuple[int, ...]
    context: int | None = None


class Found(NamedTuple):
    """A marked text (or singular and plural), its context, and the comments for translators."""

    text: str | tuple[str, ...]
    context: str | None
    comments: list[str]


KEYWORDS = {
    "_": Keyword((0,)),
    "gettext": Keyword((0,)),
    "gettext_lazy": Keyword((0,)),
    "gettext_noop": Keyword((0,)),
    "ngettext": Keyword((0, 1)),
    "ngettext_lazy": Keyword((0, 1)),
    "pgettext": Keyword((1,), 0),
    "pgettext_lazy": Keyword((1,), 0),
    "npgettext": Keyword((1, 2), 0),
    "npgettext_lazy": Keyword((1, 2), 0),
}
COMMENT_TAGS = ("Translators:",)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdif]|(?<![%\d ])%([sdif])(?!\w)|\{(\w*)\}")
CONFLICT_MARKER = re.compile(rb"^(<{7}|={7}|>{7}|\|{7})( .*)?\n", re.MULTILINE)


def path_of(locale_folder: Path, language: str) -> Path:
    """Where a language's catalogue is."""
    return locale_folder / language / "LC_MESSAGES" / "django.po"


def collect(root: Path) -> Catalog:
    """Every text marked for translation in the project's Python files and templates, tests excepted."""
    catalog = Catalog()
    for path in _sources(root):
        source = path.read_bytes()
        if path.suffix != ".py":
            source = _template_as_python(source.decode(), str(path))
        for found in _extract(source):
            catalog.add(found.text, context=found.context, auto_comments=found.comments)
    return catalog


def load(path: Path) -> Catalog:
    """Read a catalogue. Conflict markers of a merge are dropped: both sides' entries are kept."""
    language = path.parent.parent.name
    if not path.exists():
        return Catalog(locale=language)
    return read_po(io.BytesIO(CONFLICT_MARKER.sub(b"", path.read_bytes())), locale=language)


def update(path: Path, wanted: Catalog) -> bytes:
    """The catalogue's new content: exactly the wanted texts, with the translations that it has for them."""
    old = load(path)
    new = Catalog(locale=old.locale)
    for message in wanted:
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        keep = known is not None and known.pluralizable == message.pluralizable
        new.add(
            message.id,
            known.string if keep and known else None,
            context=message.context,
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known else (),
            flags=("fuzzy",) if known and known.fuzzy else (),
        )
    return po_bytes(new)


def compile_all(locale_folder: Path) -> int:
    """Write the .mo beside every .po that is newer; return how many were written."""
    written = 0
    for po in sorted(locale_folder.glob("*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        draft = mo.with_name(f".{mo.name}.new")
        with draft.open("wb") as file:
            write_mo(file, load(po))
        draft.replace(mo)
        written += 1
    return written


def problems(root: Path, languages: tuple[str, ...] = LANGUAGES) -> list[str]:
    """One line for everything that is missing, fuzzy, stale or would not format; empty when all is well."""
    wanted = collect(root)
    found = []
    for language in languages:
        path = path_of(root / "locale", language)
        have = load(path)
        for message in wanted:
            if message.id:
                known = have.get(message.id, message.context)
                found += [f"{language}: {problem}: {_label(message)}" for problem in _compare(message, known)]
        if not path.exists() or path.read_bytes() != update(path, wanted):
            found.append(f"{language}: {path.relative_to(root)} is stale: run manage.py extract_messages")
    return found


def _compare(wanted: Message, known: Message | None) -> Iterator[str]:
    if known is None or not _strings(known) or not all(_strings(known)):
        yield "no translation"
        return
    if known.fuzzy:
        yield "fuzzy"
    ids = wanted.id if isinstance(wanted.id, (list, tuple)) else [wanted.id]
    allowed = {frozenset(_placeholders(text)) for text in ids}
    for text in _strings(known):
        if frozenset(_placeholders(text)) not in allowed:
            yield f"placeholders differ in “{text}”"


def _placeholders(text: str) -> list[str]:
    return ["".join(match.groups(default="")) for match in PLACEHOLDER.finditer(text)]


def _strings(message: Message) -> list[str]:
    if isinstance(message.string, (list, tuple)):
        return list(message.string)
    return [message.string] if message.string else []


def _label(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    return repr(text if len(text) < 90 else text[:87] + "...")


def _sources(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root).parts
            if "tests" in relative or "migrations" in relative:
                continue
            if path.suffix == ".py" or ("templates" in relative and path.suffix in {".html", ".txt"}):
                yield path


def _extract(source: bytes) -> Iterator[Found]:
    """Babel's Python extractor gives all arguments; pick the texts and the context as KEYWORDS says."""
    for _line, function, arguments, comments in extract_python(
        io.BytesIO(source), dict.fromkeys(KEYWORDS), COMMENT_TAGS, {"encoding": "utf-8"}
    ):
        keyword = KEYWORDS[str(function)]
        values: Sequence[Any] = arguments if isinstance(arguments, tuple) else (arguments,)
        texts = tuple(values[position] for position in keyword.texts if position < len(values))
        if len(texts) == len(keyword.texts) and all(texts):
            context = None if keyword.context is None else values[keyword.context]
            yield Found(texts if len(texts) > 1 else texts[0], context, _clean(comments))


def _clean(comments: Any) -> list[str]:
    return [str(comment).removeprefix("Translators:").strip() for comment in comments]


def _template_as_python(source: str, name: str) -> bytes:
    """Django rewrites a template as calls of gettext; indentation means nothing there, and tokenizing trips over it."""
    from django.utils.translation.template import templatize

    code = templatize(source, origin=name)
    return "\n".join(line.strip() for line in code.splitlines()).encode()


def po_bytes(catalog: Catalog) -> bytes:
    """The catalogue as a .po file: sorted, without locations, dates or wrapped lines."""
    plural = get_plural(str(catalog.locale))
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: nplurals={plural.num_plurals}; plural={plural.plural_expr};\\n"\n\n'
    )
    body = io.BytesIO()
    write_po(body, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    return header.encode() + body.getvalue().strip() + b"\n"
