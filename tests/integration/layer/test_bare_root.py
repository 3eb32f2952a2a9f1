from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from rapidfuzz.distance import Levenshtein

from tests.data.samples import SAMPLES
from tests.integration.layer import pages
from tests.integration.layer.room import Room

BIN = "/opt/ocr/bin"
DARK = 128


def draw(bare: Room, name: str) -> tuple[Image.Image, Image.Image]:
    """Draw the two pages of a document."""
    bare.output(f"{BIN}/pdftoppm", "-r", "72", "-gray", name, "drawn")
    one, other = (Image.open(bare.folder / f"drawn-{number}.pgm") for number in (1, 2))
    return one.convert("L"), other.convert("L")


def ink(image: Image.Image) -> int:
    return sum(image.histogram()[:DARK])


def assert_legible(one: Image.Image, other: Image.Image) -> None:
    """Two words leave ink, and not the same: boxes for missing glyphs would."""
    assert min(ink(one), ink(other)) > 100
    assert ImageChops.difference(one, other).getbbox() is not None


def test_a_scanned_page_is_read(bare: Room, samples: Path) -> None:
    shutil.copy(samples / "scan.pdf", bare.folder)
    drawn = ["-r", "200", "-gray", "-f", "1", "-l", "1", "-singlefile"]
    bare.output(f"{BIN}/pdftoppm", *drawn, "scan.pdf", "scan")

    text = bare.output(f"{BIN}/tesseract", "scan.pgm", "-", "--dpi", "200", "quiet")

    expected = " ".join(SAMPLES["scan.pdf"].pages[0].split())
    assert Levenshtein.normalized_distance(" ".join(text.split()), expected) < 0.02


def test_words_and_text_layer_come_from_one_recognition(bare: Room, samples: Path) -> None:
    shutil.copy(samples / "fax.pdf", bare.folder)
    bare.output(f"{BIN}/pdftoppm", "-r", "150", "-gray", "-singlefile", "fax.pdf", "fax")

    outputs = ["-c", "textonly_pdf=1", "-c", "tessedit_create_tsv=1", "pdf", "quiet"]
    bare.output(f"{BIN}/tesseract", "fax.pgm", "fax-layer", "--dpi", "150", *outputs)

    assert len((bare.folder / "fax-layer.tsv").read_text().splitlines()) > 10
    words = bare.output(f"{BIN}/pdftotext", "fax-layer.pdf", "-").split()
    assert set(words) & set(SAMPLES["fax.pdf"].words)


def test_a_text_layer_is_read_as_tsv(bare: Room, samples: Path) -> None:
    shutil.copy(samples / "native.pdf", bare.folder)

    rows = bare.output(f"{BIN}/pdftotext", "-tsv", "-l", "1", "native.pdf", "-").splitlines()

    words = [row.split("\t")[11] for row in rows[1:]]
    assert set(SAMPLES["native.pdf"].pages[0].split()) <= set(words)


@pytest.mark.parametrize("font", pages.BASE_14)
def test_a_font_that_every_viewer_has_is_drawn(bare: Room, font: str) -> None:
    pages.write_base_14(bare.folder / "font.pdf", font, "Abcd", "Efgh")
    assert_legible(*draw(bare, "font.pdf"))


@pytest.mark.parametrize("collection", pages.CJK)
def test_a_cjk_font_that_is_not_embedded_is_drawn(bare: Room, collection: str) -> None:
    words = pages.CJK[collection][-2:]
    pages.write_cjk(bare.folder / "cjk.pdf", collection, *words)
    assert_legible(*draw(bare, "cjk.pdf"))
    assert set(words) <= set(bare.output(f"{BIN}/pdftotext", "cjk.pdf", "-").split())


def test_pictures_are_counted(bare: Room, samples: Path) -> None:
    shutil.copy(samples / "scan.pdf", bare.folder)
    assert bare.output(f"{BIN}/pdfimages", "-list", "scan.pdf").count("image") == 4


def test_every_library_is_the_layers_own(bare: Room) -> None:
    """The foreign libraries would be met if the wrapper did not see to it."""
    loader = ["/opt/ocr/lib/ld.so", "/opt/ocr/libexec/tesseract", "--version"]
    assert b"/foreign/libtesseract.so.5" in bare.run(*loader).stderr
    assert bare.output(f"{BIN}/tesseract", "--version").startswith("tesseract 5.")
