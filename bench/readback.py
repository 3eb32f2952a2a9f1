"""Say what viewers find of the words that searchable PDFs were given, in which order and where.

    python -m bench.readback FILE…                      (make interop FILES="…")

Reads each document with the page engine as `fanfold extract` does, and opens the searchable PDF
with each viewer that is there (see ``bench.viewers``). Prints for pages that were recognised, by
viewer, the share of words found (a word that a hyphen parts may come out joined), the share that
comes in order, and the median of what the viewer's box of a word and ours have in common (IoU).
Names the pages below the limits.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from statistics import median

from bench import viewers
from bench.viewers import Found
from fanfold import pagejson
from fanfold.model import Box, Page, Source

FOUND, IN_ORDER = 0.995, 0.97
"""Minimum shares of a viewer's words; poppler's own order may have 0.9."""


@dataclass
class Tally:
    """What a viewer did with all pages so far."""

    words: int = 0
    found: int = 0
    in_order: int = 0
    overlaps: list[float] = field(default_factory=list)

    def add(self, page: Page, given: Sequence[Found]) -> tuple[float, float]:
        """Count a page; return the shares of its words that were found, and found in order."""
        wanted = [word for block in page.blocks for line in block.lines for word in line.words]
        texts = [word.text.replace("\u00ad", "-") for word in wanted]
        have = parted([one.text for one in given], texts)
        found = sum((Counter(texts) & Counter(have)).values())
        same = SequenceMatcher(None, texts, have, autojunk=False).get_matching_blocks()
        in_order = sum(block.size for block in same)
        if len(have) == len(given):
            pairs = [(block.a + n, block.b + n) for block in same for n in range(block.size)]
            self.overlaps += [
                _overlap(wanted[ours].box, its)
                for ours, theirs in pairs
                if (its := given[theirs].box) is not None
            ]
        self.words += len(texts)
        self.found += found
        self.in_order += in_order
        return found / max(1, len(texts)), in_order / max(1, len(texts))

    def __str__(self) -> str:
        total = max(1, self.words)
        boxes = f"{median(self.overlaps):.2f}" if self.overlaps else "   –"
        return f"{self.found / total:.4f}   {self.in_order / total:.4f}   {boxes}   {self.words}"


def main() -> None:
    """Read the arguments, make the PDFs, open them and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--lang", default="eng")
    options = parser.parse_args()
    there = viewers.all_there()
    tallies = {name: Tally() for name in there}
    with tempfile.TemporaryDirectory() as folder:
        pdfs = made(options.files, options.lang, Path(folder))
        for pdf in pdfs:
            data = json.loads(pdf.with_suffix(".json").read_text())["pages"]
            pages = [pagejson.load(page) for page in data]
            for name, viewer in there.items():
                for page, given in zip(pages, viewer(pdf), strict=True):
                    if page.source is not Source.OCR:  # others hold the original's own words
                        continue
                    found, in_order = tallies[name].add(page, given)
                    if found < FOUND or in_order < IN_ORDER:
                        shares = f"{found:.3f} found, {in_order:.3f} in order"
                        print(f"{name:8} {shares}: {pdf.name}, page {page.number}")
    print(f"{len(pdfs)} documents\n\nviewer   found    in order   IoU   words")
    for name, tally in tallies.items():
        print(f"{name:8} {tally}")


def made(files: Sequence[Path], languages: str, folder: Path) -> list[Path]:
    """Make each file's searchable PDF and its JSON; return the PDFs."""
    fanfold = str(Path(sys.executable).with_name("fanfold"))
    command = (fanfold, "extract", "--no-service", "--lang", languages)
    formats = ("-f", "pdf", "-f", "json", "--out", str(folder))
    subprocess.run((*command, *formats, *map(str, files)), check=False, stdout=subprocess.DEVNULL)
    return sorted(folder.glob("*.pdf"))


def parted(have: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Return a viewer's words with those taken apart again that it joined at a hyphen.

    Only as often as both parts are lacking: the page may have the whole word elsewhere.
    """
    joined = {
        head[:-1] + hyphen + tail: (head, tail)
        for head, tail in pairwise(wanted)
        if head.endswith("-")
        for hyphen in ("", "-")
    }
    lacking, parted = Counter(wanted) - Counter(have), list[str]()
    for word in have:
        parts = joined.get(word, (word,))
        if len(parts) > 1 and not all(lacking[part] > 0 for part in parts):
            parts = (word,)
        lacking.subtract(parts)
        parted += parts
    return parted


def _overlap(one: Box, other: Box) -> float:
    """Return what two boxes have in common, as a share of what both cover."""
    common = max(0.0, one.common_width(other)) * max(0.0, one.common_height(other))
    return common / (one.width * one.height + other.width * other.height - common)


if __name__ == "__main__":
    main()
