"""`fanfold doctor` says whether the second reader is there and works."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from fanfold.ocr.recognise.neural import models, trial
from tests import needs

pytestmark = needs.second_reader

MODELS = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"


@pytest.fixture
def wheels(tmp_path, monkeypatch):
    """Put other wheels before the real ones, whose contents are given."""

    def wheels(library: bytes | None, model: bytes) -> None:
        real = Path(importlib.util.find_spec("onnxruntime").origin).parent / "capi"
        (name,) = (path.name for path in real.glob("libonnxruntime.so*"))
        here = tmp_path / "onnxruntime" / "capi" / name
        here.parent.mkdir(parents=True)
        if library is None:
            here.symlink_to(real / name)
        else:
            here.write_bytes(library)
        (tmp_path / "rapidocr" / "models").mkdir(parents=True)
        for name in MODELS:
            (tmp_path / "rapidocr" / "models" / name).write_bytes(model)
        for package in ("onnxruntime", "rapidocr"):
            (tmp_path / package / "__init__.py").touch()
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
        models.get.cache_clear()

    yield wheels
    models.get.cache_clear()


def test_one_that_reads_is_named_with_its_versions():
    assert trial.passed()
    assert trial.told() == models.version()


def test_models_that_cannot_be_loaded_are_told(wheels):
    wheels(None, b"no model")
    assert trial.told().startswith("PP-OCRv6 small, which does not work: ")


def test_a_library_that_cannot_be_loaded_is_told(wheels):
    wheels(b"no library", b"no model")
    assert trial.told().startswith("PP-OCRv6 small, which does not work: ")


def test_nothing_is_said_of_one_that_is_not_there(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    assert trial.told() == ""
