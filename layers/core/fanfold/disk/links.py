"""Short-lived links to objects, signed by a key that never leaves the data folder.

A link says everything itself: which object, under which name and type, until when. An upload's
form does so in its fields: for one key and so many bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from fanfold.ports import Clock, UploadForm

PATH = "/files/"
"""Below which links lead, and where forms are sent to."""

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Download:
    """What a link allows: to read ``key``, which is saved as ``name``."""

    key: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form allows: to write ``key``, with at most ``max_bytes``."""

    key: str
    max_bytes: int


class Links:
    """Makes and reads links. ``base`` is the address of the service as its client knows it."""

    def __init__(self, secret: bytes, clock: Clock, base: str = "http://localhost") -> None:
        self._secret = secret
        self._clock = clock
        self.base = base

    def download(self, key: str, name: str, media_type: str, seconds: int) -> str:
        """Return a link that downloads an object under ``name``."""
        until = str(self._until(seconds))
        signature = self._signature("GET", key, name, media_type, until)
        query = {"name": name, "type": media_type, "until": until, "signature": signature}
        return f"{self.base}{PATH}{quote(key)}?{urlencode(query, quote_via=quote)}"

    def upload(self, key: str, max_bytes: int, seconds: int) -> UploadForm:
        """Return a form for exactly this key and at most ``max_bytes``."""
        until, most = self._until(seconds), str(max_bytes)
        signature = self._signature("POST", key, most, str(until))
        fields = {"key": key, "max_bytes": most, "until": str(until), "signature": signature}
        return UploadForm(self.base + PATH, fields, until)

    def read_link(self, key: str, query: Mapping[str, str]) -> Download | None:
        """Return what a link allows now; None where it is none of ours, or over."""
        name, media_type = query.get("name", ""), query.get("type", "")
        parts = ("GET", key, name, media_type, query.get("until", ""))
        return Download(key, name, media_type) if self._holds(query, *parts) else None

    def read_form(self, fields: Mapping[str, str]) -> Upload | None:
        """Return what a form allows now; None where it is none of ours, or over."""
        key, most = fields.get("key", ""), fields.get("max_bytes", "")
        parts = ("POST", key, most, fields.get("until", ""))
        return Upload(key, int(most)) if self._holds(fields, *parts) else None

    def _holds(self, given: Mapping[str, str], *parts: str) -> bool:
        signature = self._signature(*parts).encode()
        signed = hmac.compare_digest(given.get("signature", "").encode(), signature)
        return signed and int(parts[-1]) > self._clock.now()

    def _until(self, seconds: int) -> int:
        return self._clock.now() + seconds * 1000

    def _signature(self, *parts: str) -> str:
        return hmac.new(self._secret, json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def secret(path: Path) -> bytes:
    """Return the key in a file, which is made where there is none; only its owner may read it."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(_KEY_BYTES))
        with suppress(FileExistsError):  # another process was faster
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_bytes()
