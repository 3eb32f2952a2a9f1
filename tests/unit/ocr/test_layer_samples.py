"""A text layer compared with a sample of what the page shows; and how likely its letters are."""

from __future__ import annotations

import pytest

from fanfold.model import Block, Box, Line, Word
from fanfold.ocr.layer import likeness, sample, text
from fanfold.ocr.layer.text import TextLayer
from tests.data import prose
from tests.data.letters import TEXTS


def words(said, y=0.0, confidence=100.0):
    return tuple(
        Word(each, Box(40 * n, y, 40 * n + 35, y + 10), confidence)
        for n, each in enumerate(said.split())
    )


def line(said, y=0.0):
    placed = words(said, y)
    return Line(placed, Box.around(word.box for word in placed))


def block(*lines):
    return Block(lines, Box.around(each.box for each in lines))


SAID = "the lighthouse keeper wrote letters every winter"


def test_a_layer_that_is_read_alike_is_taken_in_the_sample_s_confidence():
    found = sample.compare(words(SAID), words(SAID.replace("keeper", "keener"), confidence=90.0))
    assert sample.judge(found).trusted
    (marked,) = sample.marked([block(line(SAID))], found)
    assert all(word.confidence == pytest.approx(600 / 7) for word in marked.lines[0].words)


def test_a_layer_that_says_something_else_is_not():
    found = sample.compare(words("teh lgihthuose kepper wrtoe lettres"), words(SAID))
    assert not sample.judge(found).trusted
    assert "alike" in sample.judge(found).reason


@pytest.mark.parametrize(("confidence", "missing"), [(95.0, 2 / 6), (60.0, 0.0)])
def test_what_is_read_surely_and_the_layer_lacks_is_missing(confidence, missing):
    short = words(SAID.replace("lighthouse ", "").replace("winter", ""))
    found = sample.compare(short, words(SAID.replace("every", "of"), confidence=confidence))
    assert found.missing == pytest.approx(missing)


def test_a_recogniser_that_is_not_sure_is_no_witness():
    found = sample.compare(words(SAID), words("ihe lighlh keepr wrole", confidence=40.0))
    assert sample.judge(found).trusted


@pytest.mark.parametrize("said", ["a b c", "всего доброго до завтра друзья", "שלום עולם"])
def test_words_that_the_recogniser_cannot_know_prove_nothing(said):
    found = sample.compare(words(said), words("quite other words here"))
    assert not found.tells
    assert sample.judge(found).trusted
    assert sample.marked([block(line(said))], found) == (block(line(said)),)


def test_accents_and_case_do_not_count():
    found = sample.compare(words("Über déjà façade MAÑANA"), words("uber deja facade manana"))
    assert found.alike == 1


def test_a_sample_comes_from_apart_and_is_short():
    page = [word for n in range(40) for word in words(SAID, 20.0 * n)]
    first, second = sample.strips(page, 600)
    assert first.box.y1 < second.box.y0
    assert (first.box.x0, first.box.x1) == (0, 600)
    assert sample.SAMPLE_WORDS <= len(first.words) + len(second.words) <= 2 * sample.SAMPLE_WORDS
    assert sample.strips([], 600) == ()


def test_a_short_page_is_its_own_sample():
    (only,) = sample.strips(words(SAID), 600)
    assert len(only.words) == len(SAID.split())


def test_layers_over_scans_and_those_with_unlikely_letters_are_sampled():
    assert sample.wanted(TextLayer(words=9), text.PAGE_OF_PICTURES)
    assert sample.wanted(TextLayer(words=9, likeness=0.5), 0.0)
    assert sample.wanted(TextLayer(words=9, odd=0.5), 0.0)
    assert not sample.wanted(TextLayer(words=9), 0.0)
    assert not sample.wanted(TextLayer(), text.PAGE_OF_PICTURES)


@pytest.mark.parametrize("language", ["deu", "eng", "fra", "ita", "por", "spa"])
def test_letters_of_languages_are_likely_and_their_neighbours_are_not(language):
    said = TEXTS[language]
    assert likeness.of(said) >= likeness.UNLIKE
    following = "".join(chr(ord(c) + 1) if "a" <= c < "z" else c for c in said.lower())
    assert likeness.of(following) < likeness.UNLIKE


def test_a_wrong_letter_is_unlikely_and_a_few_letters_tell_nothing():
    assert likeness.of(prose.NOTICE.lower().replace("e", "c")) < likeness.UNLIKE
    assert likeness.of("xq zk vv") == 1
