"""Languages that were brought along are read like installed ones."""

from __future__ import annotations

import shutil
from pathlib import Path

from fanfold.model import Mode
from fanfold.ocr.isolation.engine import installed_languages, tessdata_folder
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ports import ReadRequest
from fanfold.settings import Engine


def test_a_pack_is_read_with_beside_what_is_installed(sandbox, samples: Path, tool, tmp_path: Path):
    engine = Engine()
    shutil.copy(tessdata_folder(engine) / "eng.traineddata", tmp_path / "pack")
    reader = SandboxedReader(sandbox, engine, Tessdata(engine, tmp_path / "packs"))
    assert reader.missing("eng+script/Brought") == ("script/Brought",)
    reader.install("script/Brought", tmp_path / "pack")
    assert reader.missing("eng+script/Brought") == ()
    (tmp_path / "pages").mkdir()
    (cut,) = tool.cut(samples / "scan.pdf", "application/pdf", [1], tmp_path / "pages")
    for number, languages in enumerate(("script/Brought", "eng+script/Brought")):
        folder = tmp_path / str(number)
        folder.mkdir()
        reading = reader.read(cut.path, ReadRequest(1, languages, Mode.OCR), folder)
        assert reading.page.languages == languages
        assert len(reading.page.words) > 20
        assert reading.layer


def test_what_is_missing_is_only_what_is_neither_installed_nor_brought(tmp_path: Path):
    engine = Engine()
    tessdata = Tessdata(engine, tmp_path / "packs")
    installed = installed_languages(engine)
    assert tessdata.missing("+".join(installed)) == ()
    assert tessdata.missing("xyz+eng+xyz") == ("xyz",)
    assert tessdata.folder is None
