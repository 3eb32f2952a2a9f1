"""What is displayed of a page, compared with poppler: its pdfinfo and what its pdftoppm draws."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from fanfold.page_boxes import Displayed, displayed
from tests.hostile import files

MEDIA = b"/MediaBox[0 0 300 200]"
ODD = (
    b"0",
    b"0.0",
    b"-0",
    b"+5",
    b"300.",
    b".5",
    b"0.0001",
    b"1e2",
    b"nan",
    b"inf",
    b"null",
    b"true",
)
ODD += (b"(5)", b"/a", b"[1]", b"99999999999", b"-2147483648", b"9223372036854775807", b"4 0 R")
ROTATIONS = (
    b"90",
    b"-90",
    b"180",
    b"450",
    b"45",
    b"90.0",
    b"true",
    b"(90)",
    b"[90]",
    b"36000000090",
)


def page(entries: bytes, tree: bytes = b"") -> bytes:
    """Return a document of one page with three black bars; ``tree`` is what the page inherits."""
    leaf = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R %s>>" % entries
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1 %s>>" % tree
    black = files.stream(b"0 g 10 10 7 5 re 120 30 40 9 re -50 -70 30 9 re f")
    return files.write([b"<</Type/Catalog/Pages 2 0 R>>", pages, leaf, black])


def seen(path: Path) -> Displayed:
    with pikepdf.open(path) as pdf:
        return displayed(pdf.pages[0].obj)


def told(path: Path) -> Displayed:
    """Return what pdfinfo says; a rotation that is no multiple of 90 draws like none."""
    command = ["pdfinfo", "-box", path]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    facts = dict(line.split(":", 1) for line in lines)
    left, bottom, right, top = map(float, facts["CropBox"].split())
    rotation = int(facts["Page rot"])
    return Displayed((left, bottom, right, top), 0 if rotation % 90 else rotation)


def assert_as_poppler_tells(path: Path) -> None:
    ours, poppler = seen(path), told(path)
    assert ours.box == pytest.approx(poppler.box, abs=0.0051, rel=1e-9)  # it rounds to 0.01
    assert ours.rotation == poppler.rotation


@pytest.mark.parametrize(
    "entries",
    [
        MEDIA,
        MEDIA + b"/CropBox[10 20 150 90]",
        MEDIA + b"/CropBox[150 90 10 20]",
        MEDIA + b"/CropBox[-50 20 60 900]",
        MEDIA + b"/CropBox[100 50 900 900]",
        MEDIA + b"/CropBox[100 50 350 150]",
        MEDIA + b"/CropBox[1000 1000 1300 1200]",
        MEDIA + b"/CropBox[1000 1000 1400 1050]",
        MEDIA + b"/CropBox[-100 10 -50 50]",
        MEDIA + b"/CropBox[7 7 7 7]",
        MEDIA + b"/CropBox[0 0 0 0]",
        MEDIA + b"/CropBox[1 2 3]",
        MEDIA + b"/CropBox[nan nan nan nan]",
        MEDIA + b"/CropBox[0 0 inf inf]",
        MEDIA + b"/CropBox[0 0 1e9 1e9]",
        MEDIA + b"/CropBox null",
        MEDIA + b"/CropBox[0 0 0.0001 0.0001]",
        MEDIA + b"/CropBox[10 10 99999999999 50]",
        MEDIA + b"/UserUnit 3",
        MEDIA + b"/UserUnit 2/CropBox[10 10 150 90]/Rotate 90",
        b"/MediaBox[300 200 0 0]",
        b"/MediaBox[-300 -200 -10 -20]",
        b"/MediaBox[-300 -200 -10 -20]/CropBox[-100 -100 -50 -50]",
        b"/MediaBox[0 0 300 200.5]/CropBox[10.25 10.5 150.75 90]",
        b"/MediaBox[9 9 9 9]",
        b"/MediaBox[0 0 300 0]/CropBox[0 0 10 10]",
        b"/MediaBox[0 0 0 0]",
        b"/MediaBox[0 0 true 200]",
        b"/MediaBox[/a /b /c /d]/CropBox[0 0 100 100]",
        b"/MediaBox[-2147483648 -2147483648 2147483647 2147483647]/CropBox[0 0 100 100]",
        b"/MediaBox null/CropBox[0 0 100 100]",
        b"/CropBox[0 0 100 100]",
        b"",
        *(MEDIA + b"/Rotate " + rotation for rotation in ROTATIONS),
    ],
)
def test_a_page_displays_what_poppler_says(tmp_path, entries):
    path = tmp_path / "page.pdf"
    path.write_bytes(page(entries))
    assert_as_poppler_tells(path)


@pytest.mark.parametrize(
    ("tree", "entries"),
    [
        (MEDIA + b"/CropBox[10 20 150 90]/Rotate 90", b""),
        (MEDIA + b"/CropBox[10 20 150 90]", b"/CropBox[5 5 20 20]"),
        (b"/CropBox[10 20 150 90]/Rotate 90", MEDIA + b"/Rotate 0"),
        (MEDIA, b"/MediaBox[0 0 100 100]"),
    ],
)
def test_boxes_are_inherited(tmp_path, tree, entries):
    path = tmp_path / "page.pdf"
    path.write_bytes(page(entries, tree))
    assert_as_poppler_tells(path)


def odd_number(dice: random.Random) -> bytes:
    if dice.random() < 0.06:
        return dice.choice(ODD)
    return b"%d" % dice.randint(-400, 400) if dice.random() < 0.8 else b"%.2f" % dice.gauss(99, 99)


def odd_box(dice: random.Random) -> bytes:
    count = 4 if dice.random() < 0.95 else dice.randint(0, 6)
    return b"[%s]" % b" ".join(odd_number(dice) for _ in range(count))


def odd_pages(seed: int, count: int) -> Iterator[bytes]:
    dice = random.Random(seed)
    for _ in range(count):
        media = b"/MediaBox" + odd_box(dice) if dice.random() < 0.9 else b""
        crop = b"/CropBox" + odd_box(dice) if dice.random() < 0.8 else b""
        yield media + crop + b"/Rotate " + dice.choice(ROTATIONS)


@pytest.mark.parametrize("seed", range(2))
def test_odd_boxes_display_what_poppler_says(tmp_path, seed):
    for number, entries in enumerate(odd_pages(seed, 30)):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(page(entries))
        try:
            assert_as_poppler_tells(path)
        except AssertionError as error:
            raise AssertionError(entries) from error


@pytest.mark.parametrize(
    "crop", [b"", b"[100 15 350 150]", b"[-90 5 130 20]", b"[150 90 10 20]", b"[50 9 900 35]"]
)
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_poppler_draws_just_that_part(tmp_path, crop, rotation):
    whole, cropped = tmp_path / "whole.pdf", tmp_path / "cropped.pdf"
    whole.write_bytes(page(MEDIA))
    crop_box = b"/CropBox" + crop if crop else b""
    cropped.write_bytes(page(MEDIA + crop_box + b"/Rotate %d" % rotation))
    found = seen(cropped)
    left, bottom, right, top = map(round, found.box)
    part = drawn(whole).crop((left, 200 - top, right, 200 - bottom))
    picture = drawn(cropped)
    assert picture.size == found.sides
    # poppler draws the pixels that an edge touches: of a turned page it may be the next ones.
    assert ink(picture.rotate(rotation, expand=True)) == pytest.approx(ink(part), abs=1)


def drawn(path: Path) -> Image.Image:
    target = path.with_suffix("")
    command = ["pdftoppm", "-r", "72", "-gray", "-cropbox", "-singlefile", path, target]
    subprocess.run(command, check=True, capture_output=True)
    with Image.open(target.with_suffix(".pgm")) as picture:
        return picture.copy()


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """Return the edges of what is black."""
    found = picture.point(lambda shade: 255 * (shade < 128)).getbbox()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("box", "has_area"),
    [
        ((0, 0, 10, 10), True),
        ((0, 0, 0, 10), False),
        ((0, 10, 10, 10), False),
        ((0, 0, float("inf"), 10), False),
        ((float("-inf"), 0, float("inf"), 10), False),
    ],
)
def test_without_two_sides_there_is_nothing_to_be_seen(box, has_area):
    assert Displayed(box, 0).has_area is has_area
