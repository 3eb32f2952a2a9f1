"""Signed links and forms over HTTP: results out, uploads in, whatever their size."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import parse_qsl, unquote

import multipart

from fanfold import names
from fanfold.disk.links import PATH
from fanfold.disk.objects import DiskObjects
from fanfold.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_CHUNK = 1 << 16
_MAXIMUM_FIELD_BYTES = 1 << 16
"""Maximum of bytes of a form's fields, which are kept in memory; its file is not."""

Answer = tuple[HTTPStatus, list[tuple[str, str]], "Iterable[bytes]"]


class Files:
    """A WSGI application below ``/files/``."""

    def __init__(self, objects: DiskObjects) -> None:
        self._objects = objects

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        method = environ["REQUEST_METHOD"]
        if method in ("GET", "HEAD"):
            status, headers, body = self._read(environ)
        elif method == "POST":
            status, headers, body = self._write(environ)
        else:
            status, headers, body = _refused(HTTPStatus.METHOD_NOT_ALLOWED, "There is no such way.")
        start(f"{int(status)} {status.phrase}", headers)
        return body if method != "HEAD" else []

    def _read(self, environ: WSGIEnvironment) -> Answer:
        path, _, query = environ["REQUEST_URI"].partition("?")
        key = unquote(path.removeprefix(PATH))
        grant = self._objects.links.read_link(key, dict(parse_qsl(query, keep_blank_values=True)))
        if grant is None:
            return _refused(HTTPStatus.FORBIDDEN, "The link is not valid, or no longer.")
        found = self._objects.path(key)
        try:
            file = found.open("rb") if found else None
        except FileNotFoundError:  # removed since
            file = None
        if file is None:
            return _refused(HTTPStatus.NOT_FOUND, "There is nothing here any more.")
        headers = [
            ("Content-Type", grant.media_type),
            ("Content-Disposition", names.attachment(grant.name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "private, no-store"),
            ("Accept-Ranges", "bytes"),
        ]
        return _sent(file, environ.get("HTTP_RANGE", ""), headers)

    def _write(self, environ: WSGIEnvironment) -> Answer:
        """Take an upload: the fields of its form, and then the file."""
        _, options = multipart.parse_options_header(environ.get("CONTENT_TYPE", ""))
        length = int(environ.get("CONTENT_LENGTH") or 0)
        parser = multipart.MultipartParser(
            environ["wsgi.input"],
            options.get("boundary", ""),
            length,
            memory_limit=_MAXIMUM_FIELD_BYTES * 4,
            spool_limit=_MAXIMUM_FIELD_BYTES,
            disk_limit=length + 1,
            partsize_limit=length + 1,
        )
        with ExitStack() as opened:
            form: dict[str, Any] = {}
            try:
                for part in parser:
                    opened.callback(part.close)
                    form[part.name] = part
                file = form.pop("file", None)
                fields = {name: part.raw.decode() for name, part in form.items()}
            except (multipart.MultipartError, UnicodeDecodeError):
                return _refused(HTTPStatus.BAD_REQUEST, "The form cannot be read.")
            return self._take(fields, file)

    def _take(self, fields: dict[str, str], file: Any) -> Answer:  # noqa: ANN401 - a form's part
        grant = self._objects.links.read_form(fields)
        if grant is None or file is None:
            return _refused(HTTPStatus.FORBIDDEN, "The form is not valid, or no longer.")
        if file.size > grant.max_bytes:
            return _refused(HTTPStatus.BAD_REQUEST, "The file is larger than allowed.")
        try:
            self._objects.put_stream(grant.key, file.file, "application/octet-stream")
        except Unavailable:
            return _refused(HTTPStatus.INSUFFICIENT_STORAGE, "There is no room for the file.")
        return HTTPStatus.NO_CONTENT, [], []


def _refused(status: HTTPStatus, message: str) -> Answer:
    body = json.dumps({"message": message}).encode()
    return (
        status,
        [("Content-Type", "application/json"), ("Content-Length", str(len(body)))],
        [body],
    )


def _sent(file: BinaryIO, wish: str, headers: list[tuple[str, str]]) -> Answer:
    """Send a file, or the part of it that one range asks for."""
    size = Path(file.name).stat().st_size
    match = _RANGE.fullmatch(wish)
    first, last = 0, size - 1
    if match and (match[1] or match[2]):
        first = int(match[1]) if match[1] else max(0, size - int(match[2]))
        last = min(last, int(match[2])) if match[1] and match[2] else last
        if first > last:
            file.close()
            headers = [("Content-Range", f"bytes */{size}"), ("Content-Length", "0")]
            return HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers, []
        headers.append(("Content-Range", f"bytes {first}-{last}/{size}"))
    length = last - first + 1
    headers.append(("Content-Length", str(length)))
    status = HTTPStatus.PARTIAL_CONTENT if length < size else HTTPStatus.OK
    return status, headers, _chunks(file, first, length)


def _chunks(file: BinaryIO, first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (chunk := file.read(min(_CHUNK, length))):
            length -= len(chunk)
            yield chunk


def digest_of(stream: BinaryIO) -> str:
    """Return the SHA-256 of what can be read, and go back to its beginning."""
    found = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        found.update(chunk)
    stream.seek(0)
    return found.hexdigest()
