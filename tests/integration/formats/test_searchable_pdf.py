"""Searchable PDFs made with tesseract's own layers, seen through poppler and qpdf."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from pikepdf import Pdf

from fanfold.formats.searchable.graft import graft
from tests.data import pdfs, pictures, prose
from tests.data.pictures import Placed
from tests.integration.formats import poppler

POINTS = pdfs.POINTS_PER_PIXEL
TOLERANCE = 3.0
"""Points: a millimetre, a quarter of a letter's height."""


@dataclass(frozen=True, slots=True)
class Case:
    """A page of a sample: its text, its picture's size in pixels, where the top left is shown."""

    file: str
    page: int
    text: str
    size: tuple[int, int] = pictures.A5
    origin: tuple[float, float] = (0, 0)

    def __str__(self) -> str:
        return f"{self.file}-{self.page}"


CASES = [
    Case("scan.pdf", 1, prose.LIGHTHOUSE[0], pictures.A4),
    Case("rotated.pdf", 1, prose.LIGHTHOUSE[0]),
    Case("rotated.pdf", 2, prose.LIGHTHOUSE[1]),
    Case("rotated.pdf", 3, prose.LIGHTHOUSE[2]),
    # The picture's left edge is at 100, the crop box's at 120; its top at 645.44, the box's at 640.
    Case("cropped.pdf", 1, prose.NOTICE, origin=(-20, -5.44)),
    Case("sizes.pdf", 1, prose.NOTICE),
    Case("sizes.pdf", 3, prose.INVOICE, (900, 1500)),
    Case("unit.pdf", 1, prose.NOTICE),
    Case("turned-and-cropped.pdf", 1, prose.NOTICE, origin=(-30, -40)),
    Case("fax.pdf", 1, prose.NOTICE),
]


@pytest.fixture(scope="module")
def sources(samples: Path, tmp_path_factory) -> dict[str, Path]:
    """Return every file of the cases by its name."""
    folder = tmp_path_factory.mktemp("sources")
    scan = pictures.scan(prose.NOTICE, pictures.A5)
    unit = pdfs.new()
    pdfs.add_picture(unit, scan, UserUnit=2)
    (folder / "unit.pdf").write_bytes(pdfs.save(unit))
    turned = pdfs.new()
    pdfs.add_picture(turned, scan.rotate(90, expand=True), origin=(7, 9), Rotate=90)
    # Displayed 30 points less on the left and 40 on the top: 30 at the bottom, 40 at the left.
    turned.pages[0].cropbox = (7 + 40, 9 + 30, 7 + 595, 9 + 419)
    (folder / "turned-and-cropped.pdf").write_bytes(pdfs.save(turned))
    own = {path.name: path for path in folder.iterdir()}
    return {case.file: own.get(case.file, samples / case.file) for case in CASES}


@pytest.fixture(scope="module")
def searchable(sources, tmp_path_factory) -> dict[str, Path]:
    """Return every file of the cases with all its pages recognised and grafted."""
    results = {}
    for name, source in sources.items():
        folder = tmp_path_factory.mktemp(name)
        pages = [case.page for case in CASES if case.file == name]
        layers = {str(page): poppler.recognise(source, page, folder) for page in pages}
        results[name] = folder / name
        assert graft(str(source), layers, str(results[name])) == []
    return results


def shown(case: Case) -> list[Placed]:
    """Return the words of a case in points of the displayed page."""
    left, top = case.origin
    return [
        Placed(
            word.text,
            word.x0 * POINTS + left,
            word.y0 * POINTS + top,
            word.x1 * POINTS + left,
            word.y1 * POINTS + top,
        )
        for word in pictures.place(case.text, case.size)
    ]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_page_looks_exactly_as_before(case, sources, searchable):
    before = poppler.picture(sources[case.file], case.page)
    assert poppler.picture(searchable[case.file], case.page) == before


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_search_finds_every_word_where_it_is_printed(case, searchable):
    found = poppler.words(searchable[case.file], case.page)
    printed = shown(case)
    assert [word.text for word in found] == [word.text for word in printed]
    for seen, ink in zip(found, printed, strict=True):
        # The right edges differ: tesseract lays a word and the space after it over the word's ink.
        assert seen.x0 == pytest.approx(ink.x0, abs=TOLERANCE)
        # The layer's box is as high as its font, the ink's as its letters: compare the middles.
        middles = [(box.y0 + box.y1) / 2 for box in (seen, ink)]
        assert middles[0] == pytest.approx(middles[1], abs=2 * TOLERANCE)


@pytest.mark.parametrize("name", sorted({case.file for case in CASES}))
def test_the_file_has_no_fault(name, searchable):
    poppler.check(searchable[name])


def test_native_pages_between_scans_keep_their_words_once(samples, tmp_path):
    source, target = samples / "mixed.pdf", tmp_path / "mixed.pdf"
    graft(str(source), {"2": poppler.recognise(source, 2, tmp_path)}, str(target))
    assert [word.text for word in poppler.words(target, 1)] == prose.INVOICE.split()
    assert [word.text for word in poppler.words(target, 2)] == prose.LIGHTHOUSE[1].split()
    assert poppler.words(target, 3) == []


def test_layers_made_one_by_one_share_their_font(samples, tmp_path):
    source, target = samples / "scan.pdf", tmp_path / "scan.pdf"
    layers = {str(page): poppler.recognise(source, page, tmp_path) for page in (1, 2)}
    graft(str(source), layers, str(target))
    with Pdf.open(target) as pdf:
        fonts = {
            page.resources.XObject.FanfoldText.Resources.Font["/f-0-0"].objgen
            for page in list(pdf.pages)[:2]
        }
    assert len(fonts) == 1
