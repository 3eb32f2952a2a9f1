"""What is deployed is what was tested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fanfold import records
from fanfold.ocr.recognise.neural.models import MODELS
from tests.infra.stack import ROOT

TESTED = ROOT / "requirements" / "dev.lock"
_PIN = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)


def pins(path: Path) -> dict[str, str]:
    return dict(_PIN.findall(path.read_text("utf-8")))


def test_what_was_read_before_is_bound_to_the_versions_that_read_it() -> None:
    runtime = pins(ROOT / "layers" / "neural" / "requirements.lock")["onnxruntime"]
    assert records.READS.startswith("tesseract 5, ")
    assert f", {MODELS}, ONNX Runtime {runtime}, " in records.READS


@pytest.mark.parametrize("layer", ["core", "imaging", "jwt", "tesserocr"])
class TestTheLayersLock:
    def test_pins_everything_that_is_required(self, layer: str) -> None:
        folder = ROOT / "layers" / layer
        required = pins(folder / "requirements.txt")
        assert required.items() <= pins(folder / "requirements.lock").items()

    def test_pins_the_versions_that_the_tests_run_on(self, layer: str) -> None:
        deployed = pins(ROOT / "layers" / layer / "requirements.lock")
        assert deployed.items() <= pins(TESTED).items()

    def test_names_no_host_to_fetch_from(self, layer: str) -> None:
        text = (ROOT / "layers" / layer / "requirements.lock").read_text("utf-8")
        assert not re.search(r"://|--(extra-)?index-url|--find-links", text)

    def test_has_a_hash_for_every_pin(self, layer: str) -> None:
        text = (ROOT / "layers" / layer / "requirements.lock").read_text("utf-8")
        assert text.count(" \\\n    --hash=sha256:") >= len(_PIN.findall(text)) > 0
