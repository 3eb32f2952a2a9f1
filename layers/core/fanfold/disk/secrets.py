"""Secrets as objects, encrypted by a key that never leaves the data folder and its backups."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from fanfold.ports import ObjectStore

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_SEALED = "application/octet-stream"
_PURPOSE = b"passwords"


class DiskSecrets:
    """``key`` returns the data folder's secret bytes, of which a key for this alone is made."""

    def __init__(self, objects: ObjectStore, key: Callable[[], bytes]) -> None:
        self._objects = objects
        self._secret = key

    def put(self, key: str, secret: str) -> None:
        """Keep a secret; what was there goes when it is there."""
        sealed = self._seal().encrypt(secret.encode())
        self._objects.put(key, sealed, _SEALED)

    def get(self, key: str) -> str | None:
        """Return what is kept; None if nothing is, or under another key."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - as below

        sealed = self._objects.get(key)
        try:
            return self._seal().decrypt(sealed).decode() if sealed else None
        except InvalidToken:
            return None

    def forget(self, key: str) -> None:
        """Keep nothing."""
        self._objects.delete(key)

    def _seal(self) -> Fernet:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - 6 MB, for few documents

        derived = hashlib.blake2b(self._secret(), person=_PURPOSE, digest_size=32).digest()
        return Fernet(base64.urlsafe_b64encode(derived))
