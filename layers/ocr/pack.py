"""Pack a built layer as Lambda wants it: pack.py FOLDER ZIP. The same tree gives the same bytes."""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_TIME = (2000, 1, 1, 0, 0, 0)


def pack(folder: Path, archive: Path) -> None:
    """Write every file below ``folder`` into ``archive``, which is replaced."""
    with ZipFile(archive, "w") as target:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            entry = ZipInfo(file.relative_to(folder).as_posix(), _TIME)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = file.stat().st_mode << 16
            target.writestr(entry, file.read_bytes())


if __name__ == "__main__":
    pack(*map(Path, sys.argv[1:]))
