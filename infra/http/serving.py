"""WSGI: sockets, a server for any client, and what all fronts ask of a request."""

from __future__ import annotations

import logging
import resource
import socket
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.task import ThreadedTaskDispatcher

from infra.http.connections import HEADERS, Headers, Listener

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["HEADERS", "Headers"]

LOOPBACK = "127.0.0.1"
_CONNECTIONS = 512
"""Maximum of connections to a server at once; fewer where this process may have few open files."""
_IDLE_SECONDS = 600
"""Maximum of seconds that a connection without a request is kept; no client of ours keeps it
longer."""
_LOOK_SECONDS = 1.0
_SPOOLED_BYTES = 1 << 20
"""Maximum of bytes of a request or answer in memory; larger ones wait on disk for a slow client."""
_PARTS = (("Content-Type", "text/plain"), ("Content-Length", "0"))

logger = logging.getLogger(__name__)
logging.getLogger("waitress").setLevel(logging.CRITICAL)  # clients' faults; ours are told here


class PortBusy(Exception):
    """The port that was asked for is taken."""

    def __init__(self, port: int) -> None:
        super().__init__(f"The port {port} is used by another program.")
        self.port = port


def listen(port: int, host: str = LOOPBACK) -> socket.socket:
    """Listen on a port, 0 for any free one; raise PortBusy."""
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        raise PortBusy(port) from error


def loopback_only(application: WSGIApplication) -> WSGIApplication:
    """Refuse what a web page from elsewhere makes a browser send.

    Such a page names itself as the origin, or had a name of its own point here, or has something
    loaded, as a picture or a script; what a person follows a link to is shown.
    """

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN") or "http://localhost"
        local = _is_local(environ.get("HTTP_HOST", "")) and _is_local(origin.partition("//")[2])
        if local and not _is_loaded_from_elsewhere(environ):
            return application(environ, start_response)
        start_response("403 Forbidden", list(_PARTS))
        return [b""]

    return serve


def _is_loaded_from_elsewhere(environ: WSGIEnvironment) -> bool:
    elsewhere = environ.get("HTTP_SEC_FETCH_SITE") == "cross-site"
    return elsewhere and environ.get("HTTP_SEC_FETCH_MODE") != "navigate"


def _is_local(authority: str) -> bool:
    try:
        host = urlsplit(f"//{authority}").hostname or ""
    except ValueError:  # half an IPv6 address
        return False
    return host in (LOOPBACK, "localhost", "::1") or host.endswith(".localhost")


class BodyTooLarge(Exception):
    """A request's body is longer than it may be."""


def read_body(environ: WSGIEnvironment, limit: int | None = None) -> bytes:
    """Return a request's body and leave it readable again; raise BodyTooLarge above ``limit``.

    It is whole: the server calls nobody before a body has come to its end.
    """
    stream = environ["wsgi.input"]
    if limit is not None and int(environ.get("CONTENT_LENGTH") or 0) > limit:
        raise BodyTooLarge
    body: bytes = stream.read()
    stream.seek(0)
    return body


class Server:
    """A WSGI server with keep-alive, at most ``threads`` requests at once, silent on the terminal.

    One thread talks to all clients; slow, rude and vanished ones cost a descriptor and no more.
    Bodies of ``body_bytes`` and more are refused.
    """

    def __init__(
        self,
        listener: socket.socket,
        application: WSGIApplication,
        *,
        threads: int = 32,
        body_bytes: int = 1 << 30,
    ) -> None:
        self._map: dict[int, Any] = {}
        self._hands = ThreadedTaskDispatcher()
        adjustments = Adjustments(
            sockets=[listener],
            threads=threads,
            connection_limit=min(_CONNECTIONS, _descriptors() // 4),
            channel_timeout=_IDLE_SECONDS,
            cleanup_interval=2,
            recv_bytes=1 << 16,
            inbuf_overflow=_SPOOLED_BYTES,
            outbuf_overflow=_SPOOLED_BYTES,
            outbuf_high_watermark=1 << 40,  # no thread waits for a client
            max_request_body_size=body_bytes,
            log_socket_errors=False,
            server_name=LOOPBACK,
        )
        self._threads = threads
        self._listener = Listener(
            _guarded(application),
            self._map,
            _sock=listener,
            dispatcher=self._hands,
            adj=adjustments,
            bind_socket=False,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
        )
        self._stopped = threading.Event()
        name = f"serve-{listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)

    def start(self) -> None:
        """Serve in threads of its own."""
        self._hands.set_thread_count(self._threads)
        self._thread.start()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            wasyncore.loop(_LOOK_SECONDS, use_poll=True, map=self._map, count=1)

    def stop(self) -> None:
        """Take no more connections and close those there are."""
        self._stopped.set()
        self._hands.shutdown(timeout=0)
        if self._thread.is_alive():
            self._listener.pull_trigger()
            self._thread.join()
        wasyncore.close_all(self._map, ignore_all=True)


def _guarded(application: WSGIApplication) -> WSGIApplication:
    """Answer a request that broke the application with 500, and tell of it."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            answer = application(environ, start_response)
            return _headers_alone(answer) if environ["REQUEST_METHOD"] == "HEAD" else answer
        except Exception:  # the edge: this request fails, the server goes on
            logger.exception("request failed")
            start_response("500 Internal Server Error", list(_PARTS))
            return [b""]

    return serve


def _headers_alone(answer: Iterable[bytes]) -> Iterable[bytes]:
    """Let an answer go, whose headers are told already, as HEAD wants it."""
    if close := getattr(answer, "close", None):
        close()
    return [b""]


def _descriptors() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else 1 << 16
