import pytest

from fanfold.model import Box, Word
from fanfold.ocr.recognise import tsv
from fanfold.ocr.words import blocks_of, placed

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def table(*words):
    """Write rows of (block, paragraph, line, left, confidence, text)."""
    lines = [
        f"5\t1\t{block}\t{par}\t{line}\t1\t{left}\t20\t30\t10\t{conf}\t{text}"
        for block, par, line, left, conf, text in words
    ]
    return "\n".join([HEAD, "1\t1\t0\t0\t0\t0\t0\t0\t600\t800\t-1\t", *lines, ""])


def texts(blocks):
    return [[line.text for line in block.lines] for block in blocks]


def test_words_are_gathered_into_lines_and_paragraphs():
    words = table(
        (1, 1, 1, 10, 96, "a"), (1, 1, 1, 50, 95, "b"), (1, 1, 2, 10, 9, "c"), (1, 2, 1, 1, 9, "d")
    )
    assert texts(blocks_of(tsv.rows(words))) == [["a b", "c"], ["d"]]


def test_words_can_be_put_to_another_place():
    (row,) = placed(tsv.rows(table((1, 1, 1, 150, 96.5, "word"))), lambda box: Box(*range(4)))
    assert row.word == Word("word", Box(0, 1, 2, 3), 96.5)


def test_a_line_and_a_paragraph_are_as_large_as_what_stands_in_them():
    words = table((1, 1, 1, 10, 96, "a"), (1, 1, 1, 50, 95, "b"))
    (block,) = blocks_of(tsv.rows(words))
    assert block.box == block.lines[0].box == Box(10, 20, 80, 30)


@pytest.mark.parametrize("text", ["", " ", "\x07", "\u200b", "\u00a0", "\ue000"])
def test_words_that_show_nothing_are_left_out(text):
    assert list(tsv.rows(table((1, 1, 1, 10, 96, text)))) == []


def test_rows_that_are_no_words_are_left_out():
    assert list(tsv.rows(table((1, 1, 1, 10, -1, "word")))) == []
    assert list(tsv.rows(table((1, 1, 1, "nan", 90, "word")))) == []
    assert list(tsv.rows("no table\tat all")) == []


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("tab\x0bbed", "tabbed"),
        ("exam\u00ad", "exam-"),
        ("\u202eevil", "evil"),
        ("a\u200cb", "a\u200cb"),
        ("\ufffd?", "\ufffd?"),
    ],
)
def test_control_and_invisible_characters_are_stripped(raw, clean):
    assert tsv.clean(raw) == clean


def test_no_words_make_no_blocks():
    assert blocks_of(tsv.rows(table())) == ()
