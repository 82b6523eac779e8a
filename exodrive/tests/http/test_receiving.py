"""Where a request ends, however its bytes come in."""

from collections.abc import Callable, Iterator

import pytest

from exodrive.http.receiving import BODY_LIMIT, HEAD_LIMIT, IN_MEMORY, Incoming, TooLarge

GET = b"GET /healthz?deep HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /x HTTP/1.1\r\ncontent-LENGTH: 5\r\n\r\nhello"
CHUNKED = (
    b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5;note\r\nhello\r\nA\r\n0123456\r\n9\r\n0\r\nX-End: 1\r\n\r\n"
)
WHOLE = pytest.mark.parametrize("request_", [GET, POST, CHUNKED])


@pytest.fixture
def fed() -> Iterator[Callable[..., Incoming]]:
    made = []

    def feed(*parts: bytes) -> Incoming:
        made.append(Incoming())
        for part in parts:
            made[-1].feed(part)
        return made[-1]

    yield feed
    for incoming in made:
        incoming.close()


@WHOLE
def test_it_is_whole_with_its_last_byte_and_not_before(fed, request_):
    for cut in range(1, len(request_)):
        incoming = fed(request_[:cut])
        assert not incoming.whole
        incoming.feed(request_[cut:])
        assert (incoming.whole, b"".join(incoming.pieces()), incoming.rest) == (True, request_, b"")


@WHOLE
def test_byte_by_byte_with_another_request_behind_it(fed, request_):
    incoming = fed(*(bytes([byte]) for byte in request_))
    assert incoming.whole
    assert fed(request_ + GET).rest == GET


def test_what_is_asked_for(fed):
    assert (fed(GET).path, fed(GET[:10]).path, fed(b"nonsense\r\n\r\n").path) == (b"/healthz", b"", b"")


def test_a_long_body_comes_back_as_it_was(fed):
    body = bytes(range(256)) * (IN_MEMORY // 100)
    head = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert b"".join(fed(head, body[:1000], body[1000:]).pieces()) == head + body


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_LIMIT, "431"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_LIMIT + b"\r\n\r\n", "431"),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (BODY_LIMIT + 1), "413"),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", "413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * HEAD_LIMIT * 2, "400"),
    ],
)
def test_too_much_is_refused_before_it_has_come(fed, sent, status):
    with pytest.raises(TooLarge) as refusal:
        fed(sent)
    assert refusal.value.status[:3] == status


def test_chunks_add_up_to_too_much(fed):
    size = BODY_LIMIT // 2
    incoming = fed(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"%X\r\n" % size, b"x" * size)
    with pytest.raises(TooLarge):
        incoming.feed(b"\r\n%X\r\n" % size + b"x" * size)


@pytest.mark.parametrize("size", [b"-5", b"zz", b""])
def test_a_chunk_of_no_size_ends_it_and_is_left_to_the_parser(fed, size):
    assert fed(
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + size + b"\r\nGET / HTTP/1.1\r\n\r\n"
    ).whole
