"""Say what looking for codes costs, and how many are found where there are none.

    python -m bench.codes FILE… [--pages 30]

Reads each page with ``codes`` off, auto and on, and prints CPU seconds per page, their ratio to
off, and the codes found, which on documents without any are false.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from bench import readers
from fanfold.errors import FanfoldError
from fanfold.model import Codes, Mode
from fanfold.ports import PageRead, ReadRequest
from fanfold.settings import WHEEL, Engine


def main() -> None:
    """Read the arguments, run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--pages", type=int, help="at most so many pages of a file")
    parser.add_argument("--tessdata", type=Path, help="folder of the languages' data")
    options = parser.parse_args()
    cpu: Counter[Codes] = Counter()
    found: dict[Codes, Counter[str]] = {how: Counter() for how in Codes}
    engine = Engine(tessdata=options.tessdata, library=WHEEL if options.tessdata else "")
    with readers.house(engine) as house:
        pages = [page for file in options.files for page in house.pages(file, options.pages)]
        for page in pages:
            for how in Codes:
                _read(house, page, how, cpu, found[how])
    for how in (Codes.OFF, Codes.AUTO, Codes.ON):
        told = ", ".join(f"{name} {count}" for name, count in found[how].most_common()) or "none"
        print(f"{how:5}{cpu[how] / 1000 / max(1, len(pages)):8.3f} CPU s per page, "
              f"{cpu[how] / max(1, cpu[Codes.OFF]):.3f} of off; found: {told}")  # fmt: skip


def _read(
    house: readers.House, page: Path, how: Codes, cpu: Counter[Codes], found: Counter[str]
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        read = house.reader.read(page, replace(ReadRequest(1, "eng", Mode.AUTO), codes=how), folder)
    except FanfoldError:
        return
    finally:
        shutil.rmtree(folder)
    if isinstance(read, PageRead):
        cpu[how] += read.page.timings["cpu"]
        found.update(code.format for code in read.page.codes)


if __name__ == "__main__":
    main()
