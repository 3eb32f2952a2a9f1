"""A page that both readers read: small, coarse print, drawn by a script."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from rapidfuzz.distance import Levenshtein

from fanfold.model import MEGABYTE, Mode, Readers
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.sandbox import Sandbox
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise import tesseract
from fanfold.ocr.recognise.neural import models
from fanfold.ocr.recognise.neural.reader import Neural
from fanfold.ports import ReadRequest
from fanfold.settings import Engine
from tests import needs
from tests.data import pdfs, pictures, prose
from tests.e2e.accuracy import recall

pytestmark = needs.second_reader

TEXT = prose.NOTICE
ROOMY = Engine(memory_bytes=1024 * MEGABYTE)
ROLL = (700, 5800)
"""Pixels of a roll, as long as a hundred lines of print."""

READ_AND_TELL = """
import json, sys
from pathlib import Path
from fanfold.ocr import page
page.read(**json.loads(sys.argv[1]))
print(Path("/proc/self/maps").read_text())
"""

BOTH = (Readers.TESSERACT, Readers.NEURAL)


@pytest.fixture(scope="module")
def drawing():
    return Drawing(pictures.scan(TEXT, pictures.A5), 150)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    sandbox = Sandbox(ROOMY, tmp_path_factory.mktemp("roomy"))
    yield sandbox
    sandbox.close()


@pytest.fixture
def page(drawing, tmp_path):
    """Write the page as a scan whose pixels are so many times as coarse."""

    def page(factor):
        small = drawing.image.reduce(factor)
        pdf = pdfs.new()
        pdfs.add_picture(pdf, small.resize(drawing.size))
        path = tmp_path / f"{factor}.pdf"
        path.write_bytes(pdfs.save(pdf))
        return path

    return page


@pytest.fixture
def read(sandbox, tmp_path):
    def read(path, engine, settings=ROOMY, languages="eng"):
        reader = SandboxedReader(sandbox, settings, Tessdata(settings, tmp_path / "packs"))
        request = ReadRequest(1, languages, Mode.AUTO, engine=engine)
        folder = tmp_path / f"{path.stem}-{engine}"
        folder.mkdir()
        return reader.read(path, request, folder).page

    return read


def said(page):
    return " ".join(word.text for word in page.words)


def test_it_reads_a_page(drawing):
    found = Neural("eng").read(drawing)
    assert recall([TEXT], " ".join(row.word.text for row in found.rows)) > 0.95


def test_its_words_lie_where_the_other_reader_sees_them(drawing):
    found = {row.word.text: row.word.box for row in Neural("eng").read(drawing).rows}
    shared = [
        _overlap(found[row.word.text], row.word.box)
        for row in tesseract.Tesseract("tesseract", "eng").read(drawing).rows
        if row.word.text in found and len(row.word.text) > 4
    ]
    assert len(shared) >= 10
    assert median(shared) >= 0.7


def _overlap(one, other):
    common = max(0, one.common_width(other)) * max(0, one.common_height(other))
    return common / (one.width * one.height + other.width * other.height - common)


def test_it_reads_light_letters_on_dark_paper(drawing):
    dark = drawing.showing(drawing.image.point(lambda level: 255 - level))
    found = Neural("eng").read(dark)
    assert recall([TEXT], " ".join(row.word.text for row in found.rows)) > 0.95


def test_a_clean_page_has_one_reader(read, page):
    found = read(page(1), Readers.AUTO)
    assert found.readers == ()
    assert {word.sure for word in found.words} == {None}


def test_a_doubtful_page_has_both(read, page):
    found = read(page(5), Readers.AUTO)
    assert found.readers == BOTH
    assert not {word.sure for word in found.words} & {None}
    alone = read(page(5), Readers.TESSERACT)
    assert alone.readers == ()
    assert Levenshtein.distance(TEXT, said(found)) <= Levenshtein.distance(TEXT, said(alone))


def test_words_that_both_read_alike_are_sure(read, page):
    found = read(page(1), Readers.NEURAL)
    sure = [word.text for word in found.words if word.sure]
    assert found.readers == BOTH
    assert len(sure) > 0.75 * len(found.words)
    assert recall([" ".join(sure)], TEXT) > 0.97


def test_a_page_without_room_for_it_is_left_to_the_heavy_lane(page):
    found = Lane(320).read(page(5))
    assert found.page.readers == ()
    assert found.page.words
    assert json.loads(found.left.read_bytes())["rows"]


def test_a_page_that_nobody_doubts_is_not(page):
    assert Lane(320).read(page(1)).left is None


def test_the_heavy_lane_goes_on_with_what_was_read(page):
    left = Lane(320).read(page(5)).left
    whole = Lane(1024, heavy=True).read(page(5))
    found = Lane(1024, heavy=True).read(page(5), left)
    assert found.page.readers == BOTH
    assert found.page.blocks == whole.page.blocks


def test_tesseract_does_not_read_it_again_there(page):
    """Were it so, some words would be sure all the same."""
    left = Lane(320).read(page(5)).left
    left.write_text(json.dumps(json.loads(left.read_bytes()) | {"rows": []}))
    found = Lane(1024, heavy=True).read(page(5), left).page
    assert recall([TEXT], said(found)) > 0.8  # it leaves out a space or two of so coarse a page
    assert {word.sure for word in found.words} == {False}


@pytest.mark.parametrize("left", ["", "[]", "{}", '{"displayed": [7, 7]}'])
def test_it_does_where_what_was_left_is_of_no_use(page, left, tmp_path):
    (tmp_path / "given").write_text(left)
    found = Lane(1024, heavy=True).read(page(5), tmp_path / "given").page
    assert any(word.sure for word in found.words)


def test_without_room_in_the_heavy_lane_it_is_read_by_tesseract(page):
    found = Lane(320, heavy=True).read(page(5))
    assert found.page.readers == ()
    assert found.left is None


class Lane:
    """A sandbox of its own with so many megabytes."""

    def __init__(self, megabytes, *, heavy=False):
        self.engine = replace(ROOMY, memory_bytes=megabytes * MEGABYTE, heavy=heavy)

    def read(self, path, given=None):
        folder = Path(tempfile.mkdtemp(dir=path.parent))
        sandbox = Sandbox(self.engine, folder)
        try:
            reader = SandboxedReader(sandbox, self.engine, Tessdata(self.engine, folder / "packs"))
            request = ReadRequest(1, "eng", Mode.AUTO, engine=Readers.AUTO, given=given)
            (folder / "out").mkdir()
            return reader.read(path, request, folder / "out")
        finally:
            sandbox.close()


def test_it_reads_a_long_roll():
    lines = [f"{number:03} leeks {number * 7 % 90}.50" for number in range(100)]
    roll = Drawing(pictures.scan("\n".join(lines), ROLL), 150)
    found = Neural("eng").read(roll)
    assert roll.height > 6 * roll.width
    assert recall(lines, " ".join(row.word.text for row in found.rows)) > 0.95


@needs.linux
@pytest.mark.parametrize(("engine", "loads"), [(Readers.TESSERACT, False), (Readers.AUTO, True)])
def test_only_a_page_that_it_reads_loads_it(page, tmp_path, engine, loads):
    given = {
        "source": str(page(5)),
        "layer": str(tmp_path / "layer.pdf"),
        "number": 1,
        "languages": "eng",
        "mode": "auto",
        "tesseract": "tesseract",
        "poppler": None,
        "pixels": ROOMY.pixels,
        "engine": engine,
    }
    program = [sys.executable, "-c", READ_AND_TELL, json.dumps(given)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    assert ("onnxruntime" in done.stdout) is loads


def test_none_of_its_python_is_loaded():
    models.get()
    assert not {"numpy", "onnxruntime", "rapidocr"} & set(sys.modules)
