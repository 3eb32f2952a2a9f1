"""Tables that have no rules, told by free strips and numbers; and what is none."""

from __future__ import annotations

from fanfold.model import Block, Box, Line, Word
from fanfold.ocr.structure import aligned_tables

CHARACTER, HEIGHT, PITCH = 5.0, 10.0, 12.0

STATEMENT = (
    (0, "Day", "Payee", "Out", "Balance"),
    (1, "1 May", "Balance forward", "", "99,878.08"),
    (2, "2 May", "Paper mill", "36.07", "99,842.01"),
    (3, "2 May", "Bindery, Leipzig", "60.93", "99,781.08"),
    (4, "3 May", "Glue", "800.04", "98,981.04"),
)
EDGES = (50, 120, 260, 330)


def line(text, left, number):
    """Set a line in type of 10 points, every character 5 points wide."""
    words = []
    for word in text.split():
        width = CHARACTER * len(word)
        top = 100 + PITCH * number
        words.append(Word(word, Box(left, top, left + width, top + HEIGHT), 90))
        left += width + CHARACTER
    return Line(tuple(words), Box.around(word.box for word in words))


def block(*lines):
    return Block(tuple(lines), Box.around(one.box for one in lines))


def by_columns(rows):
    """Give a table as layout analysis often does: a block for each of its columns."""
    return [
        block(*(line(cells[n], left, row) for row, *cells in rows if cells[n]))
        for n, left in enumerate(EDGES)
    ]


def by_rows(rows):
    return [
        block(
            *(
                Line(
                    tuple(w for one in pieces for w in one.words), Box.around(p.box for p in pieces)
                )
                for row, *cells in rows
                for pieces in [[line(c, x, row) for c, x in zip(cells, EDGES, strict=True) if c]]
            )
        )
    ]


def said(table):
    return [
        tuple(cell.text for cell in table.cells if cell.row == row) for row in range(table.rows)
    ]


def test_rows_and_cells_come_out_whatever_blocks_the_words_were_in():
    for blocks in (by_columns(STATEMENT), by_rows(STATEMENT)):
        (found,) = aligned_tables.tables(blocks)
        assert found.table is not None
        assert said(found.table) == [tuple(cells) for _, *cells in STATEMENT]
        assert [one.text for one in found.lines] == [
            " ".join(filter(None, cells)) for _, *cells in STATEMENT
        ]


def test_every_place_of_the_grid_belongs_to_one_cell_and_holds_its_words():
    (found,) = aligned_tables.tables(by_columns(STATEMENT))
    table = found.table
    places = [(cell.row, cell.column) for cell in table.cells]
    assert places == [(row, column) for row in range(table.rows) for column in range(table.columns)]
    for word in (word for one in found.lines for word in one.words):
        (own,) = [cell for cell in table.cells if word.box.inside(cell.box)]
        assert word.text in own.text.split()


def test_text_above_and_below_keeps_its_place():
    head, foot = line("Statement of May", 50, -2), line("Thank you for your trust", 50, 7)
    (rows,) = by_rows(STATEMENT)
    found = aligned_tables.tables([block(head, *rows.lines, foot)])
    assert [one.table is not None for one in found] == [False, True, False]
    assert [found[0].lines, found[2].lines] == [(head,), (foot,)]


def test_no_word_is_lost_and_none_is_there_twice():
    blocks = [block(line("Statement", 50, -2)), *by_columns(STATEMENT), block(line("end", 50, 9))]
    before = [word for one in blocks for ln in one.lines for word in ln.words]
    after = [word for one in aligned_tables.tables(blocks) for ln in one.lines for word in ln.words]
    assert sorted(map(id, before)) == sorted(map(id, after))


def test_two_columns_of_text_are_none():
    left = block(*(line("some words of the one column", 50, n) for n in range(8)))
    right = block(*(line("and others in 1871 of another", 260, n) for n in range(8)))
    assert aligned_tables.tables([left, right]) == (left, right)


def test_fields_of_a_form_are_none():
    labels = block(
        *(line(text, 50, n) for n, text in enumerate(("Name", "Street", "Town", "Date")))
    )
    values = block(
        *(line(text, 200, n) for n, text in enumerate(("Ada", "Paper", "Rome", "1 May")))
    )
    assert aligned_tables.tables([labels, values]) == (labels, values)


def test_two_rows_are_none():
    blocks = by_columns(STATEMENT[3:])
    assert aligned_tables.tables(blocks) == tuple(blocks)


def test_a_list_with_numbers_before_its_items_is_none():
    numbers = block(*(line(f"{n}.", 50, n) for n in range(1, 9)))
    items = block(*(line("an item of some words", 90, n) for n in range(1, 9)))
    assert aligned_tables.tables([numbers, items]) == (numbers, items)
