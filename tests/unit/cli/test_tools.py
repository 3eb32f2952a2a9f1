from __future__ import annotations

from pathlib import Path

import pytest

from cli import tools
from client.errors import Unreachable


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch, tmp_path):
    for name in tools._NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tools, "LAYER", tmp_path / "ocr")


@pytest.fixture
def layer(tmp_path) -> Path:
    program = tmp_path / "ocr" / "bin" / "tesseract"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    return program


def test_missing_tools_are_named_with_the_lines_that_install_them(monkeypatch):
    monkeypatch.setenv("FANFOLD_TESSERACT", "/nowhere/tesseract")
    monkeypatch.setenv("FANFOLD_POPPLER", "/nowhere")

    with pytest.raises(
        Unreachable, match=r"apt-get install tesseract-ocr poppler-utils .*make ocr"
    ):
        tools.languages(tools.find())


def test_without_a_layer_the_system_s_programs_are_taken():
    found = tools.find()
    # The template's own places are Lambda's; empty they mean: look on PATH.
    assert set(found.environment.values()) == {""}
    assert (found.engine.tesseract, found.engine.poppler) == ("tesseract", None)
    assert found.engine.library == "tesserocr"


def test_the_layer_is_taken_where_it_was_built(layer):
    found = tools.find()
    assert found.engine.tesseract == str(layer)
    assert found.engine.poppler == layer.parent
    assert found.engine.tessdata == layer.parents[1] / "tessdata"
    assert found.engine.library == "tesserocr"


def test_the_user_s_own_choice_goes_before_the_layer(layer, monkeypatch):
    monkeypatch.setenv("FANFOLD_TESSERACT", "/usr/bin/tesseract")
    found = tools.find()
    assert (found.engine.tesseract, found.engine.poppler) == ("/usr/bin/tesseract", None)
    assert found.engine.library == ""
    assert "FANFOLD_TESSERACT" in found.origin


def test_elsewhere_than_on_linux_the_layer_does_not_run(layer, monkeypatch):
    monkeypatch.setattr(tools.platform, "system", lambda: "Darwin")
    assert tools.find().engine.tesseract == "tesseract"
