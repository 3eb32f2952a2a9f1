"""document.zip: all other results that were asked for, in one file."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

_PACKED = (".pdf", ".xlsx", ".zip")
"""Suffixes of what would not become smaller."""


def pack(files: Iterable[Path], target: Path) -> None:
    """Write ``files`` to ``target``, without their folder and times; the same give the same."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.name)
            packed = path.suffix in _PACKED
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.file_size = path.stat().st_size
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, archive.open(entry, "w") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
