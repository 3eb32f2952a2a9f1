"""Pages of several layouts, as words with places, and the blocks that layout analysis may make."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from fanfold.model import Block, Box, Line, Word

WIDTH, HEIGHT = 500, 700
"""Points of a page."""

_TYPE, _CHARACTER, _PITCH = 10.0, 5.0, 14.0

PROSE = [
    "in",
    "the",
    "lull",
    "between",
    "the",
    "raids",
    "of",
    "his",
    "father",
    "and",
    "those",
    "of",
    "his",
    "sons",
    "who",
    "disputed",
    "the",
    "throne",
    "England",
    "had",
    "some",
    "years",
    "of",
    "peace",
    "that",
    "nobody",
    "remembered",
    "afterwards",
    "because",
]


def line(words: Sequence[str], left: float, row: float) -> Line:
    """Set words in type of 10 points on a row of the page."""
    made, top = [], 40 + row * _PITCH
    for word in words:
        width = _CHARACTER * len(word)
        made.append(Word(word, Box(left, top, left + width, top + _TYPE), 90))
        left += width + _CHARACTER
    return Line(tuple(made), Box.around(word.box for word in made))


def block(lines: Sequence[Line]) -> Block:
    """Make lines one block."""
    return Block(tuple(lines), Box.around(one.box for one in lines))


def column(chance: random.Random, left: float, width: float, rows: range) -> Block:
    """Set running text."""
    lines = []
    for row in rows:
        words: list[str] = []
        while _CHARACTER * len(" ".join([*words, "remembered"])) < width:
            words.append(chance.choice(PROSE))
        lines.append(line(words, left, row))
    return block(lines)


def columns(chance: random.Random) -> list[Block]:
    """Two or three columns below a wide title, and a wide line below them."""
    count, rows = chance.randint(2, 3), range(2, chance.randint(8, 30))
    width = (WIDTH - 80) / count
    text = [column(chance, 40 + n * (width + 15), width, rows) for n in range(count)]
    wide = [column(chance, 40, WIDTH - 80, range(row, row + 1)) for row in (0, rows.stop + 1)]
    return [wide[0], *text, wide[1]]


def receipt(chance: random.Random) -> list[Block]:
    """A head, items with prices, and a foot."""
    items = range(4, chance.randint(7, 20))
    head = block([line(["Corner", "Shop"], 200, 0), line(["Main", "Street", "12"], 190, 1)])
    names = block([line(["Item", str(row)], 120, row) for row in items])
    prices = block([line([f"{chance.uniform(1, 99):.2f}"], 330, row) for row in items])
    foot = block(
        [
            line(
                ["Thank", "you", "for", "your", "visit,", "please", "come", "again", "soon"],
                130,
                items.stop + 1,
            )
        ]
    )
    return [head, names, prices, foot]


def labels(chance: random.Random) -> list[Block]:
    """Labels with what they ask for beside them, below a title."""
    rows = range(2, chance.randint(5, 12))
    asked = ["Name", "Street", "Town", "Date", "Office"]
    return [
        block([line(["Application"], 40, 0)]),
        block([line([f"{chance.choice(asked)}:"], 40, row) for row in rows]),
        block([line([chance.choice(PROSE).title()], 200, row) for row in rows]),
    ]


def beside(chance: random.Random) -> list[Block]:
    """A table of names and numbers with running text beside it."""
    rows = range(2, chance.randint(8, 20))
    return [
        column(chance, 40, WIDTH - 80, range(1)),
        block([line(["Part", str(row)], 40, row) for row in rows]),
        block([line([str(chance.randint(10, 9999))], 130, row) for row in rows]),
        column(chance, 230, 230, rows),
    ]


def catalogue(chance: random.Random) -> list[Block]:
    """A list of things with long descriptions, numbers and prices."""
    rows = range(1, chance.randint(6, 25))
    return [
        block([line(["Catalogue"], 40, 0)]),
        block([line([f"{100 + row}"], 40, row) for row in rows]),
        block([line(["Lamp", *chance.sample(PROSE, 5)], 90, row) for row in rows]),
        block([line([f"{chance.uniform(1, 99):.2f}"], 420, row) for row in rows]),
    ]


LAYOUTS: tuple[Callable[[random.Random], list[Block]], ...] = (
    columns,
    receipt,
    labels,
    beside,
    catalogue,
)


def disturbed(blocks: Sequence[Block], chance: random.Random) -> list[Block]:
    """Return blocks as bad layout analysis might: in another order, run together, torn apart."""
    found = list(blocks)
    for _ in range(chance.randint(0, 3)):
        deed = chance.choice(("move", "tear", "late"))
        place = chance.randrange(len(found))
        if deed == "move":
            found.insert(chance.randrange(len(found)), found.pop(place))
            continue
        lines = found[place].lines
        if len(lines) > 1:
            at = chance.randrange(1, len(lines))
            end = at + 1 if deed == "late" else len(lines)
            rest = lines[:at] + lines[end:]
            found[place] = block(rest)
            found.insert(chance.randint(0, len(found)), block(lines[at:end]))
    return found


def drawn(blocks: Sequence[Block]) -> Image.Image:
    """Draw a page at 144 dpi, each word as a bar of letters."""
    page = Image.new("L", (2 * WIDTH, 2 * HEIGHT), 255)
    pen = ImageDraw.Draw(page)
    for word in (word for one in blocks for each in one.lines for word in each.words):
        x, box = word.box.x0, word.box
        while x < box.x1 - 1:
            pen.rectangle((2 * x, 2 * box.y0, 2 * x + 5, 2 * box.y1), fill=0)
            x += _CHARACTER
    return page
