"""Events arrive at servers of this machine, by TLS and without: what is sent, and where to."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fanfold import outbound
from fanfold.outbound import UrlPoster
from fanfold.ports import Posted

HOST = "hooks.example"


class Server:
    """Answers everything with ``status``; keeps what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.status, self.port = 200, 0


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    kept = Server()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((self.path, dict(self.headers), body))
            self.send_response(kept.status)
            self.send_header("Location", f"http://127.0.0.1:{kept.port}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key, and a certificate for HOST that its own name has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secured(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(context) as server:
        yield server


@pytest.fixture
def plain() -> Iterator[Server]:
    with serving() as server:
        yield server


class Names:
    """Looks names up: each time the next of these answers."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


def test_an_event_arrives_by_tls_under_its_name(secured, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    poster = UrlPoster(private=True, resolve=Names(["127.0.0.1"]))
    headers = {"webhook-id": "msg_1", "Content-Type": "application/json"}
    url = f"https://{HOST}:{secured.port}/in?a=b"
    assert poster.post(url, headers, b"{}") == Posted(200)
    ((path, got, body),) = secured.got
    assert (path, body) == ("/in?a=b", b"{}")
    assert (got["Host"], got["webhook-id"]) == (f"{HOST}:{secured.port}", "msg_1")


def test_a_certificate_of_another_name_or_of_nobody_is_none(secured, certificate, monkeypatch):
    poster = UrlPoster(private=True, resolve=Names(["127.0.0.1"]))
    url = f"https://{HOST}:{secured.port}/"
    assert poster.post(url, {}, b"{}") == Posted(None, "TLS_FAILED")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    other = f"https://other.example:{secured.port}/"
    assert poster.post(other, {}, b"{}") == Posted(None, "TLS_FAILED")
    assert secured.got == []


def test_a_name_whose_answer_changes_is_looked_up_once(plain):
    names = Names(["127.0.0.1"], ["10.255.255.1"])
    poster = UrlPoster(private=True, resolve=names)
    assert poster.post(f"http://{HOST}:{plain.port}/", {}, b"{}") == Posted(200)
    assert (names.asked, len(plain.got)) == (1, 1)


def test_a_redirect_is_not_followed(plain):
    plain.status = 307
    poster = UrlPoster(private=True, resolve=Names(["127.0.0.1"]))
    assert poster.post(f"http://{HOST}:{plain.port}/", {}, b"{}") == Posted(307)
    assert [path for path, _, _ in plain.got] == ["/"]


def test_a_private_address_is_not_called_unless_that_is_asked_for(plain):
    poster = UrlPoster(resolve=Names(["127.0.0.1"]))
    assert poster.post(f"https://{HOST}/", {}, b"{}") == Posted(None, "TARGET_REFUSED")
    assert plain.got == []


def test_the_next_address_is_tried_where_one_does_not_answer(plain):
    poster = UrlPoster(private=True, resolve=Names(["127.0.0.9", "127.0.0.1"]))
    assert poster.post(f"http://{HOST}:{plain.port}/", {}, b"{}") == Posted(200)


def test_who_does_not_answer_is_left(monkeypatch):
    monkeypatch.setattr(outbound, "_READ_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        poster = UrlPoster(private=True, resolve=Names(["127.0.0.1"]))
        url = f"http://{HOST}:{silent.getsockname()[1]}/"
        assert poster.post(url, {}, b"{}") == Posted(None, "TIMEOUT")
    assert poster.post(url, {}, b"{}") == Posted(None, "NO_CONNECTION")


def test_a_proxy_of_the_environment_is_not_asked(plain, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    poster = UrlPoster(private=True, resolve=Names(["127.0.0.1"]))
    assert poster.post(f"http://{HOST}:{plain.port}/", {}, b"{}") == Posted(200)
