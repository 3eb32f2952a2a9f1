"""Languages that are installed while the service runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanfold.ocr.isolation.engine import tessdata_folder
from fanfold.settings import Engine
from tests.data.tessdata import folder
from tests.integration.machine.conftest import until


def test_a_language_that_is_installed_is_read_with_at_once(
    start, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    here = folder(tmp_path / "tessdata", "eng", "osd")
    monkeypatch.setenv("FANFOLD_TESSDATA", str(here))
    service = start()

    def known() -> list[str]:
        return service.client.get("/v1/languages").json()["languages"]

    before = service.ended(service.send(samples / "page.png", languages="eng"))
    assert (before["state"], known()) == ("SUCCEEDED", ["eng"])
    refused = service.client.post(
        "/v1/documents?languages=deu", content=b"x", headers={"Content-Type": "image/png"}
    )
    assert refused.json()["error"]["code"] == "UNKNOWN_LANGUAGE"
    (here / "deu.traineddata").symlink_to(tessdata_folder(Engine()) / "eng.traineddata")
    until(lambda: known() == ["deu", "eng"])
    after = service.ended(service.send(samples / "page.png", languages="deu"))
    assert (after["state"], after["options"]["languages"]) == ("SUCCEEDED", "deu")
    (here / "deu.traineddata").unlink()
    until(lambda: known() == ["eng"])
