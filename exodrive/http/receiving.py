"""The bytes of one request, collected until it is whole. What they mean is decided by who parses them afterwards.

Only where a request ends is looked for here. Getting that wrong costs the sender an error, never the next request its
beginning: each is parsed from its own bytes alone.
"""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

HEAD_LIMIT = 32 * 1024
BODY_LIMIT = 25 * 1024 * 1024
IN_MEMORY = 64 * 1024  # bytes of a body; what is longer goes into a file
END = b"\r\n\r\n"
BLOCK = 64 * 1024


class TooLarge(Exception):
    """The request will not be read to its end; `status` is the answer."""

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__(status)


class Incoming:
    """`feed` it until it is `whole`; then `pieces()` are the request and `rest` is what came after it."""

    def __init__(self) -> None:
        self.head, self.rest = b"", b""
        self.whole = False
        self.received = 0  # bytes of the body
        self.length: int | None = 0  # of the body; None when it comes in chunks
        self.expects_continue = False
        self._raw = bytearray()  # not yet looked at
        self._body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._skip = 0  # bytes until the next line that says how long a chunk is
        self._last = False  # the last chunk is there, its trailers are not

    @property
    def begun(self) -> bool:
        """Something came."""
        return bool(self.head or self._raw)

    @property
    def path(self) -> bytes:
        """What is asked for, without a query."""
        words = self.head.split(b" ", 2)
        return words[1].partition(b"?")[0] if len(words) > 2 else b""

    def feed(self, data: bytes) -> None:
        """Take what came. Raises TooLarge."""
        self._raw += data
        if not self.head:
            self._look_for_head(len(data))
        if self.head and not self.whole:
            (self._take_chunks if self.length is None else self._take_bytes)()

    def pieces(self) -> Iterator[bytes]:
        """The request as it came."""
        yield self.head
        self._body.seek(0)
        while piece := self._body.read(BLOCK):
            yield piece

    def close(self) -> None:
        """Give up what is kept."""
        self._body.close()

    def _look_for_head(self, new: int) -> None:
        end = self._raw.find(END, max(len(self._raw) - new - len(END), 0))
        if (end if end >= 0 else len(self._raw)) > HEAD_LIMIT:
            raise TooLarge("431 Request Header Fields Too Large")
        if end >= 0:
            self.head = bytes(self._raw[: end + len(END)])
            del self._raw[: end + len(END)]
            self._read_framing()

    def _read_framing(self) -> None:
        for line in self.head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            name, value = name.strip().lower(), value.strip().lower()
            if name == b"content-length" and value.isdigit() and self.length is not None:
                if len(value) > len(str(BODY_LIMIT)) or int(value) > BODY_LIMIT:
                    raise TooLarge("413 Content Too Large")
                self.length = int(value)
            elif name == b"transfer-encoding":
                self.length = None
            elif name == b"expect" and value == b"100-continue":
                self.expects_continue = True

    def _take_bytes(self) -> None:
        self._keep((self.length or 0) - self.received)
        if self.received == self.length:
            self._end()

    def _take_chunks(self) -> None:
        while not self.whole:
            if self._skip:
                self._skip -= self._keep(self._skip)
            end = self._raw.find(b"\r\n")
            if self._skip or end < 0:
                if len(self._raw) > HEAD_LIMIT:
                    raise TooLarge("400 Bad Request")
                return
            line = bytes(self._raw[:end])
            self._keep(end + 2)
            if not self._last:
                self._begin_chunk(line)
            elif not line:
                self._end()

    def _begin_chunk(self, line: bytes) -> None:
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            return self._end()  # whoever parses it will say so
        self._last, self._skip = size <= 0, max(size, 0) + 2 if size > 0 else 0

    def _keep(self, most: int) -> int:
        part = bytes(self._raw[:most])
        del self._raw[:most]
        self._body.write(part)
        self.received += len(part)
        if self.received > BODY_LIMIT:
            raise TooLarge("413 Content Too Large")
        return len(part)

    def _end(self) -> None:
        self.whole, self.rest = True, bytes(self._raw)
        self._raw.clear()
