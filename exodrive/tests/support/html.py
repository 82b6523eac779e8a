"""Looking at pages without minding how their templates are laid out."""

import re
from html import unescape
from typing import Any

from django.http import QueryDict


def flat(page: Any) -> str:
    """A response, or HTML, on one line: one blank inside of tags, none beside them."""
    html = page if isinstance(page, str) else page.content.decode()
    html = re.sub(r"\s+", " ", html)
    return re.sub(r"\s*(</?[a-zA-Z][^<>]*?)\s*>\s*", r"\1>", html).strip()


def inputs(response: Any) -> QueryDict:
    """What the browser would send of all forms on a page together."""
    html = response.content.decode()
    sent = QueryDict(mutable=True)
    for facts in (dict(re.findall(r'([a-z-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", html)):
        if facts.get("name") and facts.get("type") not in ("checkbox", "radio"):
            sent[facts["name"]] = unescape(facts.get("value", ""))
    for name, value in re.findall(
        r'<textarea[^>]*name="([a-z_-]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL
    ):
        sent[name] = unescape(value)
    for name, options in re.findall(r'<select[^>]*name="([a-z_0-9-]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', options)
        sent[name] = unescape(chosen[1]) if chosen else ""
    return sent
