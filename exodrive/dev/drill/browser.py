"""What a browser without JavaScript does with the site's pages: cookies, forms as they stand on the page, redirects."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from exodrive.dev.drill.target import Answer, Target

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Fields(HTMLParser):
    """The fields of a page's forms with what stands in them. Boxes stay as they are."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what has a name."""
        has = {name: value or "" for name, value in attrs}
        name, kind = has.get("name", ""), has.get("type", "text")
        box = kind in ("checkbox", "radio") and "checked" not in has
        # A button can bring the token: the form of a car's page is a GET form that one button posts.
        if (tag == "input" and name and not box) or name == "csrfmiddlewaretoken":
            self.values[name] = has.get("value", "")
        elif tag == "textarea":
            self.values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in has or self._select not in self.values):
            self.values[self._select] = has.get("value", "")


class Browser:
    """Keeps cookies, the last page's path and its fields; follows nothing by itself."""

    def __init__(self, site: Target) -> None:
        self.site, self.path = site, ""
        self.cookies: dict[str, str] = {}
        self.fields: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """A page; its fields are kept when it is one."""
        answer = self._ask("GET", path)
        if answer.status == 200:
            self.path, self.fields = path, Fields(answer.body).values
        return answer

    def post(self, path: str, **typed: Any) -> Answer:
        """The form of the last page with something typed into it."""
        return self._ask("POST", path, urlencode(self.fields | typed), **FORM)

    def _ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.site.ask(method, path, body, headers)
        self.cookies |= answer.cookies
        return answer
