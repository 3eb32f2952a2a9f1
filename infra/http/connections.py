"""waitress's connections, and how long one may take to say what it wants or to listen.

Its own limit is on silence alone: a client that sends a byte now and then would be kept for ever.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, get_header_lines
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, WSGITask

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HEADERS = "fanfold.headers"
"""Key of a request's environ: its headers as they were sent, in order."""
HEAD_SECONDS = 20.0
"""Maximum from a request's first byte to the end of its headers."""
SILENT_SECONDS = 60.0
"""Maximum without a byte, in the middle of a request or of an answer that is not fetched."""
BODY_RATE = 16 * 1024
"""Minimum of bytes a second that a body brings, beyond the time that the other two allow."""

Headers = list[tuple[str, str]]


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request that remembers its headers as they were sent: WSGI joins repeated ones."""

    sent: Headers
    began: float

    def __init__(self, adjustments: Any) -> None:  # noqa: ANN401
        super().__init__(adjustments)
        self.began, self.sent = time.time(), []

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head; raises what the connection answers with 400 or 501."""
        super().parse_header(header_plus)
        for line in get_header_lines(header_plus.partition(b"\r\n")[2]):
            name, _, value = line.decode("latin-1").partition(":")
            self.sent.append((name, value.strip(" \t")))

    def is_late(self, now: float) -> bool:
        """Tell whether this request takes longer than it may to arrive."""
        allowed = HEAD_SECONDS
        if self.headers_finished:
            allowed += SILENT_SECONDS + self.body_bytes_received / BODY_RATE
        return now - self.began > allowed


class Refusal(ErrorTask):  # type: ignore[misc]
    """What is no request is answered with JSON, as API Gateway does, and closed."""

    def execute(self) -> None:
        """Write the answer."""
        error = self.request.error
        body = json.dumps({"message": error.reason}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Task(WSGITask):  # type: ignore[misc]
    """A call of the application."""

    def get_environment(self) -> WSGIEnvironment:
        """Add the headers as they were sent, and the address under the name moto looks for."""
        environ: WSGIEnvironment = super().get_environment()
        environ[HEADERS] = self.request.sent
        environ["RAW_URI"] = environ["REQUEST_URI"]
        return environ


class Connection(HTTPChannel):  # type: ignore[misc]
    """One client. Only a complete request costs a thread."""

    parser_class = Request
    task_class = Task
    error_task_class = Refusal

    def send_continue(self) -> None:
        """Ask for the body, but for none that is there, empty or refused: waitress would wait."""
        if not self.request.completed:
            super().send_continue()

    def is_overdue(self, now: float) -> bool:
        """Tell whether the client has used up its time for sending, or does not fetch."""
        silent = bool(now - self.last_activity > SILENT_SECONDS)
        request: Request | None = self.request
        if request is not None:
            return silent or request.is_late(now)
        return silent and bool(self.total_outbufs_len)


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """Accepts connections and closes those that are overdue."""

    channel_class = Connection

    def pull_trigger(self) -> None:
        """Wake the thread that talks to the clients; it may be gone, and its pipe another's."""
        if not self.trigger._closed:
            super().pull_trigger()

    def maintenance(self, now: float) -> None:
        """Close the overdue, and what has been idle for ``channel_timeout``; every few seconds."""
        super().maintenance(now)
        for connection in tuple(self.active_channels.values()):
            if connection.is_overdue(now):
                # at once: what waits to be written to may never be writable again
                connection.will_close = True
                connection.handle_close()
