"""WSGI on loopback: sockets, a threaded server, and what both fronts ask of a request."""

from __future__ import annotations

import io
import logging
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = "127.0.0.1"
UNREAD = "fanfold.unread"
"""Key of a request's environ: its body was not read to the end."""
HEADERS = "fanfold.headers"
"""Key of a request's environ: its headers as they were sent, in order."""

logger = logging.getLogger(__name__)
Headers = list[tuple[str, str]]


class PortBusy(Exception):
    """The port that was asked for is taken."""

    def __init__(self, port: int) -> None:
        super().__init__(f"The port {port} is used by another program.")
        self.port = port


def listen(port: int) -> socket.socket:
    """Listen on a loopback port, 0 for any free one; raise PortBusy."""
    try:
        return socket.create_server((LOOPBACK, port), backlog=128)
    except OSError as error:
        raise PortBusy(port) from error


def loopback_only(application: WSGIApplication) -> WSGIApplication:
    """Refuse what a web page from elsewhere makes a browser send.

    Such a page either names itself as the origin, or had a name of its own point here.
    """

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN") or "http://localhost"
        if _is_local(environ.get("HTTP_HOST", "")) and _is_local(origin.partition("//")[2]):
            return application(environ, start_response)
        environ[UNREAD] = True
        start_response("403 Forbidden", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return [b""]

    return serve


def _is_local(authority: str) -> bool:
    host = urlsplit(f"//{authority}").hostname or ""
    return host in (LOOPBACK, "localhost", "::1") or host.endswith(".localhost")


class BodyTooLarge(Exception):
    """A request's body is longer than it may be."""


def read_body(environ: WSGIEnvironment, limit: int | None = None) -> bytes:
    """Read a request's body, of known length or chunked, and leave it readable again."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    chunked = bool(environ.get("wsgi.input_terminated"))
    if limit is not None and length > limit:
        environ[UNREAD] = True
        raise BodyTooLarge
    stream = environ["wsgi.input"]
    body: bytes = b""
    if chunked:
        environ[UNREAD] = True
        body = stream.read() if limit is None else _at_most(stream, limit)
        environ[UNREAD] = False
        environ["CONTENT_LENGTH"] = str(len(body))
    elif length:
        body = stream.read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _at_most(stream: Any, limit: int) -> bytes:  # noqa: ANN401 - a file-like object
    parts, size = [], 0
    while part := stream.read(65536):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise BodyTooLarge
    return b"".join(parts)


class Server:
    """A threaded WSGI server with keep-alive and without a word on the terminal."""

    def __init__(
        self,
        listener: socket.socket,
        application: WSGIApplication,
        handler: type[WSGIRequestHandler] = WSGIRequestHandler,
    ) -> None:
        host, port = listener.getsockname()
        kept = type("Handler", (_KeepAlive, handler), {})
        self._listener = listener
        self._server: BaseWSGIServer = make_server(
            host, port, application, threaded=True, request_handler=kept, fd=listener.fileno()
        )
        self._thread = threading.Thread(target=self._serve, name=f"serve-{port}", daemon=True)

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._thread.start()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Take no more connections."""
        self._server.shutdown()
        self._server.server_close()
        with suppress(OSError):
            self._listener.close()


class _KeepAlive(WSGIRequestHandler):
    """Keeps connections open, writes each answer at once, has no access log.

    werkzeug's own closes the connection after every request and lingers for 10 ms.
    """

    disable_nagle_algorithm = True
    wbufsize = -1

    def make_environ(self) -> WSGIEnvironment:
        """Add the headers as they were sent: WSGI joins repeated ones and loses their case."""
        return {**super().make_environ(), HEADERS: list(self.headers.items())}

    def run_wsgi(self) -> None:
        """Answer one request; the application has read its body or says ``UNREAD``."""
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        self.environ = self.make_environ()
        try:
            status, headers, body = _run(self.server.app, self.environ)
        except Exception:  # the edge: this request fails, the server goes on
            logger.exception("request failed")
            status, headers, body = "500 Internal Server Error", [], b""
        code, _, reason = status.partition(" ")
        self.send_response_only(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers) and _has_body(code):
            self.send_header("Content-Length", str(len(body)))
        if self.environ.get(UNREAD):
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)
        self.wfile.flush()

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: ANN401
        """Say nothing: workers and the gateway have the log."""


def _has_body(code: str) -> bool:
    return code not in ("204", "304") and not code.startswith("1")


def _run(application: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, Headers, bytes]:
    answer: list[Any] = []

    def start_response(status: str, headers: Headers, *_: object) -> Callable[[bytes], object]:
        answer[:] = [status, headers]
        return lambda data: None

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    return answer[0], answer[1], body
