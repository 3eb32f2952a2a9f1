"""Compare two builds of tesseract: their CPU time, memory and text, page by page, in one run.

    python -m bench.tesseract FOLDER REFERENCE [FILE] [--dpi 200] [--lang eng]

FOLDER and REFERENCE are layers as layers/ocr builds them (`build/ocr`); without a FILE the
generated scan is read. Both see the same pictures, drawn by the reference, and take turns.
Ends with 1 where a text differs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.data.samples import ensure


@dataclass(frozen=True, slots=True)
class Reading:
    """What one program made of one page; ``cpu`` in seconds, ``peak`` resident set in MB."""

    text: bytes
    cpu: float
    peak: float


def main() -> None:
    """Read the arguments, measure, print and exit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("reference", type=Path)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--lang", default="eng")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        file = options.file or ensure() / "scan.pdf"
        pages = draw(options.reference, file, options.dpi, Path(scratch))
        arguments = ["--dpi", str(options.dpi), "-l", options.lang, "quiet"]
        pairs = [
            (read(options.folder, page, arguments), read(options.reference, page, arguments))
            for page in pages
        ]
    sys.exit(0 if report(pairs) else 1)


def draw(layer: Path, file: Path, dpi: int, folder: Path) -> list[Path]:
    """Draw every page in grey and return the pictures."""
    command = [
        str(layer / "bin/pdftoppm"),
        "-gray",
        "-r",
        str(dpi),
        str(file),
        str(folder / "page"),
    ]
    subprocess.run(command, check=True)
    return sorted(folder.glob("page*.pgm"))


def read(layer: Path, picture: Path, arguments: list[str]) -> Reading:
    """Read one picture."""
    command = [str(layer / "bin/tesseract"), str(picture), "-", *arguments]
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command)
        output.seek(0)
        return Reading(output.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def report(pairs: list[tuple[Reading, Reading]]) -> bool:
    """Print what was measured; return whether every text is the same."""
    same = sum(ours.text == theirs.text for ours, theirs in pairs)
    ours, theirs = zip(*pairs, strict=True)
    spent = sum(each.cpu for each in ours), sum(each.cpu for each in theirs)
    peaks = max(each.peak for each in ours), max(each.peak for each in theirs)
    print(f"pages            {len(pairs)}, {same} with the same text")
    print(f"CPU              {spent[0]:.1f} : {spent[1]:.1f} s, ratio {spent[0] / spent[1]:.2f}")
    print(f"peak memory      {peaks[0]:.0f} : {peaks[1]:.0f} MB, ratio {peaks[0] / peaks[1]:.2f}")
    return same == len(pairs)


if __name__ == "__main__":
    main()
