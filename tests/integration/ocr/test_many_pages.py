"""The largest document there may be: told from one that is larger, in bounded memory."""

from __future__ import annotations

import re
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pytest

from fanfold.errors import TooManyPages
from fanfold.model import MEGABYTE, Limits
from fanfold.ocr.document.probe import probe
from fanfold.stages.intake import _select

MOST = Limits().document_pages
LIGHT = 400 * MEGABYTE
"""Less than half of what the functions that open documents have."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a PDF of one page more than there may be."""
    path = tmp_path_factory.mktemp("large") / "large.pdf"
    pdf = pikepdf.new()
    for _ in range(MOST + 1):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.save(path)
    return path


def _measured(path: str) -> tuple[int, int]:
    """Return the pages and the peak in bytes: of this program, as getrusage adds its starter's."""
    pages = probe(path, 1_000_000)["pages"]
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return pages, int(peak) * 1024


def test_fifty_thousand_pages_are_taken_and_one_more_is_refused(large: Path):
    with get_context("spawn").Pool(1) as pool:
        pages, memory = pool.apply(_measured, (str(large),))
    print(f"{pages} pages counted within {memory // MEGABYTE} MB")
    assert len(_select("", pages - 1, Limits())) == MOST
    with pytest.raises(TooManyPages):
        _select("", pages, Limits())
    assert memory < LIGHT
