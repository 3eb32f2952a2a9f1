"""``auto`` on real pages, with the one language that is surely installed."""

from __future__ import annotations

import pytest

from fanfold.model import Limits, Mode, Source
from fanfold.ocr.reader import SandboxedReader
from fanfold.ocr.tessdata import Tessdata
from fanfold.ocr.tool import SandboxedTool
from fanfold.ports import ReadRequest, Wanted
from fanfold.settings import Engine
from tests.data import tongues


@pytest.fixture
def ask(sandbox, tmp_path):
    """Read a letter in ``language``, others of which could be fetched."""
    engine = Engine(languages=("eng",))
    reader = SandboxedReader(sandbox, engine, Tessdata(engine, tmp_path / "packs"))
    tool = SandboxedTool(sandbox, engine, Limits())

    def ask(language, packs=("deu", "fra", "spa")):
        (tmp_path / "out").mkdir()
        picture = tongues.page(language, tmp_path / "page.png", copies=1)
        (cut,) = tool.cut(picture, "image/png", [1], tmp_path / "out")
        return reader.read(
            cut.path, ReadRequest(1, "auto", Mode.AUTO, packs=packs), tmp_path / "out"
        )

    return ask


def test_an_english_page_is_read_in_english(ask):
    page = ask("eng").page
    assert (page.source, page.languages) == (Source.OCR, "eng")
    assert page.words[0].text == "Dear"


@pytest.mark.parametrize("language", ["deu", "fra", "spa"])
def test_what_is_in_another_language_asks_for_its_data(ask, language):
    assert ask(language) == Wanted(language)


def test_what_there_is_no_data_for_is_read_with_what_there_is(ask):
    page = ask("ita").page
    assert page.languages == "eng"
    assert len(page.words) > 40
