"""`doctor` and the public address: a sentence for whatever answers there, or does not."""

import contextlib
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from exodrive.doctor import address
from exodrive.doctor.findings import Finding, State

HERE, ELSEWHERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("other.example")
DAY = timedelta(days=1)


def certificate(folder: Path, name: x509.GeneralName, days: int) -> Path:
    """A certificate that is its own authority, until so many days from now, with its key in the same file."""
    key, at = ec.generate_private_key(ec.SECP256R1()), timezone.now()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "doctor")])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(at - 90 * DAY)
        .not_valid_after(at + days * DAY)
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "site.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


Serve = Callable[..., list[bytes]]


@pytest.fixture
def serve(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """`serve(b"HTTP/1.1 …")` answers so at SITE_URL, once; what was asked comes into the list."""
    settings.HEALTH_TOKEN, settings.RELEASE = "", "8c28e1a"
    with contextlib.ExitStack() as doors:

        def start(
            said: bytes, *, name: x509.GeneralName = HERE, days: int = 9, trusted: bool = True
        ) -> list[bytes]:
            file = certificate(tmp_path, name, days)
            if trusted:
                monkeypatch.setenv("SSL_CERT_FILE", str(file))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(file)
            door = doors.enter_context(socket.create_server(("127.0.0.1", 0)))
            settings.SITE_URL = f"https://127.0.0.1:{door.getsockname()[1]}"
            asked: list[bytes] = []
            threading.Thread(target=answer, args=[door, context, said, asked], daemon=True).start()
            return asked

        yield start


def answer(door: socket.socket, context: ssl.SSLContext, said: bytes, asked: list[bytes]) -> None:
    with contextlib.suppress(OSError):
        client, _ = door.accept()
        with client, context.wrap_socket(client, server_side=True) as line:
            asked.append(line.recv(4096))
            line.sendall(said)
            if not said:
                line.recv(1)  # never says anything


def reply(line: str = "200 OK", **body: str) -> bytes:
    text = json.dumps(body).encode()
    return f"HTTP/1.1 {line}\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text


def found() -> Finding:
    (one,) = address.public()
    return one


def test_a_site_that_answers_is_well(serve: Serve) -> None:
    asked = serve(reply(status="ok"))
    assert found().state is State.OK
    assert asked[0].startswith(b"GET /healthz HTTP/1.1\r\n")
    assert b"Authorization" not in asked[0]


def test_the_release_is_asked_for_with_the_token(serve: Serve, settings: Any) -> None:
    settings.HEALTH_TOKEN = "t"
    asked = serve(reply(status="ok", release="8c28e1a"))
    assert found().state is State.OK
    assert b"Authorization: Bearer t\r\n" in asked[0]
    serve(reply(status="ok", release="0000000"))
    one = found()
    assert one.state is State.WARNING
    assert "answers as release 0000000, and this is 8c28e1a." in one.says
    serve(reply(status="ok"))
    assert "does not know this HEALTH_TOKEN" in found().says


@pytest.mark.parametrize(
    ("said", "made", "says"),
    [
        (
            reply(status="ok"),
            {"days": -1},
            "The certificate of 127.0.0.1 is not valid: certificate has expired.",
        ),
        (reply(status="ok"), {"trusted": False}, "The certificate of 127.0.0.1 is not valid: self-signed"),
        (reply(status="ok"), {"name": ELSEWHERE}, "has the certificate of another host."),
        (reply("502 Bad Gateway"), {}, "answers with 502."),
        (reply("301 Moved Permanently"), {}, "answers with 301."),
        (reply(hello="world"), {}, "Something else than this site answers at 127.0.0.1"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n[1]\n", {}, "Something else than this site"),
        (b"nonsense\r\n", {}, "is not reachable from here: nonsense"),
        (b"", {}, "is not reachable from here: no answer within 0.5 s."),
    ],
)
def test_whatever_is_wrong_is_one_sentence(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, said: bytes, made: dict[str, Any], says: str
) -> None:
    if not said:
        monkeypatch.setattr(address, "LIMIT", 0.5)
    serve(said, **made)
    one = found()
    assert (one.part, one.state) == ("address", State.MISSING)
    assert says in one.says
    assert "\n" not in one.says
    assert one.mend


def test_what_does_not_speak_https_and_what_is_not_there(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]

        def speak() -> None:
            client, _ = door.accept()
            with client:
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=speak, daemon=True).start()
        settings.SITE_URL = f"https://127.0.0.1:{port}"
        assert "is not reachable from here" in found().says
    assert f"127.0.0.1:{port} is not reachable from here: " in found().says
    settings.SITE_URL = "https://rent.example:https"
    assert found().state is State.MISSING
    settings.SITE_URL = "https://"
    assert found().state is State.UNKNOWN
    settings.SITE_URL = "http://127.0.0.1"
    assert found().says == "Not asked: SITE_URL does not begin with https://."


def test_a_name_that_nobody_knows_is_a_finding(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    settings.SITE_URL = "https://rent.example"
    assert found().says.endswith("Name or service not known.")
