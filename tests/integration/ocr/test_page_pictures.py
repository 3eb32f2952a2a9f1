"""A page's small picture for people: as it is displayed, in colour, and of a bounded size."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from fanfold.model import Mode
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ports import PageRead, ReadRequest
from fanfold.settings import Engine
from tests.data import pdfs, prose


@pytest.fixture
def shown(sandbox, tmp_path):
    def read(source: Path, mode: Mode = Mode.AUTO, *, picture: bool = True) -> PageRead:
        (folder := tmp_path / "scratch").mkdir()
        reader = SandboxedReader(sandbox, Engine(), Tessdata(Engine(), tmp_path / "packs"))
        found = reader.read(source, ReadRequest(1, "eng", mode, picture=picture), folder)
        assert isinstance(found, PageRead)
        return found

    return read


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdfs.typed((prose.NOTICE,), (0, 0, 300, 200))))
    return path


def test_a_native_page_has_one_as_large_as_it_is(page, shown):
    found = shown(page)
    with Image.open(found.picture) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (600, 400))
    assert found.page.timings["picture"] > 0


def test_a_large_page_has_one_that_is_no_larger_than_others(tmp_path, shown):
    path = tmp_path / "poster.pdf"
    path.write_bytes(pdfs.save(pdfs.typed((prose.NOTICE,), (0, 0, 3000, 1000))))
    with Image.open(shown(path).picture) as image:
        assert image.size == (2000, 667)


def test_nobody_pays_for_a_picture_that_is_not_wanted(page, shown):
    found = shown(page, picture=False)
    assert found.picture is None
    assert "picture" not in found.page.timings


def test_a_page_of_grain_has_a_rougher_one(tmp_path, shown):
    path, fine = tmp_path / "grain.pdf", tmp_path / "fine.jpg"
    grain = Image.merge("RGB", [Image.effect_noise((1190, 1684), 120) for _ in range(3)])
    grain.save(path, "PDF", resolution=144)
    grain.save(fine, "JPEG", quality=75)
    assert fine.stat().st_size > 1_000_000
    # Not recognised: grain takes so long that there would be no time left for a picture.
    assert shown(path, Mode.NATIVE).picture.stat().st_size < 0.8 * fine.stat().st_size
