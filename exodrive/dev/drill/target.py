"""A site as a client sees it: where it listens, and what it answers."""

import http.client
import time
from collections.abc import Mapping
from typing import NamedTuple

from exodrive.dev.embedded.process import HOST


class Answer(NamedTuple):
    """What came back over HTTP, and after how many seconds."""

    status: int
    body: str
    headers: dict[str, str]
    cookies: dict[str, str]
    seconds: float


class Target:
    """Somebody's site, on this machine unless `host` says otherwise."""

    port: int
    host: str = HOST

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port

    @property
    def url(self) -> str:
        """Of the start page, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 30,
        source: str = "",
    ) -> Answer:
        """One request on a connection of its own. Raises OSError or HTTPException when no answer comes.

        `source`: the address that it comes from, if not any.
        """
        begin = time.monotonic()
        connection = http.client.HTTPConnection(
            self.host, self.port, timeout=timeout, source_address=(source, 0) if source else None
        )
        try:
            connection.request(method, path, body, {"Connection": "close", **(headers or {})})
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            found = {name.lower(): value for name, value in response.getheaders()}
            set_now = response.headers.get_all("Set-Cookie", [])
            cookies = dict(line.partition(";")[0].split("=", 1) for line in set_now)
            return Answer(response.status, text, found, cookies, time.monotonic() - begin)
        finally:
            connection.close()
