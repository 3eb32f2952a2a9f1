"""Read the pages of a document with the engine and nothing around it; nothing is kept or printed.

    python -m bench.alone FILE PAGES LANGUAGES

What this program takes, from its start, is what ``bench.endtoend`` calls the engine's. The
environment names the engine, as a function's does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench import readers
from fanfold import settings


def main() -> None:
    """Read at most so many pages, and exit with 1 where one cannot be read."""
    file, pages, languages = sys.argv[1:]
    with readers.house(settings.load().engine) as house:
        cut = house.pages(Path(file), int(pages))
        failed = [error for page in cut if (error := house.read(page, languages).error)]
    sys.exit(bool(failed) or not cut)


if __name__ == "__main__":
    main()
