"""The project's own samples: documents of every kind we read, and of many we must refuse.

    python tests/data/samples.py [FOLDER]

writes them all (2 seconds, 7 MB). The same files come out every time, but for the two with AES
encryption, which is salted. Only Pillow, pikepdf and img2pdf are needed, no fonts of the system.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from pathlib import Path

import img2pdf
import pikepdf
import PIL

if __package__ in (None, ""):  # run as a script: make the checkout importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.data import documents, images, refused  # noqa: F401 - they register their samples
from tests.data.registry import SAMPLES, Sample

__all__ = ["GENERATED", "SAMPLES", "Sample", "ensure", "write"]

GENERATED = Path(__file__).with_name("generated")


def write(folder: Path = GENERATED) -> Path:
    """Write every sample into ``folder`` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in SAMPLES.values():
        part = folder / f".{each.name}.{os.getpid()}"  # another test run may be reading
        part.write_bytes(each.make())
        part.replace(folder / each.name)
    return folder


def ensure(folder: Path = GENERATED) -> Path:
    """Return ``folder`` with every sample in it, as the present scripts and libraries make it."""
    stamp, current = folder / ".stamp", _fingerprint()
    if not stamp.exists() or stamp.read_text() != current:
        write(folder)
        stamp.write_text(current)
    return folder


def _fingerprint() -> str:
    libraries = f"{PIL.__version__} {pikepdf.__version__} {img2pdf.__version__}".encode()
    scripts = sorted(Path(__file__).parent.glob("*.py"))
    parts = [libraries, *(script.read_bytes() for script in scripts)]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the sample documents.")
    parser.add_argument("folder", nargs="?", type=Path, default=GENERATED)
    print(write(parser.parse_args().folder))


if __name__ == "__main__":
    main()
