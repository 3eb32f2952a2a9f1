"""Slow, aborted and malformed requests cost their sender the connection and no one else a thing."""

from __future__ import annotations

import json
import re
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from infra.http import connections
from tests.integration.rehearsal.conftest import until

SECONDS = 15.0
A_FEW = 4
"""Descriptors that other clients of the same process may have opened meanwhile."""
THREADS = 32
"""Of the gateway, which are started as they are needed."""


def connect(url):
    place = urlsplit(url)
    client = socket.create_connection((place.hostname, place.port), timeout=SECONDS)
    return closing(client)


def say(url, data):
    """Send bytes and return all that comes until the connection is closed."""
    with connect(url) as client:
        client.sendall(data)
        return rest(client)


def rest(client):
    parts = []
    try:
        while part := client.recv(65536):
            parts.append(part)
    except ConnectionResetError:  # closed with something unread
        pass
    return b"".join(parts)


def status(answer):
    return int(answer.split()[1])


def request(line=b"GET /health HTTP/1.1", *headers, host=b"Host: 127.0.0.1"):
    return b"\r\n".join([line, host, *headers, b"", b""])


@pytest.fixture
def serves(mini):
    """The cloud serves others during the test and after it, and keeps nothing of the test."""
    me, url = psutil.Process(), f"{mini.api_url}/health"

    def others():
        return httpx.get(url, timeout=SECONDS, trust_env=False).status_code == 200

    assert others()
    descriptors, threads = me.num_fds(), me.num_threads()
    yield others
    assert others()
    until(lambda: me.num_fds() <= descriptors + A_FEW)
    assert me.num_threads() <= threads + THREADS


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(connections, "SILENT_SECONDS", 0.5)


@pytest.mark.parametrize(
    ("answer", "data"),
    [
        (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n"),
        (400, request(b"get /health HTTP/1.1")),
        (400, request(b"GET")),
        (400, request(b"GET /health HTTP/1.1 and more")),
        (400, request(b"POST /things/x HTTP/1.1", b"Content-Length: ten")),
        (400, request(b"POST /things/x HTTP/1.1", b"Content-Length: -5")),
        (400, request(b"POST /things/x HTTP/1.1", b"Content-Length: 1", b"Content-Length: 2")),
        (400, request(b"POST /things/x HTTP/1.1", b"Transfer-Encoding: chunked") + b"zz\r\n"),
        (501, request(b"POST /things/x HTTP/1.1", b"Transfer-Encoding: gzip, chunked")),
        (400, request(b"GET /health HTTP/1.1", b"A header without a colon")),
        (431, request(b"GET /health HTTP/1.1", b"X-Long: " + b"x" * 300_000)),
        (431, request(b"GET /health HTTP/1.1", *[b"X-%d: many" % n for n in range(30_000)])),
        (431, request(b"GET /" + b"x" * 300_000 + b" HTTP/1.1")),
    ],
)
def test_what_is_no_request_is_answered_and_closed(mini, serves, answer, data):
    for url in (mini.api_url, mini.aws_url):
        said = say(url, data)
        assert not said or status(said) == answer
        assert not said or json.loads(said.partition(b"\r\n\r\n")[2])["message"]


@pytest.mark.parametrize("method", ["BREW", "TRACE", "PATCH", "PROPFIND", "X" * 1000])
def test_an_unknown_method_is_refused_and_the_connection_kept(mini, serves, method):
    with connect(mini.api_url) as client:
        client.sendall(request(f"{method} /health HTTP/1.1".encode()))
        client.sendall(request(b"GET /health HTTP/1.1", b"Connection: close"))
        answers = rest(client)
    assert [line.split()[1] for line in re.findall(rb"HTTP/1.1 \d+", answers)] == [b"403", b"200"]


@pytest.mark.parametrize("host", [b"", b"Host:", b"Host: [::1", b"Host: a,b", b"Host: \xff"])
def test_a_host_that_is_none_is_refused(mini, serves, host):
    data = b"\r\n".join([b"GET /health HTTP/1.0", *filter(None, [host]), b"", b""])
    for url in (mini.api_url, mini.aws_url):
        assert status(say(url, data)) == 403


def test_half_a_file_is_no_file(mini, serves, aws):
    there = aws(mini)
    head = request(f"PUT /{mini.bucket}/half HTTP/1.1".encode(), b"Content-Length: 1000")
    with connect(mini.aws_url) as client:
        client.sendall(head + b"%PDF-1.7 and then")
    with connect(mini.aws_url) as client:
        client.sendall(head.replace(b"Content-Length: 1000", b"Transfer-Encoding: chunked"))
        client.sendall(b"5\r\nhello\r\n")
    assert serves()
    assert there.s3.list_object_versions(Bucket=mini.bucket, Prefix="half").get("Versions") is None


def test_slow_heads_and_bodies_are_closed_and_hold_nobody_up(mini, serves, impatient):
    beginnings = [
        b"GET /hea",
        request(b"POST /things/x HTTP/1.1", b"Content-Length: 1000") + b"half",
        request(b"POST /things/x HTTP/1.1", b"Transfer-Encoding: chunked") + b"5\r\nhe",
    ]
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(mini.api_url)) for _ in range(100)]
        for number, client in enumerate(clients):
            client.sendall(beginnings[number % len(beginnings)])
        assert serves()
        assert [rest(client) for client in clients] == [b""] * len(clients)


def test_a_byte_now_and_then_does_not_keep_a_connection(mini, serves, impatient):
    with connect(mini.api_url) as client:
        client.settimeout(0.1)

        def closed():
            try:
                client.sendall(b"x")
                return client.recv(1) == b""
            except TimeoutError:
                return False
            except ConnectionError:
                return True

        client.sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
        until(closed)


def test_an_answer_that_nobody_fetches_is_dropped(mini, serves, impatient, aws):
    there = aws(mini)
    where = {"Bucket": mini.bucket, "Key": "large"}
    there.s3.put_object(**where, Body=bytes(20_000_000))
    link = there.s3.generate_presigned_url("get_object", Params=where)
    with connect(mini.aws_url) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(request(f"GET {link.removeprefix(mini.aws_url)} HTTP/1.1".encode()))
        assert status(client.recv(1000)) == 200
        port = client.getsockname()[1]
        until(lambda: port not in _peers())


def _peers():
    """The ports of those whom this process has a connection with."""
    return {c.raddr.port for c in psutil.Process().net_connections() if c.raddr}


def test_clients_that_hang_up_in_the_middle_of_an_answer_hurt_nobody(mini, serves):
    for number in range(40):
        with connect(mini.api_url) as client:
            client.sendall(request(b"GET /things/x?do=bytes HTTP/1.1"))
            if number % 2:
                client.recv(1)
            # reset, not closed
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert serves()


def test_a_body_beyond_all_limits_is_refused_before_it_has_come(mini, serves):
    head = request(b"POST /things/x HTTP/1.1", b"Content-Length: 99999999999")
    assert status(say(mini.api_url, head)) == 413
    assert status(say(mini.aws_url, head)) == 413


@pytest.mark.parametrize(("size", "answer"), [(0, 200), (99999999999, 413)])
def test_who_asks_before_sending_is_answered_without_a_body_to_wait_for(size, answer, mini, serves):
    head = request(
        f"PUT /{mini.bucket}/asked HTTP/1.1".encode(),
        b"Expect: 100-continue",
        b"Connection: close",
        f"Content-Length: {size}".encode(),
    )
    assert status(say(mini.aws_url, head)) == answer


def test_an_empty_result_is_stored(mini, aws, tmp_path):
    (tmp_path / "text.txt").touch()
    there = aws(mini)
    there.s3.upload_file(str(tmp_path / "text.txt"), mini.bucket, "empty")
    assert there.s3.head_object(Bucket=mini.bucket, Key="empty")["ContentLength"] == 0


def test_fifty_uploads_at_once_all_arrive(mini, serves, aws):
    there = aws(mini)
    form = there.s3.generate_presigned_post(mini.bucket, "many/1")

    def upload(number):
        body = bytes([number]) * 200_000
        if number % 2:
            file = {"file": ("x", body)}
            return httpx.post(form["url"], data=form["fields"], files=file, timeout=60)
        return httpx.post(f"{mini.api_url}/things/x", content=body, timeout=60)

    with ThreadPoolExecutor(50) as many:
        answers = list(many.map(upload, range(50)))
    assert {answer.status_code for answer in answers} <= {200, 204}


@pytest.mark.parametrize(
    "body",
    [b"", b"--B", b"--B\r\n\r\n", b"--B\r\nContent-Disposition: form-data\r\n\r\nx", b"\xff" * 99],
)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=B", "multipart/form-data", "x/y"])
def test_a_malformed_form_is_refused(mini, serves, kind, body):
    url = f"{mini.aws_url}/{mini.bucket}"
    answer = httpx.post(url, content=body, headers={"Content-Type": kind}, trust_env=False)
    assert answer.status_code in (400, 412)
    assert "<Code>" in answer.text


@pytest.mark.parametrize(
    "parts",
    [
        [("key", None, "many/1"), ("KEY", None, "../../evil"), ("file", "x", "1")],
        [("file", "a", "small"), ("file", "b", "large" * 1000)],
        [("other", "a", "1"), ("file", "b", "1")],
        [("file", None, "no file's name")],
        [],
    ],
)
def test_a_form_that_reads_in_two_ways_is_refused(mini, serves, aws, parts):
    form = aws(mini).s3.generate_presigned_post(mini.bucket, "many/1")
    fields = [(n, (None, v)) for n, v in form["fields"].items() if n != "key" or not parts]
    sent = fields + [(n, (file, value)) for n, file, value in parts]
    answer = httpx.post(form["url"], files=sent, trust_env=False)
    assert (answer.status_code, "<Code>InvalidArgument" in answer.text) == (400, True)


def test_no_header_is_smuggled_into_an_answer(mini, serves, aws):
    there = aws(mini)
    there.s3.put_object(Bucket=mini.bucket, Key="x", Body=b"x")
    kind = {"ResponseContentType": "text/html\r\nSet-Cookie: a=1"}
    where = {"Bucket": mini.bucket, "Key": "x", **kind}
    answer = httpx.get(there.s3.generate_presigned_url("get_object", Params=where))
    assert answer.status_code == 500
    assert "set-cookie" not in answer.headers
