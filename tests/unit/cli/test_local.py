from __future__ import annotations

import pytest

from cli import local
from cli.outcome import Unreachable


def test_missing_tools_are_named_with_the_line_that_installs_them(monkeypatch):
    monkeypatch.setenv("FANFOLD_TESSERACT", "/nowhere/tesseract")
    monkeypatch.setenv("FANFOLD_POPPLER", "/nowhere")

    with pytest.raises(Unreachable, match=r"apt-get install tesseract-ocr poppler-utils$"):
        local.installed_languages()
