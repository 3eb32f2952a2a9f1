from __future__ import annotations

import pytest

from fanfold.ocr.isolation.task import Task
from fanfold.ocr.recognise import tesseract
from fanfold.ocr.recognise.tesseract import NARROW, NARROWED_DPI


def width(languages: str, scan_dpi: float) -> float:
    task = Task("", "", 1, languages, "auto", "tesseract", None, 1_000_000, scan_dpi=scan_dpi)
    return tesseract.for_task(task).width


@pytest.mark.parametrize("languages", ["eng", "eng+deu"])
def test_lines_of_fine_scans_are_read_narrower(languages):
    assert width(languages, NARROWED_DPI) == NARROW


@pytest.mark.parametrize(
    ("languages", "scan_dpi"),
    [("eng", NARROWED_DPI - 1), ("eng", 0), ("jpn", 300), ("eng+rus", 300), ("script/Latn", 300)],
)
def test_coarse_scans_and_other_scripts_keep_their_width(languages, scan_dpi):
    assert width(languages, scan_dpi) == 1
