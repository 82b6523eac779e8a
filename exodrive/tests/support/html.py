"""Looking at pages without minding how their templates are laid out."""

import re
from typing import Any


def flat(page: Any) -> str:
    """A response, or HTML, on one line: one blank inside of tags, none beside them."""
    html = page if isinstance(page, str) else page.content.decode()
    html = re.sub(r"\s+", " ", html)
    return re.sub(r"\s*(</?[a-zA-Z][^<>]*?)\s*>\s*", r"\1>", html).strip()
