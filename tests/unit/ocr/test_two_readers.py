import math
from dataclasses import replace

import pytest
from PIL import Image

from fanfold.model import Box, Readers, Word
from fanfold.ocr.isolation import room
from fanfold.ocr.isolation.task import Task
from fanfold.ocr.passes import agreement, second_reader
from fanfold.ocr.recognise import choice
from fanfold.ocr.recognise.neural import models, oblong
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.unit.ocr.test_doubtful_pages import PICTURE


def row(text, x, confidence=99.0, y=0, line="0", width=60):
    return Row(("1", "1"), line, Word(text, Box(x, y, x + width, y + 20), confidence))


def agreed(ours, theirs):
    return [found.word for found in agreement.agreed(ours, theirs)]


def test_a_word_that_both_read_alike_is_sure_and_has_the_box_of_letters():
    [word] = agreed([row("total", 0, width=70)], [row("total", 2, 92.0)])
    assert (word.text, word.sure, word.alternative) == ("total", True, "")
    assert word.box.x0 == 2


def test_a_box_that_is_hardly_the_same_is_not_taken_over():
    [word] = agreed([row("total", 0)], [row("total", 30, width=300)])
    assert word.box.x1 == 60


@pytest.mark.parametrize("ours, theirs", [(90.0, 95.0), (99.0, 20.0)])
def test_what_one_of_them_guesses_is_not_sure(ours, theirs):
    [word] = agreed([row("total", 0, ours)], [row("total", 0, theirs)])
    assert word.sure is False


def test_where_they_differ_the_neural_reader_counts_and_the_other_word_is_kept():
    [word] = agreed([row("8.20", 0)], [row("6.20", 0, 95.0)])
    assert (word.text, word.sure, word.alternative) == ("8.20", False, "6.20")
    assert word.confidence <= 85


@pytest.mark.parametrize(
    ("text", "confidence", "stays"),
    [("40", 96.0, True), ("3", 91.0, True), ("3", 80.0, False), ("il", 96.0, False)],
)
def test_a_number_that_only_tesseract_has_stays_and_a_speck_does_not(text, confidence, stays):
    words = agreed([row("total", 0)], [row("total", 0), row(text, 400, confidence)])
    assert (text in [word.text for word in words]) is stays


@pytest.mark.parametrize(("width", "text"), [(140, "SUBJECT:"), (40, "S:")])
def test_a_word_of_fewer_letters_than_stand_there_gives_way(width, text):
    [word] = agreed([row("S:", 0, 80.0, width=width)], [row("SUBJECT:", 0, 60.0, width=width)])
    assert (word.text, word.sure) == (text, False)


def test_a_doubting_neural_reader_gives_way():
    [word] = agreed([row("aty", 0, 82.0)], [row("Qty", 0, 96.0)])
    assert (word.text, word.alternative) == ("Qty", "aty")


def test_words_that_are_cut_otherwise_stay_together():
    words = agreed([row("INVOICE", 0, width=140)], [row("INV", 0), row("0ICE", 80)])
    assert [(w.text, w.alternative) for w in words] == [("INVOICE", "INV 0ICE")]


def test_spaces_that_the_neural_reader_left_out_are_put_again():
    words = agreed([row("andcloses", 0, width=140)], [row("and", 0, 90), row("closes", 80, 90)])
    assert [(w.text, w.alternative) for w in words] == [("and", "andcloses"), ("closes", "")]


def test_a_box_over_two_lines_moves_no_word():
    ours = [row("one", 0, y=0), row("two", 0, y=22, line="1")]
    tall = Row(("1", "1"), "0", Word("otnweo", Box(0, 0, 60, 42), 40.0))
    found = list(agreement.agreed(ours, [tall]))
    assert [(one.line, one.word.text) for one in found] == [("0", "one"), ("1", "two")]


def test_only_sure_words_are_taken_that_one_reader_alone_has():
    theirs = [
        row("total", 0),
        row("there", 200, 95.0),
        row("|", 400, 95.0),
        row("guess", 600, 70.0),
    ]
    assert [w.text for w in agreed([row("total", 0)], [row("total", 0), *theirs])] == [
        "total",
        "there",
    ]


@pytest.mark.parametrize(
    "doubtful, words, wanted", [(0, 100, False), (6, 80, False), (8, 100, True), (3, 10, True)]
)
def test_pages_with_many_doubtful_words_have_a_second_reader(doubtful, words, wanted):
    rows = [
        row(f"word{n}", 0, 50.0 if n < doubtful else 95.0, width=50 + 10 * (n % 3))
        for n in range(words)
    ]
    assert second_reader.wanted(Reading.of(PICTURE, tuple(rows))) is wanted


@pytest.mark.parametrize(("size", "whether"), [((850, 16000), True), ((16000, 850), False)])
def test_a_long_roll_is_read_by_both_and_a_banner_by_tesseract_alone(size, whether):
    picture = PICTURE.showing(Image.new("L", size, 255))
    second = choice.Second(None, True, 0)
    assert second_reader.asked(Reading.of(picture), second) is whether


@pytest.mark.parametrize(("narrow", "wanted"), [(12, True), (9, False)])
def test_pages_whose_letters_have_one_width_have_a_second_reader(narrow, wanted):
    texts = ["typed", "letter", "machine", "carriage"] * 5
    widths = [12 if n % 2 else narrow for n in range(len(texts))]
    rows = [
        row(text, 0, width=len(text) * width) for text, width in zip(texts, widths, strict=True)
    ]
    assert second_reader.wanted(Reading.of(PICTURE, tuple(rows))) is wanted


def test_a_page_without_words_has_a_second_reader():
    assert second_reader.wanted(Reading.of(PICTURE))


def task(engine):
    return Task("", "", 1, "eng", "auto", "tesseract", None, 1, engine=engine)


@pytest.fixture
def present(monkeypatch):
    monkeypatch.setattr(models, "installed", lambda: True)


def test_tesseract_reads_alone_where_that_is_asked_for(present):
    assert choice.second(task(Readers.TESSERACT), "eng") is None


def test_the_neural_reader_may_be_asked_for_every_page(present):
    assert [choice.second(task(e), "eng").always for e in ("auto", "neural")] == [False, True]


@pytest.mark.parametrize("languages", ["Fraktur", "rus", "eng+ell", "vie", "equ"])
def test_there_is_no_second_reader_for_other_scripts(present, languages):
    assert choice.second(task(Readers.NEURAL), languages) is None


@pytest.mark.parametrize("languages", ["eng", "deu+fra", "chi_sim", "script/Latin"])
def test_there_is_one_for_the_scripts_that_it_knows(present, languages):
    assert choice.second(task(Readers.AUTO), languages)


def test_everything_works_where_it_is_not_installed(monkeypatch):
    monkeypatch.setattr(models.importlib.util, "find_spec", lambda _: None)
    assert choice.second(task(Readers.NEURAL), "eng") is None


@pytest.mark.parametrize("in_heavy, here", [(False, None), (True, False)])
def test_the_heavy_lane_may_have_one_where_this_has_none(monkeypatch, in_heavy, here):
    monkeypatch.setattr(models, "installed", lambda: False)
    found = choice.second(replace(task(Readers.AUTO), second_in_heavy=in_heavy), "eng")
    assert (found and found.here) is here


def test_one_that_is_here_reads_here(present):
    assert choice.second(replace(task(Readers.AUTO), second_in_heavy=True), "eng").here


@pytest.mark.parametrize("size, holds", [(4096, True), (2**62, False)])
def test_room_is_found_out_by_asking_for_it(size, holds):
    assert room.holds(size) is holds


@pytest.mark.parametrize("degrees", [-20, -3, 0, 3, 20])
def test_the_smallest_rectangle_lies_as_its_points_do(degrees):
    line = oblong.Oblong(100, 50, 120, 16, math.radians(degrees))
    found = oblong.around(line.corners())
    assert found == pytest.approx(line, abs=0.01)


def test_a_single_point_is_a_rectangle_without_sides():
    assert oblong.around([(3.0, 4.0)]) == oblong.Oblong(3, 4, 0, 0, 0)
