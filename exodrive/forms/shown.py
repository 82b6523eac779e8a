"""Nobody writes over what they have not seen: a form remembers what it showed, and writes what was altered since.

Every field goes with a hidden one that says what it showed (Django's `show_hidden_initial`). A field that its reader left
alone follows what stands there by now. One that its reader and somebody else have both altered is a conflict: it is said
in words, what was typed is kept, and the same form sent again writes it.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exodrive.i18n.formats import clock, day_long

CHANGED = gettext_lazy("%(who)s has changed this to “%(now)s” meanwhile. Save again to write what you typed.")
EMPTIED = gettext_lazy("%(who)s has emptied this meanwhile. Save again to write what you typed.")
LINE_END = re.compile(r"\r?\n")
MAX_SAID = 120  # characters of a text that somebody else wrote


class Remembers(forms.BaseForm):
    """Mixed into a form that edits what is there; `initial` (or the instance) is what stands there now.

    Call `compare` once all fields are there. A form that says nothing of what it showed, like one sent by a program,
    means everything that it names.
    """

    forgets: frozenset[str] = frozenset()  # fields that show nothing that is kept, like a confirmation
    data: Any  # copied before it is altered
    conflicts: Mapping[str, str] = MappingProxyType({})  # by field, what stands there now, in words

    def compare(self) -> None:
        """Compare what was sent with what it showed and with what is there."""
        self.conflicts = {}
        fields = {name: field for name, field in self.fields.items() if self._remembered(name, field)}
        for field in fields.values():
            field.show_hidden_initial = True
        sent = {name for name, field in fields.items() if self.is_bound and self._says(name, field)}
        if not sent:
            return
        self.data = self.data.copy()
        for name, field in fields.items():
            # Several hidden inputs that show nothing are none.
            if name in sent or issubclass(field.hidden_widget, forms.MultipleHiddenInput):
                self._compare(name, field)

    def full_clean(self) -> None:
        """With a sentence for every conflict."""
        super().full_clean()
        if self.is_bound and hasattr(self, "cleaned_data"):
            for name, now in self.conflicts.items():
                self.add_error(name, self._in_words(name, now))

    def who_changed(self, name: str) -> str:
        """Who wrote what stands there now, for the beginning of a sentence."""
        return _("Somebody else")

    def _in_words(self, name: str, now: str) -> str:
        return (CHANGED if now else EMPTIED) % {"who": self.who_changed(name), "now": now}

    def _remembered(self, name: str, field: forms.Field) -> bool:
        hidden = isinstance(field.widget, forms.HiddenInput)
        return not (name in self.forgets or hidden or field.disabled or isinstance(field, forms.FileField))

    def _says(self, name: str, field: forms.Field) -> bool:
        """Whether the page says what the field showed."""
        hidden = field.hidden_widget()
        return not hidden.value_omitted_from_data(self.data, self.files, self.add_initial_prefix(name))

    def _compare(self, name: str, field: forms.Field) -> None:
        key = self.add_initial_prefix(name)
        now = self.get_initial_for_field(field, name)
        typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        was = field.hidden_widget().value_from_datadict(self.data, self.files, key)
        kept = _as_read(field, now)
        if not field.has_changed(kept, was):
            return
        self._put(field, key, now)
        try:
            altered = field.has_changed(field.to_python(was), typed)
        except ValidationError:
            altered = True
        if not altered:
            self._put(field, self.add_prefix(name), now)
        elif field.has_changed(kept, typed):
            self.conflicts = {**self.conflicts, name: said(field, now)}

    def _put(self, field: forms.Field, key: str, value: Any) -> None:
        """As a browser would send this value."""
        parts: dict[str, list[str]] = {}
        for part, text in _parts(field, key, value):
            parts.setdefault(part, []).extend([] if text is None else [text])
        for part, texts in parts.items():
            if hasattr(self.data, "setlist"):
                self.data.setlist(part, texts)
            else:
                self.data[part] = texts[0] if texts else ""


def said(field: forms.Field, value: Any) -> str:
    """A field's value as its reader would call it; "" for none."""
    if value in (None, "", [], ()):
        return ""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        values = field.prepare_value(value)
        listed = {str(item) for item in values} if isinstance(values, list | tuple) else {str(values)}
        return ", ".join(str(label) for key, label in field.choices if str(key) in listed) or str(value)  # type: ignore[union-attr, misc]
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, date):
        return day_long(value)
    return Truncator(str(field.prepare_value(value))).chars(MAX_SAID)


def _as_read(field: forms.Field, value: Any) -> Any:
    """What is kept, as the field reads it from a page: a time that a list has as text, the line ends of browsers."""
    if not isinstance(value, str):
        return value
    try:
        return field.to_python(LINE_END.sub("\r\n", value))
    except ValidationError:
        return value


def _parts(field: forms.Field, key: str, value: Any) -> list[tuple[str, str | None]]:
    """Names and values of the hidden inputs that stand for a value."""
    widget = field.hidden_widget()
    drawn = widget.get_context(key, field.prepare_value(value), {})["widget"]
    if isinstance(widget, forms.MultipleHiddenInput):
        return [(key, part["value"]) for part in drawn["subwidgets"]] or [(key, None)]
    return [(part["name"], part["value"]) for part in drawn.get("subwidgets") or [drawn]]
