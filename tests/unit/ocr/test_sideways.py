import pytest

from fanfold.model import Box, Word
from fanfold.ocr.layer import sideways
from fanfold.ocr.words import Row


def line(text, step, number="0"):
    """Give a line's words, each ``step`` points further than the one before."""
    dx, dy = step
    for place, word in enumerate(text.split()):
        box = Box(300 + dx * place, 300 + dy * place, 310 + dx * place, 310 + dy * place)
        yield Row(("0", "0"), number, Word(word, box, 100))


@pytest.mark.parametrize(
    ("step", "angle"), [((30, 0), 0), ((0, 30), 270), ((-30, 0), 180), ((0, -30), 90)]
)
def test_the_way_from_word_to_word_says_how_the_page_lies(step, angle):
    assert sideways.angle(list(line("one two three four five", step))) == angle


def test_scripts_that_run_to_the_left_do_not_stand_on_their_head():
    assert sideways.angle(list(line("שלום עולם טוב מאוד היום", (-30, 0)))) == 0


def test_an_axis_of_a_figure_is_not_the_page():
    rows = [*line("one two three four five six seven", (30, 0)), *line("a b c d", (0, -30), "1")]
    assert sideways.angle(rows) == 0


def test_steps_from_line_to_line_do_not_count():
    rows = [row for n in range(9) for row in line("word", (0, 30), str(n))]
    assert sideways.angle(rows) == 0
