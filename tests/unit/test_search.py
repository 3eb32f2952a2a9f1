from __future__ import annotations

import pytest

from fanfold.errors import InvalidRequest
from fanfold.model import Block, Box, Line, Page, Source, Word
from fanfold.search import MAXIMUM_EXCERPT, Term, compared, excerpt, hit, terms


def page(*lines):
    made = []
    for row, text in enumerate(lines):
        words = [
            Word(word, Box(place, row, place + 1, row + 1), 90.0)
            for place, word in enumerate(text.split())
        ]
        made.append(Line(tuple(words), Box(0, row, len(words), row + 1)))
    box = Box(0, 0, 100, 100)
    return Page(
        number=3, width=100, height=100, source=Source.OCR, reason="",
        blocks=(Block(tuple(made), box),),
    )  # fmt: skip


def found(query, *lines):
    hits = hit(page(*lines), terms(query))
    return [tuple(map(int, (box.x0, box.y0))) for box in hits.boxes] if hits else None


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("Keeper", [Term(("keeper",), open=True)]),
        ("the keeper", [Term(("the",)), Term(("keeper",), open=True)]),
        ('"light house" Größe', [Term(("light", "house")), Term(("grosse",), open=True)]),
        ('the "light house"', [Term(("light", "house")), Term(("the",))]),
        ("e-mail", [Term(("e",)), Term(("mail",), open=True)]),
    ],
)
def test_a_query_is_words_and_phrases(query, wanted):
    assert list(terms(query)) == wanted


@pytest.mark.parametrize("query", ["", "  ", '""', "– !", "x" * 201])
def test_a_query_without_words_is_refused(query):
    with pytest.raises(InvalidRequest):
        terms(query)


def test_case_and_accents_do_not_matter():
    assert found("grosse ecole", "Die GRÖSSE der École") == [(1, 0), (3, 0)]


def test_a_page_without_words_has_none_to_compare():
    assert compared(page()) == compared(page("—")) == ""


def test_a_page_has_all_words_or_is_not_found():
    assert found("lamp oil ", "The lamp", "needs no wick") is None
    assert found("wick lamp ", "The lamp", "needs no wick") == [(1, 0), (2, 1)]


def test_the_last_word_may_go_on_and_others_may_not():
    assert found("lighth", "The lighthouse") == [(1, 0)]
    assert found('"lighth"', "The lighthouse") is None
    assert found("lighth the", "The lighthouse") is None


def test_a_phrase_goes_on_in_the_next_line():
    assert found('"keeper of the light"', "The keeper of", "the light") == [
        (1, 0), (2, 0), (0, 1), (1, 1),
    ]  # fmt: skip
    assert found('"keeper light"', "The keeper of", "the light") is None


@pytest.mark.parametrize("mark", ["-", "\u00ad"])
def test_a_word_that_a_line_s_end_cuts_is_found(mark):
    assert found("lighthouse", f"The light{mark}", "house stands") == [(1, 0), (0, 1)]


def test_the_lines_are_shown_in_which_it_stands():
    hits = hit(page("The lamp", "and the wick", "of the lamp"), terms("lamp"))
    assert hits.page == 3
    assert hits.lines == ("The lamp", "of the lamp")


def test_an_excerpt_is_of_the_line_that_has_most():
    text, matches = excerpt("the lamp\nwick and lamps\nwick", terms("wick lamp"))
    assert text == "wick and lamps"
    assert [text[begin:end] for begin, end in matches] == ["wick", "lamps"]


def test_an_excerpt_of_a_long_line_is_around_what_was_looked_for():
    text, [(begin, end)] = excerpt("word " * 500 + "lamp" + " word" * 500, terms("lamp"))
    assert len(text) <= MAXIMUM_EXCERPT
    assert text[begin:end] == "lamp"
