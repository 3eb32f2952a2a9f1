from dataclasses import replace

import pytest

from fanfold.model import Block, Box, Concern, Line, Page, Source, Word
from fanfold.ocr.passes import review as reviewing

BOX = Box(0, 0, 9, 9)


def page(*confidences, source=Source.OCR):
    words = tuple(Word("word", BOX, confidence) for confidence in confidences)
    return Page(1, 9, 9, source, "", (Block((Line(words, BOX),), BOX),) if words else ())


@pytest.mark.parametrize("doubtful", range(10))
def test_one_doubtful_word_in_ten_is_worth_a_look(doubtful):
    _, said = reviewing.why(page(*[96] * (19 - doubtful), *[40] * doubtful), inked=True)
    assert said == (f"{doubtful} of 19 words are doubtful" if doubtful >= 2 else "")


def test_many_sure_words_do_not_hide_a_bad_table():
    assert page(*[96] * 80, *[60] * 20).confidence > 85
    assert reviewing.why(page(*[96] * 80, *[60] * 20), inked=True)[0] == (Concern.DOUBTFUL,)


def test_a_page_with_something_on_it_and_no_words_is_worth_a_look():
    assert reviewing.why(page(source=Source.BLANK), inked=True)[0] == (Concern.WORDLESS,)
    assert reviewing.why(page(source=Source.BLANK), inked=False) == ((), "")


def test_a_text_layer_that_is_trusted_is_not():
    assert reviewing.why(page(100, 100, source=Source.NATIVE), inked=True) == ((), "")


def test_words_that_could_not_be_drawn_are_worth_a_look():
    seen = page(100, 100, source=Source.NATIVE)
    concerns, said = reviewing.why(seen, inked=True, undrawn=2)
    assert concerns == (Concern.UNDRAWN,)
    assert said == "2 words have letters that could not be drawn, so nobody checked them"


def test_writing_that_nobody_could_read_is_worth_a_look_whatever_the_page_is():
    seen = replace(page(100, source=Source.NATIVE), unread=(BOX, BOX))
    concerns, said = reviewing.why(seen, inked=True)
    assert concerns == (Concern.UNREAD,)
    assert said == "2 places look like writing that could not be read"
