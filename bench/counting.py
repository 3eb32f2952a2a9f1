"""A proxy between the functions and the embedded cloud that counts what AWS would bill.

Only the functions are sent through it (``environment``), not the pollers that stand for Lambda's.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from infra.http.serving import HEADERS, Server, listen, read_body

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_SERVICES = ("S3", "SQS", "DYNAMODB")
_SENDER = re.compile(r"\bapp/(\S+)")
"""The function that sends a request, as its user agent says."""
_BETWEEN = re.compile(r"(^/[^/]+/|[?&]prefix=)(work|pages)/")
_HOP = ("connection", "content-length", "expect", "keep-alive", "transfer-encoding")


class Counting:
    """Forwards every request to ``target`` and counts it by what it is billed as.

    ``counts`` holds ``s3.put`` (PUT, COPY, POST, LIST), ``s3.get``, ``s3.free`` (deletions),
    ``s3.bytes``, ``sqs.request``, ``sqs.message``, ``sqs.bytes``, ``dynamodb.request``; of the
    first three again as ``between.put`` and so on those of ``work/`` and ``pages/``; and
    ``calls.`` with the name of the function that sent the request.
    """

    def __init__(self) -> None:
        listener = listen(0)
        self.url = "http://{}:{}".format(*listener.getsockname())
        self.target = ""
        self.counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._connections = threading.local()
        self._server = Server(listener, self)

    @property
    def environment(self) -> dict[str, str]:
        """What sends a function's clients here instead of to the cloud."""
        return {f"AWS_ENDPOINT_URL_{service}": self.url for service in _SERVICES}

    def start(self, target: str) -> None:
        """Serve; ``target`` is the cloud's own address."""
        self.target = target
        self._server.start()

    def stop(self) -> None:
        """Take no more requests."""
        self._server.stop()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Count and forward one request."""
        body = read_body(environ)
        status, headers, answer = self._forward(environ, body)
        counted = dict(_billed(environ, body, len(body) + len(answer)))
        with self._lock:
            self.counts.update(counted)
        start_response(status, headers)
        return [answer]

    def _forward(
        self, environ: WSGIEnvironment, body: bytes
    ) -> tuple[str, list[tuple[str, str]], bytes]:
        connection = self._connection()
        sent = {name: value for name, value in environ[HEADERS] if name.lower() not in _HOP}
        query = environ.get("QUERY_STRING", "")
        path = environ["REQUEST_URI"].partition("?")[0] + (f"?{query}" if query else "")
        connection.request(environ["REQUEST_METHOD"], path, body, sent)
        answer = connection.getresponse()
        data = answer.read()
        kept = [(name, v) for name, v in answer.getheaders() if name.lower() not in _HOP]
        length = answer.headers["Content-Length"] if not data else str(len(data))
        return f"{answer.status} {answer.reason}", [*kept, ("Content-Length", length or "0")], data

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._connections, "open"):
            self._connections.open = http.client.HTTPConnection(urlsplit(self.target).netloc)
        open_: http.client.HTTPConnection = self._connections.open
        return open_


@contextmanager
def difference(counts: Counter[str]) -> Iterator[Counter[str]]:
    """Give what is counted from here to the end of the block; filled at its end."""
    before, found = counts.copy(), Counter[str]()
    yield found
    found.update(counts)
    found.subtract(before)


def _billed(environ: WSGIEnvironment, body: bytes, size: int) -> Iterator[tuple[str, int]]:
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if sender := _SENDER.search(environ.get("HTTP_USER_AGENT", "")):
        yield f"calls.{sender[1]}", 1
    if target.startswith("AmazonSQS"):
        yield from (("sqs.request", 1), ("sqs.bytes", size))
        yield "sqs.message", len(json.loads(body).get("Entries", [body]))
    elif target.startswith("DynamoDB"):
        yield "dynamodb.request", 1
    else:
        yield f"s3.{_kind(environ)}", 1
        yield "s3.bytes", size
        if _BETWEEN.search(unquote(f"{environ['REQUEST_URI']}?{environ.get('QUERY_STRING', '')}")):
            yield f"between.{_kind(environ)}", 1


def _kind(environ: WSGIEnvironment) -> str:
    method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
    if method == "DELETE" or (method == "POST" and query.startswith("delete")):
        return "free"
    lists = method == "GET" and ("list-type=" in query or query.startswith("versions"))
    return "put" if lists or method in ("PUT", "POST") else "get"
