"""Print the tables that are found, row by row: on documents without any they are false.

    python -m bench.tables FILE… [--pages 3] [--languages eng]

FANFOLD_LIBTESSERACT, FANFOLD_TESSERACT and FANFOLD_POPPLER choose the engine, as for the service.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench import readers
from fanfold import settings
from fanfold.model import Table


def main() -> None:
    """Read the arguments, run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--pages", type=int, help="at most so many pages of a file")
    parser.add_argument("--languages", default="eng")
    options = parser.parse_args()
    pages = count = 0
    with readers.house(settings.load().engine) as house:
        for file in options.files:
            for number, source in enumerate(house.pages(file, options.pages), start=1):
                page = house.read(source, options.languages).page
                tables = [block.table for block in page.blocks if block.table] if page else []
                for table in tables:
                    print(f"{file.name} page {number}: {table.rows} × {table.columns}")
                    _print(table)
                pages, count = pages + 1, count + len(tables)
    print(f"{count} tables on {pages} pages")


def _print(table: Table) -> None:
    for row in range(table.rows):
        cells = (" ".join(cell.text.split()) for cell in table.cells if cell.row == row)
        print("  | " + " | ".join(cells), flush=True)


if __name__ == "__main__":
    main()
