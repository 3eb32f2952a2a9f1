"""What one lane has read is, written down and read again, the same to the last digit."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise import first
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row

PLENTY = 12_000_000
ROWS = (
    Row((1, 2), 3, Word("Größe", Box(1 / 3, 2 / 7, 100 / 3, 20.0), 96.123456789)),
    Row((1, 2), 3, Word("12.50", Box(40.005, 2.0, 61.994999, 20.0), 0.1)),
)


def carried(found: Reading, displayed: Drawing) -> Reading | None:
    return first.load(json.loads(json.dumps(first.dump(found))), displayed, PLENTY)


@pytest.fixture
def displayed() -> Drawing:
    return Drawing(Image.new("L", (200, 100), 255), 200)


def test_nothing_is_rounded(displayed):
    found = Reading.of(displayed, ROWS)

    there = carried(found, displayed)

    assert there is not None
    assert there.rows == ROWS
    assert there.drawing.size == found.drawing.size


def test_another_drawing_is_not_what_was_read(displayed):
    found = Reading.of(displayed, ROWS)
    assert carried(found, Drawing(Image.new("L", (201, 100), 255), 200)) is None
