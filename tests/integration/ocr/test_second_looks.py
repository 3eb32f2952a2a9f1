"""Pages that the first look reads badly."""

from __future__ import annotations

import shutil

import pytest
from PIL import Image

from fanfold.errors import OutOfMemory, RecognitionFailed
from fanfold.ocr.document import image_page
from fanfold.ocr.isolation.task import Stopwatch, Task
from fanfold.ocr.passes.size import WORD_DPI
from fanfold.ocr.ways import recognised
from fanfold.ocr.ways.look import look
from tests.data import pdfs, pictures, prose
from tests.e2e.accuracy import recall

TEXT = prose.NOTICE
BLOCK = "--psm 6"


@pytest.fixture
def looks(stand_in, told):
    """Give a tesseract that writes down how it was called, and what it wrote so far."""
    log = told / "looks"
    program = stand_in(f'echo "$@" >> "{log}"\nexec {shutil.which("tesseract")} "$@"')
    return program, lambda: log.read_text().splitlines()


@pytest.fixture
def coarse(tmp_path):
    """Give the file of a scan whose pixels are so many times as large as those of the others."""

    def coarse(factor):
        page = pictures.scan(TEXT, pictures.A5)
        pdf = pdfs.new()
        pdfs.add_picture(pdf, page.reduce(factor).resize(page.size, Image.Resampling.NEAREST))
        path = tmp_path / "coarse.pdf"
        path.write_bytes(pdfs.save(pdf))
        return path

    return coarse


@pytest.fixture
def read_coarse(read, coarse, looks):
    """Read such a scan."""
    return lambda factor: read(coarse(factor), tesseract=looks[0]).page


def test_a_clean_page_is_read_once(read_coarse, looks):
    read_coarse(1)
    assert len(looks[1]()) == 1


def test_a_doubtful_page_is_read_again(read_coarse, looks):
    page = read_coarse(5)
    assert len(looks[1]()) > 1
    assert recall([TEXT], " ".join(word.text for word in page.words)) > 0.8


def test_one_that_stays_doubtful_is_read_in_other_ways(read_coarse, looks):
    read_coarse(6)
    assert any(BLOCK in line for line in looks[1]())


def test_words_of_a_second_look_stand_where_the_eye_finds_them(read_coarse):
    page = read_coarse(5)
    scale = 72 / pictures.DPI
    drawn = {word.text: word for word in pictures.place(TEXT, pictures.A5)}
    said = [word.text for word in page.words]
    found = [w for w in page.words if TEXT.split().count(w.text) == said.count(w.text) == 1]
    assert len(found) > 10
    for word in found:
        truth = drawn[word.text]
        assert word.box.x0 == pytest.approx(truth.x0 * scale, abs=5)
        middle = (word.box.y0 + word.box.y1) / 2
        assert middle == pytest.approx((truth.y0 + truth.y1) / 2 * scale, abs=5)


def test_a_page_that_seems_empty_for_want_of_memory_is_no_blank_page(read, tmp_path, stand_in):
    pdf = pdfs.new()
    pdfs.add_picture(pdf, pictures.scan(TEXT, pictures.A5))
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdf))
    starved = stand_in(
        'echo "Error in pixCreateNoInit: pixdata_malloc fail for data" >&2\n'
        'echo > "$2.tsv"; [ "$2" = /dev/null ] || echo > "$2.pdf"'
    )
    with pytest.raises(OutOfMemory):
        read(path, tesseract=starved)


def test_a_second_look_that_fails_costs_the_page_nothing(read, coarse, told, stand_in):
    failed = told / "failed"
    once = stand_in(
        f'case "$*" in *dpi={WORD_DPI}*) : > {failed}; exit 3;; '
        f'*) exec {shutil.which("tesseract")} "$@";; esac'
    )
    assert len(read(coarse(5), tesseract=once).page.words) > 10
    assert failed.exists()


@pytest.mark.parametrize(("seconds", "further"), [(0.0, False), (600.0, True)])
def test_a_page_whose_time_runs_out_is_looked_at_once(
    looks, coarse, tmp_path, monkeypatch, seconds, further
):
    source, layer = str(coarse(5)), str(tmp_path / "layer.pdf")
    monkeypatch.chdir(tmp_path)
    task = Task(source, layer, 1, "eng", "ocr", looks[0], None, 12_000_000, seconds=seconds)
    assert recognised.read(look(task, Stopwatch()), "").words
    assert (len(looks[1]()) > 1) is further


@pytest.fixture
def read_scan(read, tmp_path):
    """Read a page of DPI whose file says that it has so many dots per inch."""

    def read_scan(dpi, **engine):
        image, path = tmp_path / "scan.png", tmp_path / "scan.pdf"
        pictures.scan(TEXT, pictures.A5).save(image, dpi=(dpi, dpi))
        with Image.open(image) as opened:
            image_page.wrap(image, opened, path)
        return read(path, **engine).page

    return read_scan


def test_a_page_whose_resolution_is_told_much_too_high_is_read_all_the_same(read_scan):
    page = read_scan(1200)
    assert page.width < 72
    assert recall([TEXT], " ".join(word.text for word in page.words)) > 0.95


def test_a_page_of_which_nothing_can_be_read_is_drawn_finer(read_scan, stand_in):
    real = shutil.which("tesseract")
    blind = stand_in(f'case "$*" in *dpi=400*|*"psm 0"*) exec {real} "$@";; *) : > "$2.tsv";; esac')
    page = read_scan(400, tesseract=blind)
    assert page.dpi == 400
    assert recall([TEXT], " ".join(word.text for word in page.words)) > 0.95
    first = next(pictures.place(TEXT, pictures.A5))
    assert page.words[0].box.x0 == pytest.approx(first.x0 * 72 / 400, abs=1)


def test_a_finer_look_that_fails_costs_the_page_nothing(read_scan, stand_in, told):
    real, failed = shutil.which("tesseract"), told / "failed"
    table = "5\\t1\\t1\\t1\\t1\\t1\\t40\\t40\\t20\\t9\\t96\\tno"
    once = stand_in(
        f'case "$*" in *dpi=400*) : > {failed}; exit 3;; *"psm 0"*) exec {real} "$@";; '
        f"*) printf '{table}\\n' > \"$2.tsv\";; esac"
    )
    page = read_scan(400, tesseract=once)
    assert failed.exists()
    assert {word.text for word in page.words} == {"no"}
    assert page.dpi == 200


def test_a_pass_that_there_is_not_fails_the_page_and_is_named(read, coarse):
    with pytest.raises(RecognitionFailed, match="There is no pass doubtfull; there are"):
        read(coarse(1), without=("doubtfull",))
