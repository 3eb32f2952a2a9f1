"""``auto`` on real pages, where English is the one language that there is data for."""

from __future__ import annotations

import pytest

from fanfold.errors import PageTimeout
from fanfold.model import Limits, Mode, Source
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ocr.isolation.tool import SandboxedTool
from fanfold.ports import ReadRequest, Wanted
from fanfold.settings import Engine
from tests.data import letters


@pytest.fixture
def ask(sandbox, tmp_path, english):
    """Read a letter in ``language``, others of which could be fetched."""
    engine = Engine(languages=("eng",), tessdata=english)
    reader = SandboxedReader(sandbox, engine, Tessdata(engine, tmp_path / "packs"))
    tool = SandboxedTool(sandbox, engine, Limits())

    def ask(language, packs=("deu", "fra", "spa"), spent=0.0):
        (tmp_path / "out").mkdir(exist_ok=True)
        picture = letters.page(language, tmp_path / "page.png", copies=1)
        (cut,) = tool.cut(picture, "image/png", [1], tmp_path / "out")
        request = ReadRequest(1, "auto", Mode.AUTO, packs=packs, spent=spent)
        return reader.read(cut.path, request, tmp_path / "out")

    return ask


def test_an_english_page_is_read_in_english(ask):
    page = ask("eng").page
    assert (page.source, page.languages) == (Source.OCR, "eng")
    assert page.words[0].text == "Dear"


@pytest.mark.parametrize("language", ["deu", "fra", "spa"])
def test_what_is_in_another_language_asks_for_its_data(ask, language):
    found = ask(language)
    assert isinstance(found, Wanted)
    assert found.language == language


def test_the_time_that_finding_out_took_is_not_given_to_the_page_again(ask):
    spent = Engine().seconds - 0.01
    with pytest.raises(PageTimeout):
        ask("eng", spent=spent)
    assert ask("fra", spent=0.5).spent > 0.5


def test_what_there_is_no_data_for_is_read_with_what_there_is(ask):
    page = ask("ita").page
    assert page.languages == "eng"
    assert len(page.words) > 40
