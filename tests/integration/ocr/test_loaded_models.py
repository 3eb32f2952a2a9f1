"""Recognition by libtesseract in a fork of the child: as the program reads, and as safely."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fanfold.errors import OutOfMemory, RecognitionFailed
from fanfold.model import MEGABYTE, Mode, Source
from fanfold.ocr.isolation.engine import tessdata_folder
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.sandbox import HANDLER_BYTES, Sandbox
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ocr.recognise import models
from fanfold.ocr.recognise.libtesseract import CannotLoad, Model, library
from fanfold.ports import ReadRequest
from fanfold.settings import WHEEL, Engine
from tests.data import pdfs, prose

NOWHERE = "/nowhere/tesseract"


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdfs.save(pdfs.typed((prose.NOTICE,))))
    return path


@pytest.fixture(scope="module")
def data() -> Path:
    return tessdata_folder(Engine())


def test_the_library_reads_what_the_program_reads(read, page):
    program = read(page, Mode.OCR).page
    found = read(page, Mode.OCR, library=WHEEL)
    assert found.page.source is Source.OCR
    assert [word.text for word in found.page.words] == [word.text for word in program.words]
    assert found.page.confidence == pytest.approx(program.confidence, abs=2)
    first, second = found.page.words[0].box, program.words[0].box
    assert (first.x0, first.y0) == pytest.approx((second.x0, second.y0), abs=1)


def test_the_program_is_not_needed_to_read(page, data, tmp_path):
    engine = Engine(tesseract=NOWHERE, library=WHEEL, tessdata=data)
    assert _read(engine, page, tmp_path).page.words


def test_where_the_library_cannot_be_loaded_the_program_reads(read, page):
    assert read(page, Mode.OCR, library="/nowhere/libtesseract.so").page.words


def test_data_that_is_no_model_is_a_typed_error_and_the_next_page_is_read(page, data, tmp_path):
    engine = Engine(library=WHEEL, tessdata=data)
    sandbox = Sandbox(engine, tmp_path / "sandbox")
    reader = SandboxedReader(sandbox, engine, Tessdata(engine, tmp_path / "packs"))
    (tmp_path / "pack").write_bytes(b"no model" * 1000)
    reader.install("broken", tmp_path / "pack")
    with pytest.raises(RecognitionFailed):
        reader.read(page, ReadRequest(1, "broken", Mode.OCR), tmp_path)
    assert reader.read(page, ReadRequest(1, "eng", Mode.OCR), tmp_path).page.words
    sandbox.close()


def test_a_page_that_starves_the_library_is_out_of_memory_and_the_next_one_is_read(
    page, data, tmp_path
):
    starved = Engine(library=WHEEL, tessdata=data, memory_bytes=HANDLER_BYTES + 100 * MEGABYTE)
    with pytest.raises(OutOfMemory):
        _read(starved, page, tmp_path)
    assert _read(Engine(library=WHEEL, tessdata=data), page, tmp_path).page.words


def test_only_the_models_used_last_stay_loaded(data, tmp_path, monkeypatch):
    monkeypatch.setattr(models, "_loaded", {})
    names = [f"copy{number}" for number in range(models.MAXIMUM_LOADED + 1)]
    for name in names:
        shutil.copy(data / "eng.traineddata", tmp_path / f"{name}.traineddata")
        models.get(WHEEL, str(tmp_path), name)
    assert [languages for _, _, languages in models._loaded] == names[1:]
    assert models.get(WHEEL, str(tmp_path), names[1]) is models.get(WHEEL, str(tmp_path), names[1])
    for model in models._loaded.values():
        model.close()


@pytest.mark.parametrize("languages", ["../eng", "eng/../eng", "/etc/passwd", "eng+", ""])
def test_nothing_but_a_language_becomes_part_of_a_path(languages, data):
    assert models.get(WHEEL, str(data), languages) is None


def test_a_library_or_language_that_is_not_there_cannot_be_loaded(data):
    with pytest.raises(CannotLoad):
        library("libc.so.6")
    with pytest.raises(CannotLoad):
        Model(WHEEL, data, "xyz")


def _read(engine: Engine, page: Path, folder: Path):
    sandbox = Sandbox(engine, folder / "sandbox")
    try:
        return SandboxedReader(sandbox, engine, Tessdata(engine, folder / "packs")).read(
            page, ReadRequest(1, "eng", Mode.OCR), folder
        )
    finally:
        sandbox.close()


def test_a_function_may_wait_until_everything_is_loaded(page, data, tmp_path):
    engine = Engine(library=WHEEL, tessdata=data)
    sandbox = Sandbox(engine, tmp_path / "sandbox")
    reader = SandboxedReader(sandbox, engine, Tessdata(engine, tmp_path / "packs"))
    try:
        reader.start("eng")
        sandbox.wait(60)
        assert sandbox._zygote
        maps = Path(f"/proc/{sandbox._zygote.pid}/maps").read_text()
        assert "tesseract" in maps
        (tmp_path / "read").mkdir()
        assert reader.read(page, ReadRequest(1, "eng", Mode.OCR), tmp_path / "read").page.words
    finally:
        sandbox.close()


def test_who_waits_too_long_goes_on(page, data, tmp_path):
    engine = Engine(library=WHEEL, tessdata=data)
    sandbox = Sandbox(engine, tmp_path / "sandbox")
    reader = SandboxedReader(sandbox, engine, Tessdata(engine, tmp_path / "packs"))
    try:
        reader.start("eng")
        sandbox.wait(0)  # the answer comes in the midst of the page's
        (tmp_path / "read").mkdir()
        assert reader.read(page, ReadRequest(1, "eng", Mode.OCR), tmp_path / "read").page.words
    finally:
        sandbox.close()
