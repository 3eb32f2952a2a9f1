"""moto as a server on loopback: the embedded S3, SQS, DynamoDB and EventBridge."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from werkzeug.formparser import parse_form_data

from infra.http.serving import Server, loopback_only
from infra.rehearsal.policy import MALFORMED, Upload, Violation, violation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from werkzeug.datastructures import FileStorage

_FORM = "application/x-www-form-urlencoded"
_THREADS = 64
"""Maximum of requests at once; every queue that is polled holds one."""
SERVICES = frozenset({"dynamodb", "events", "s3", "sqs"})
"""What is rehearsed. moto has more, and ways to look into its state, change it and record it."""
_BINARY = "binary/octet-stream"  # what S3 assumes where nothing is said
_BUCKET = re.compile(r"/+[^/]+/*")
_running = threading.Lock()


class AlreadyRunning(Exception):
    """There is one embedded cloud in a process: moto's state is the process's."""


class EmbeddedAws:
    """Serves moto on a socket that is bound already, so that its URL is known before it runs.

    ``services`` are those of AWS that answer, as moto calls them.
    """

    def __init__(self, listener: socket.socket, services: frozenset[str] = SERVICES) -> None:
        self._listener = listener
        self._services = services
        self.url = "http://{}:{}".format(*listener.getsockname())
        self._server: Server | None = None

    def start(self) -> None:
        """Load moto and serve it; takes about a second, nearly all of it imports."""
        if not _running.acquire(blocking=False):
            raise AlreadyRunning("An embedded cloud runs in this process already.")
        # any web page could read the documents otherwise
        os.environ.setdefault("MOTO_DISABLE_GLOBAL_CORS", "true")
        from moto.moto_server import werkzeug_app as moto  # noqa: PLC0415 - a second, in parallel

        from infra.rehearsal import quirks  # noqa: PLC0415 - imports moto

        quirks.install()

        def backend(service: Any) -> Any:  # noqa: ANN401 - Flask and names that only moto has
            return moto.create_backend_app(service) if service in self._services else _nothing

        application = moto.DomainDispatcherApplication(backend)
        guarded = _guarded(application, quirks.GUARD, quirks.Closing)
        self._server = Server(self._listener, loopback_only(guarded), threads=_THREADS)
        self._server.start()

    def stop(self) -> None:
        """Stop serving and forget everything. Harmless before start."""
        if self._server is None:
            self._listener.close()
            return
        from infra.rehearsal import quirks  # noqa: PLC0415 - imports moto

        quirks.close()
        self._server.stop()
        self._server = None
        _running.release()


def _nothing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Length", "0")])
    return [b""]


def _guarded(
    application: WSGIApplication, guard: threading.RLock, closing: type[Exception]
) -> WSGIApplication:
    """One request at a time; its body has arrived, so a slow sender holds nobody up."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _keep_form_puts(environ)
        refusal = _refused_upload(environ)
        environ["wsgi.input"].seek(0)
        if refusal is not None:
            start_response(f"{refusal.status} Refused", [("Content-Type", "application/xml")])
            return [refusal.xml()]
        with guard:
            try:
                return application(environ, start_response)
            except closing:  # a long poll when the cloud stops
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return [b""]

    return serve


def _refused_upload(environ: WSGIEnvironment) -> Violation | None:
    """Check a form upload to a bucket against its policy."""
    if environ["REQUEST_METHOD"] != "POST":
        return None
    if not environ.get("CONTENT_TYPE", "").strip().lower().startswith("multipart/form-data"):
        is_form = _BUCKET.fullmatch(environ["PATH_INFO"]) and not environ.get("QUERY_STRING")
        return MALFORMED if is_form else None
    _, form, files = parse_form_data(environ)
    upload = Upload(
        environ["PATH_INFO"].strip("/"),
        list(form.items(multi=True)),
        [(name, _size(file)) for name, file in files.items(multi=True)],
    )
    return violation(upload, datetime.now(UTC))


def _size(file: FileStorage) -> int:
    """Return a file's bytes, and let go of it."""
    with file.stream as stream:
        return stream.seek(0, os.SEEK_END)


def _keep_form_puts(environ: WSGIEnvironment) -> None:
    """Let a PUT of curl's default type through as bytes: moto would parse it away."""
    if environ["REQUEST_METHOD"] == "PUT" and environ.get("CONTENT_TYPE", "").startswith(_FORM):
        environ["CONTENT_TYPE"] = _BINARY
