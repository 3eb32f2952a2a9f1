"""Objects as files, with an index in SQLite.

A version is a file that is written once, under the object's own name where that is free, and is
there for nobody until the index has it: so nothing half is ever read, and a crash leaves at most a
file that nobody knows. What lies below ``outbox/`` is shown in a plain folder as well.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from sqlite3 import Connection
from typing import BinaryIO

from fanfold import keys
from fanfold.disk.database import Database
from fanfold.disk.links import Links
from fanfold.errors import Unavailable
from fanfold.ports import ObjectInfo, UploadForm

_UNFINISHED = ".part"
"""What the outbox's files are called until they are whole."""
_MAXIMUM_NAME = 200
"""Maximum of bytes of a file's name, with room for what tells versions apart."""
_COPIED_CHUNK = 1 << 20


class DiskObjects:
    """The ObjectStore of the ports in a folder; ``outbox`` shows what is below ``outbox/``.

    ``arrived`` is told of every object that is put, in the transaction that puts it. ``durable``:
    files, and their names, are on the disk before the index has them.
    """

    def __init__(  # noqa: PLR0913 - its parts
        self,
        database: Database,
        folder: Path,
        links: Links,
        *,
        bucket: str = "disk",
        outbox: Path | None = None,
        arrived: Callable[[ObjectInfo], None] = lambda _: None,
        durable: bool = True,
    ) -> None:
        self._database = database
        self._folder = folder
        self.links = links
        self._bucket = bucket
        self._outbox = outbox
        self._arrived = arrived
        self._durable = durable

    @property
    def bucket(self) -> str:
        """The store's name."""
        return self._bucket

    def put(self, key: str, data: bytes, media_type: str, *, owner: str = "") -> ObjectInfo:
        """Write an object."""
        return self._add(key, lambda file: _write(file, data), media_type, owner)

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        """Write an object from a file, whatever its size."""
        with path.open("rb") as source:
            self.put_stream(key, source, media_type)

    def put_stream(
        self,
        key: str,
        source: BinaryIO,
        media_type: str,
        also: Callable[[Connection, ObjectInfo], None] | None = None,
    ) -> ObjectInfo:
        """Write an object from what can be read, whatever its size.

        ``also`` is written in the transaction that makes the object known.
        """
        return self._add(
            key, lambda file: shutil.copyfileobj(source, file, _COPIED_CHUNK), media_type, also=also
        )

    def put_files(self, files: Mapping[str, Path], media_type: str) -> None:
        """Write many small objects from files."""
        for key, path in files.items():
            self.put_file(key, path, media_type)

    def put_new(self, key: str, data: bytes, media_type: str) -> bool:
        """Write an object if there is none; False if there is."""
        if self._latest(key):
            return False
        with _healing():
            file = self._written(key, lambda stream: _write(stream, data))
            with self._database.changing() as connection:
                taken = _latest(connection, key)
                if not taken:
                    self._enter(connection, key, file, len(data), media_type, "")
            if taken:
                (self._folder / file).unlink()
        return not taken

    def get(self, key: str) -> bytes | None:
        """Read a small object whole; None if it is not there."""
        path = self.path(key)
        try:
            with _healing():
                return path.read_bytes() if path else None
        except FileNotFoundError:  # removed since
            return None

    def get_many(self, keys: Iterable[str]) -> Iterator[bytes | None]:
        """Read small objects in the order of ``keys``."""
        return map(self.get, keys)

    def download(self, key: str, version: str | None, path: Path) -> bool:
        """Write an object's bytes to ``path``; False if it is not there.

        Raises OSError where ``path`` has no room.
        """
        source = self.path(key, version)
        try:
            if source:
                shutil.copyfile(source, path)
        except FileNotFoundError:
            return False
        return source is not None

    def copy(
        self, key: str, target: str, media_type: str, *, version: str | None = None, owner: str = ""
    ) -> bool:
        """Copy an object within the store, or one version; False if it is not there."""
        source = self.path(key, version)
        if source is None:
            return False
        try:
            with source.open("rb") as stream:
                self._add(
                    target,
                    lambda file: shutil.copyfileobj(stream, file, _COPIED_CHUNK),
                    media_type,
                    owner,
                )
        except FileNotFoundError:
            return False
        return True

    def list_keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys below ``prefix``, in order."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT key FROM objects WHERE key >= ? AND key < ? ORDER BY key",
                _span(prefix),
            ).fetchall()
        return (key for (key,) in rows)

    def delete(self, key: str, version: str | None = None) -> None:
        """Remove one version of an object, or all of them; one that is not there is no error."""
        if version is None:
            self._remove("key = ?", (key,))
        elif version.isdigit():
            self._remove("key = ? AND version = ?", (key, int(version)))

    def hide(self, key: str) -> None:
        """Remove an object with all of its versions: nobody restores them on one machine."""
        self.delete(key)

    def delete_owned(self, key: str, owner: str) -> None:
        """Remove the versions of an object that were written for ``owner``."""
        self._remove("key = ? AND owner = ?", (key, owner))

    def delete_prefix(self, prefix: str) -> int:
        """Remove everything below ``prefix`` with all versions; return how many objects."""
        return self._remove("key >= ? AND key < ?", _span(prefix))

    def link(self, key: str, file_name: str, media_type: str, seconds: int) -> str:
        """Return a signed link that downloads the object under ``file_name``."""
        return self.links.download(key, file_name, media_type, seconds)

    def origins(self) -> tuple[str, ...]:
        """Return nothing: links and forms lead to the API's own address."""
        return ()

    def upload_form(self, key: str, max_bytes: int, seconds: int) -> UploadForm:
        """Return a signed form for exactly this key and at most ``max_bytes``."""
        return self.links.upload(key, max_bytes, seconds)

    def path(self, key: str, version: str | None = None) -> Path | None:
        """Return the file that holds an object, for reading only; None if there is none."""
        if version is not None and not version.isdigit():
            return None
        with self._database.reading() as connection:
            if version is None:
                row = _latest(connection, key)
            else:
                row = connection.execute(
                    "SELECT file FROM objects WHERE key = ? AND version = ?", (key, int(version))
                ).fetchone()
        return self._folder / row[0] if row else None

    def show(self) -> None:
        """Make the outbox show what it has to, from nothing."""
        for key in self.list_keys(keys.OUTBOX):
            self._show(key)

    def _latest(self, key: str) -> bool:
        with self._database.reading() as connection:
            return _latest(connection, key) is not None

    def _add(
        self,
        key: str,
        fill: Callable[[BinaryIO], object],
        media_type: str,
        owner: str = "",
        also: Callable[[Connection, ObjectInfo], None] | None = None,
    ) -> ObjectInfo:
        with _healing():
            file = self._written(key, fill)
            size = (self._folder / file).stat().st_size
            with self._database.changing() as connection:
                info = self._enter(connection, key, file, size, media_type, owner)
                if also:
                    also(connection, info)
            self._show(key)
        return info

    def _enter(
        self, connection: Connection, key: str, file: str, size: int, media_type: str, owner: str
    ) -> ObjectInfo:
        row = connection.execute(
            "INSERT INTO objects (key, file, size, media_type, owner) VALUES (?, ?, ?, ?, ?)",
            (key, file, size, media_type, owner),
        )
        info = ObjectInfo(key, size, str(row.lastrowid))
        self._arrived(info)
        return info

    def _written(self, key: str, fill: Callable[[BinaryIO], object]) -> str:
        """Write a new file that is named like the object; return its path below the folder."""
        path = self._folder.joinpath(*(_file_name(part) for part in key.split("/")))
        with self._fresh(path) as stream:
            file = Path(stream.name)
            try:
                fill(stream)
                stream.flush()
                if self._durable:
                    os.fsync(stream.fileno())
                    _sync_folder(file.parent)
            except BaseException:
                file.unlink()
                raise
        return str(file.relative_to(self._folder))

    def _fresh(self, path: Path) -> BinaryIO:
        """Create a file: ``path`` where that is free, else one beside it."""
        try:
            self._make(path.parent)
            return path.open("xb")
        except FileExistsError:
            beside = path.with_name(f"{path.name}~{token_hex(8)}")
        except (NotADirectoryError, FileNotFoundError):
            # Another object's name is the beginning of this one's, or its folder went just now.
            beside = self._folder / token_hex(16)
        if not beside.parent.is_dir():
            beside = self._folder / token_hex(16)
        return beside.open("xb")

    def _make(self, folder: Path) -> None:
        """Make a folder with those above it, so that power loss takes none of them away."""
        if folder.is_dir():
            return
        self._make(folder.parent)
        folder.mkdir(exist_ok=True)
        if self._durable:
            _sync_folder(folder.parent)

    def _remove(self, condition: str, values: Sequence[object]) -> int:
        """Remove the versions that meet a condition; return of how many objects.

        The index forgets them first, for good: so whatever it names is there, at any moment and
        after a power cut. What a crash leaves is a file that nobody knows.
        """
        with self._database.changing() as connection:
            rows = connection.execute(
                f"DELETE FROM objects WHERE {condition} RETURNING key, file", values
            ).fetchall()
        if rows and self._durable:
            self._database.sync()
        gone = {key for key, _ in rows}
        with _healing():
            for _, file in rows:
                (self._folder / file).unlink(missing_ok=True)
            for key in gone:
                self._show(key)
            for folder in {(self._folder / file).parent for _, file in rows}:
                self._prune(folder, self._folder)
        return len(gone)

    def _show(self, key: str) -> None:
        """Make the outbox's file what the object is, if it belongs there."""
        if self._outbox is None or not key.startswith(keys.OUTBOX):
            return
        shown = self._outbox.joinpath(
            *(_file_name(part) for part in key.removeprefix(keys.OUTBOX).split("/"))
        )
        source = self.path(key)
        if source is None:
            shown.unlink(missing_ok=True)
            self._prune(shown.parent, self._outbox)
            return
        shown.parent.mkdir(parents=True, exist_ok=True)
        part = shown.with_name(f".{token_hex(8)}{_UNFINISHED}")
        try:
            shutil.copyfile(source, part)
            part.replace(shown)
        finally:
            part.unlink(missing_ok=True)

    def _prune(self, folder: Path, root: Path) -> None:
        """Remove folders that have become empty, upwards."""
        while folder != root and root in folder.parents:
            try:
                folder.rmdir()
            except OSError:  # something is in it, or another was faster
                return
            folder = folder.parent


def _sync_folder(folder: Path) -> None:
    """Have on the disk which names a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(file: BinaryIO, data: bytes) -> None:
    file.write(data)


def _latest(connection: Connection, key: str) -> tuple[str] | None:
    row: tuple[str] | None = connection.execute(
        "SELECT file FROM objects WHERE key = ? ORDER BY version DESC LIMIT 1", (key,)
    ).fetchone()
    return row


def _span(prefix: str) -> tuple[str, str]:
    """Return the first key that begins with ``prefix``, and the first after all of these."""
    return prefix, prefix + "\U0010ffff"


def _file_name(part: str) -> str:
    """Return a part of a key as the name of a file: itself wherever a file may be called so."""
    odd = part in ("", ".", "..") or "\0" in part or len(part.encode()) > _MAXIMUM_NAME
    if not odd:
        return part
    digest = hashlib.sha256(part.encode()).hexdigest()[:16]
    stem = part.encode()[: _MAXIMUM_NAME - len(digest) - 1].decode(errors="ignore")
    return f"{stem.replace(chr(0), '_').strip('.')}~{digest}"


@contextmanager
def _healing() -> Iterator[None]:
    """Turn what may heal into Unavailable: a full disk, an I/O error. Nothing is half then."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unavailable from error
