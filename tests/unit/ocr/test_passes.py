"""The table of passes over what was read, and of the steps from words to blocks."""

import pytest
from PIL import Image

from fanfold.errors import OutOfMemory, PageTimeout, RecognitionFailed
from fanfold.model import Box, Word
from fanfold.ocr.isolation.task import Stopwatch
from fanfold.ocr.passes import leaving_out, table
from fanfold.ocr.passes.means import Means
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.unit.ocr.engines import PLENTY, Engine

DOUBTFUL = Reading.of(
    Drawing(Image.new("L", (400, 600), 255), 150),
    tuple(
        Row(("1", "0"), "1", Word(text, Box(50 * n, 10, 50 * n + 40, 36), 55.0))
        for n, text in enumerate(("some", "words", "of", "it"))
    ),
)


def passed(engine, without=()):
    """Return what became of a doubtful reading, and which passes were timed."""
    watch = Stopwatch()
    means = Means(engine, PLENTY, redraw=lambda factor: None)
    return table.passed(DOUBTFUL, means, watch, without), set(watch.laps)


def test_passes_and_steps_have_names_of_their_own():
    assert len(set(leaving_out.OPTIONAL)) == len(leaving_out.OPTIONAL)


def test_only_passes_with_a_reason_are_run_and_timed():
    engine = Engine()
    _, laps = passed(engine)
    assert "doubtful" in laps
    assert not laps & {"cells", "unread-ink", "run-together"}
    assert engine.shown


def test_a_pass_that_is_left_out_does_not_look():
    engine = Engine()
    _, laps = passed(engine, without=("doubtful",))
    assert "doubtful" not in laps
    assert not engine.shown


@pytest.mark.parametrize("error", [OutOfMemory(), PageTimeout()])
def test_what_was_read_stands_whatever_becomes_of_further_looks(error):
    found, _ = passed(Engine(error=error), without=("noise",))
    assert found.rows == DOUBTFUL.rows


def test_a_pass_that_there_is_not_cannot_be_left_out():
    leaving_out.check(leaving_out.OPTIONAL)
    with pytest.raises(RecognitionFailed, match="no pass doubtfull, sounds; there are "):
        leaving_out.check(("sounds", "noise", "doubtfull"))
