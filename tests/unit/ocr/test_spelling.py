# ruff: noqa: RUF001 (single quotation marks are a part of what this is about)
"""Ligatures that blackletter models write as signs, and quotation marks read stroke by stroke."""

from __future__ import annotations

import pytest

from fanfold.model import Box, Word
from fanfold.ocr.recognise import spelling
from fanfold.ocr.words import Row


def spelled(text, languages="Fraktur"):
    row = Row(("1", "1"), "1", Word(text, Box(0, 0, 1, 1), 90))
    ((_, _, word),) = spelling.spelled([row], languages)
    return word.text


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("i<", "ich"),
        ("re<t", "recht"),
        ("ausge\u017f<mü>t", "ausge\u017fchmückt"),
        ("zurü>!", "zurück!"),
        ("{ön", "\u017fchön"),
    ],
)
def test_signs_beside_letters_are_the_ligatures_they_stand_for(read, printed):
    assert spelled(read) == printed
    assert spelled(read, "eng+script/Fraktur") == printed


@pytest.mark.parametrize("text", ["<", "3<4", "->", ">", "{", "a{b"])
def test_signs_that_stand_for_themselves_stay(text):
    assert spelled(text) == text


@pytest.mark.parametrize("languages", ["deu", "eng+fra", "chi_sim"])
def test_other_models_mean_what_they_write(languages):
    assert spelled("x<y", languages) == "x<y"


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("‘‘Yes,’’", "“Yes,”"),
        ("““Yes,””", "“Yes,”"),
        ("‚‚Ja‘‘", "„Ja“"),
        ("‘‘’Tis", "“’Tis"),
        ("‘Yes,’", "‘Yes,’"),
        ("“‘Yes,’”", "“‘Yes,’”"),
        ("''", "''"),
        ('""', '""'),
        ("o’clock", "o’clock"),
    ],
)
def test_two_like_quotation_marks_are_a_double_one_and_others_stay(read, meant):
    assert spelled(read, "eng") == meant
