"""document.alto.xml: ALTO 4, for libraries and archives.

Places are in 1/1200 inch of the page as displayed, origin at the top left. Blocks stand in reading
order, tagged as what they are; words cut at a line's end are whole in SUBS_CONTENT. A table is a
ComposedBlock of rows, which hold a TextBlock for each cell that begins in them; how far a cell
reaches its box says. A failed page keeps its place: its QUALITY is Missing, and QUALITY_DETAIL says
why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, pairwise

from fanfold import cells
from fanfold.bidi import runs_left
from fanfold.formats import hyphens, units
from fanfold.formats.language_tags import tag
from fanfold.formats.outcome import FailedPage, Outcome
from fanfold.formats.series import Series
from fanfold.formats.units import Area, area, characters
from fanfold.formats.xml import escape, quoteattr
from fanfold.model import Block, BlockKind, Box, Document, Line, Page, Word

_UNITS_PER_INCH = 1200

_FILE_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
    SCHEMAVERSION="4.4">
 <Description>
  <MeasurementUnit>inch1200</MeasurementUnit>
  <sourceImageInformation><fileName>{name}</fileName></sourceImageInformation>
  <Processing ID="fanfold">
   <processingCategory>contentGeneration</processingCategory>
   <processingSoftware><softwareName>fanfold</softwareName></processingSoftware>
  </Processing>
 </Description>
 <Tags>
{tags} </Tags>
 <Layout>
"""
_FILE_TAIL = " </Layout>\n</alto>\n"
_TABLE_TAG, _ROW, _CELL = "table", "row", "cell"
_LAYOUT_TAGS = "".join(
    f'  <LayoutTag ID="{kind}" LABEL="{kind}"/>\n' for kind in (*BlockKind, _TABLE_TAG, _ROW, _CELL)
)


def series(document: Document) -> Series:
    """Return how ``document`` is written: one file with a Page for each page."""
    name = escape(characters(document.name))
    return Series(page, before=_FILE_HEAD.format(name=name, tags=_LAYOUT_TAGS), after=_FILE_TAIL)


def page(outcome: Outcome) -> str:
    """Return a page as an element."""
    name = f'<Page ID="page_{outcome.number}" PHYSICAL_IMG_NR="{outcome.number}"'
    if isinstance(outcome, FailedPage):
        why = quoteattr(characters(f"{outcome.reason.code}: {outcome.reason.message}"))
        return f'  {name} QUALITY="Missing" QUALITY_DETAIL={why}/>\n'
    size = units.whole(outcome, _UNITS_PER_INCH)
    sure = f'PC="{_share(outcome.confidence)}" PROCESSINGREFS="fanfold"'
    blocks = "".join(_blocks(outcome))
    return (
        f'  {name} WIDTH="{size.width}" HEIGHT="{size.height}" {sure}>\n'
        f"   <PrintSpace{_place(size)}>\n{blocks}   </PrintSpace>\n  </Page>\n"
    )


def _blocks(page: Page) -> Iterator[str]:
    known = hyphens.compounds(line.text for block in page.blocks for line in block.lines)
    common = f' ROTATION="{angle:g}"' if (angle := units.angle(page)) else ""
    common += f' LANG="{language}"' if (language := tag(page.languages)) else ""
    for number, block in enumerate(page.blocks, 1):
        name = f"{page.number}_{number}"
        if block.table and block.table.cells:
            rows = "".join(_rows(name, block, known, common))
            yield _composed(f"block_{name}", _TABLE_TAG, block.box, rows)
        else:
            yield _text(f"block_{name}", block.kind, block.box, block.lines, known, common)


def _rows(name: str, block: Block, known: Collection[str], common: str) -> Iterator[str]:
    """Yield the rows of a table in which cells begin."""
    for row, some in groupby(cells.lined(block), key=lambda held: held[0].row):
        held = list(some)
        inner = "".join(
            _text(f"cell_{name}_{row + 1}_{cell.column + 1}", _CELL, cell.box, lines, known, common)
            for cell, lines in held
        )
        around = Box.around(cell.box for cell, _ in held)
        yield _composed(f"row_{name}_{row + 1}", _ROW, around, inner)


def _composed(name: str, kind: str, box: Box, inner: str) -> str:
    place = _place(area(box, _UNITS_PER_INCH))
    return (
        f'    <ComposedBlock ID="{name}" TAGREFS="{kind}"{place} TYPE="{kind}">\n'
        f"{inner}    </ComposedBlock>\n"
    )


def _text(
    name: str, kind: str, box: Box, lines: Sequence[Line], known: Collection[str], common: str
) -> str:
    place = _place(area(box, _UNITS_PER_INCH))
    own = "".join(_lines(name.partition("_")[2], lines, known))
    leftward = bool(lines) and runs_left(" ".join(line.text for line in lines))
    direction = ' BASEDIRECTION="rtl"' if leftward else ""
    return (
        f'    <TextBlock ID="{name}" TAGREFS="{kind}"{place}{common}{direction}>'
        f"\n{own}    </TextBlock>\n"
    )


def _lines(name: str, all_lines: Sequence[Line], known: Collection[str]) -> Iterator[str]:
    lines = [line for line in all_lines if line.words]
    heads = [
        hyphens.continued(line.words[-1].text, after.words[0].text, known)
        for line, after in pairwise(lines)
    ]
    for place, line in enumerate(lines):
        strings = [_String(word) for word in line.words]
        if place and (head := heads[place - 1]) is not None:
            strings[0].ends(head)
        if place < len(heads) and (head := heads[place]) is not None:
            strings[-1].begins(head, lines[place + 1].words[0].text)
        own = f"{name}_{place + 1}"
        yield (
            f'     <TextLine ID="line_{own}"{_place(area(line.box, _UNITS_PER_INCH))}>\n'
            f"{''.join(_strings(own, strings))}     </TextLine>\n"
        )


class _String:
    """A String element: a word, or half of one that the end of a line cut in two."""

    def __init__(self, word: Word) -> None:
        self.word, self.content = word, word.text
        self.place = area(word.box, _UNITS_PER_INCH)
        self.attributes, self.hyphen = "", ""

    def begins(self, head: str, tail: str) -> None:
        """Become the first half of ``head + tail``; a hyphen after it is written by itself."""
        self.attributes = _half(1, head + tail)
        self.content, self.hyphen = head, self.word.text[len(head) :]

    def ends(self, head: str) -> None:
        """Become the second half of the word that begins with ``head``."""
        self.attributes = _half(2, head + self.word.text)


def _half(number: int, whole: str) -> str:
    return f' SUBS_TYPE="HypPart{number}" SUBS_CONTENT={quoteattr(characters(whole))}'


def _strings(name: str, strings: Sequence[_String]) -> Iterator[str]:
    last = len(strings) - 1
    for number, string in enumerate(strings):
        yield (
            f'      <String ID="string_{name}_{number + 1}"{_place(string.place)}'
            f' WC="{_share(string.word.confidence)}"{string.attributes}'
            f" CONTENT={quoteattr(characters(string.content))}/>\n"
        )
        if string.hyphen:
            yield f"      <HYP CONTENT={quoteattr(string.hyphen)}/>\n"
        if number < last:
            gap = strings[number + 1].place.left - string.place.right
            place = f'HPOS="{string.place.right}" VPOS="{string.place.top}" WIDTH="{max(0, gap)}"'
            yield f"      <SP {place}/>\n"


def _place(place: Area) -> str:
    return f' HPOS="{place.left}" VPOS="{place.top}" WIDTH="{place.width}" HEIGHT="{place.height}"'


def _share(percent: float) -> float:
    """Return a confidence as ALTO has it, from 0 to 1."""
    return round(min(100, max(0, percent)) / 100, 4)
