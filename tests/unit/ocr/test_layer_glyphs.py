"""What glyphs of a text layer say: ligatures, soft hyphens, characters without a meaning."""

from __future__ import annotations

import pytest

from fanfold import pagejson
from fanfold.model import Block, Box, Line, Page, Source, Unseen, Why, Word
from fanfold.ocr.layer import glyphs

BOX = Box(10, 10, 50, 20)


def spelled(*texts):
    return list(glyphs.spelled(Word(text, BOX, 100) for text in texts))


@pytest.mark.parametrize(
    ("drawn", "letters"),
    [
        ("o\ufb03ce", "office"),
        ("\ufb01nd", "find"),
        ("\ufb02ow", "flow"),
        ("a\ufb00luent", "affluent"),
        ("\ufedf\ufeee", "لو"),
        ("in\u00adformation", "information"),
        ("Ĳssel", "IJssel"),
    ],
)
def test_ligatures_and_forms_are_spelled_and_their_glyphs_kept(drawn, letters):
    word, _ = spelled(drawn, "end")
    assert (word.text, word.glyphs) == (letters, drawn)


@pytest.mark.parametrize("text", ["office", "naïve", "x²", "½", "Straße", "①", "東京", "\ufd3e"])
def test_what_is_no_ligature_stays(text):
    (word,) = spelled(text)
    assert (word.text, word.glyphs) == (text, "")


def test_a_soft_hyphen_at_a_line_s_end_is_a_hyphen():
    assert [word.text for word in spelled("by", "infor\u00ad")] == ["by", "infor-"]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("\uf0b7", "•"),
        ("19\uf737\uf734", "1974"),
        ("1\ue001\ue002", "1\ufffd\ufffd"),
        ("a\x00b", "ab"),
        ("\u202eevil", "evil"),
        (" word ", "word"),
        ("\u200b", ""),
        ("\x01\x02\x1c", "\ufffd" * 3),
    ],
)
def test_characters_without_a_meaning_are_not_lost(raw, clean):
    assert glyphs.clean(raw) == clean


def test_unknown_words_are_as_they_were_seen_at_their_place():
    unknown, known = Word("\ufffd\ufffd", BOX, 100), Word("paid", Box(60, 10, 90, 20), 100)
    block = Block((Line((unknown, known), BOX),), BOX)
    seen = [Word("80", Box(11, 11, 48, 19), 91.0), Word("other", Box(61, 11, 88, 19), 95.0)]
    (line,) = glyphs.filled(block, seen).lines
    assert line.words == (Word("80", BOX, 91.0), known)


def test_what_was_not_seen_stays_and_is_doubtful():
    block = Block((Line((Word("\ufffd", BOX, 100),), BOX),), BOX)
    assert glyphs.filled(block, []).lines[0].words == (Word("\ufffd", BOX, 0.0),)


def test_glyphs_and_unseen_words_survive_as_json():
    word = Word("office", BOX, 100, "o\ufb03ce")
    block = Block((Line((word,), BOX),), BOX)
    unseen = (Unseen("secret", BOX, Why.COVERED),)
    page = Page(1, 100, 100, Source.NATIVE, "text layer", (block,), unseen=unseen)
    assert pagejson.load(pagejson.dump(page)) == page
