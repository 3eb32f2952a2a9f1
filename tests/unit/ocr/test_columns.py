"""Columns that were run together come apart; what only looks like columns does not."""

from __future__ import annotations

from fanfold.model import Block, Box, Line, Word
from fanfold.ocr.structure import columns

CHARACTER, HEIGHT = 5.0, 10.0
PROSE = (
    "England had suffered from raids for",
    "over a century when he came to pow-",
    "er, but there were none during his",
    "reign, which fell in a lull between",
    "the years of his father and those of",
    "his sons, who disputed his throne.",
)
BOX = ("Born 943", "Died 975", "Wessex", "Issue two")
WIDE = "below it a line stands that is as wide as both of the columns together, and then"


def line(text, left, top):
    """Set a line in type of 10 points, every character 5 points wide."""
    words = []
    for word in text.split():
        width = CHARACTER * len(word)
        words.append(Word(word, Box(left, top, left + width, top + HEIGHT), 90))
        left += width + CHARACTER
    return Line(tuple(words), Box.around(word.box for word in words))


def block(*lines):
    """Give lines in the order of their heights, those at one height as one."""
    rows = {}
    for one in sorted(lines, key=lambda one: (one.box.y0, one.box.x0)):
        rows.setdefault(one.box.y0, []).extend(one.words)
    made = tuple(Line(tuple(words), Box.around(w.box for w in words)) for words in rows.values())
    return Block(made, Box.around(one.box for one in made))


def column(texts, left, pitch):
    return [line(text, left, 100 + pitch * n) for n, text in enumerate(texts)]


def said(blocks):
    return [[one.text for one in block.lines] for block in blocks]


def test_text_beside_a_box_is_one_and_the_box_another():
    mixed = block(*column(PROSE, 50, 12), *column(BOX, 250, 14))
    assert said(columns.parted([mixed])) == [list(PROSE), list(BOX)]


def test_two_columns_of_text_on_the_same_lines_come_one_after_the_other():
    mixed = block(*column(PROSE, 50, 12), *column(PROSE, 250, 12))
    assert said(columns.parted([mixed])) == [list(PROSE), list(PROSE)]


def test_text_that_goes_on_below_both_stays_together_behind_the_box():
    cut = (*PROSE[:-1], "his sons, who disputed his throne and")
    mixed = block(*column(cut, 50, 12), *column(BOX, 260, 14), line(WIDE, 50, 180))
    assert said(columns.parted([mixed])) == [list(BOX), list(cut), [WIDE]]


def test_a_list_with_prices_keeps_its_rows():
    items = ("one item of many words", "another one of some words", "a third thing of words") * 2
    rows = block(*column(items, 50, 12), *column(("1.00", "2.50", "3.75") * 2, 250, 12))
    assert columns.parted([rows]) == (rows,)


def test_wide_spaces_of_a_typewriter_are_no_strip():
    lines = [
        Line(
            tuple(Word("word", Box(x, y, x + 20, y + 9), 90) for x in range(50, 400, 32)),
            Box(50, y, 390, y + 9),
        )
        for y in range(100, 220, 12)
    ]
    typed = Block(tuple(lines), Box.around(one.box for one in lines))
    assert columns.parted([typed]) == (typed,)


def test_columns_from_right_to_left_stay_as_they_are():
    hebrew = tuple(" ".join(["\u05d0\u05d1\u05d2\u05d3"] * 6) for _ in range(6))
    mixed = block(*column(hebrew, 50, 12), *column(hebrew, 250, 12))
    assert columns.parted([mixed]) == (mixed,)


def test_no_word_is_lost():
    mixed = block(*column(PROSE, 50, 12), *column(BOX, 250, 14), line(WIDE, 50, 180))
    before = sorted(id(word) for one in mixed.lines for word in one.words)
    after = [word for one in columns.parted([mixed]) for ln in one.lines for word in ln.words]
    assert sorted(map(id, after)) == before


def test_a_catalogue_keeps_its_rows_though_its_descriptions_are_long():
    things = ("Lamp of old brass with a shade", "Chair with arms and a high back") * 3
    makers = ("Made by Anders and Sons 1893", "From the house of Ruhlmann 1925") * 3
    rows = block(*column(things, 50, 12), *column(makers, 260, 12))
    assert columns.parted([rows]) == (rows,)


def test_text_right_of_a_box_is_parted_from_it_as_well():
    mixed = block(*column((*BOX, "Son of Eadgar"), 50, 14), *column(PROSE, 150, 12))
    assert said(columns.parted([mixed])) == [[*BOX, "Son of Eadgar"], list(PROSE)]
