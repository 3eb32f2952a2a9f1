"""Ligatures that blackletter models write as signs."""

from __future__ import annotations

import pytest

from fanfold.model import Box, Word
from fanfold.ocr.recognise import ligatures
from fanfold.ocr.words import Row


def spelled(text, languages="Fraktur"):
    row = Row(("1", "1"), "1", Word(text, Box(0, 0, 1, 1), 90))
    ((_, _, word),) = ligatures.spelled([row], languages)
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
