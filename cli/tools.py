"""Which tesseract and poppler this machine reads with, and what they can do."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from client.errors import Unreachable
from fanfold import settings
from fanfold.ocr.isolation import engine
from fanfold.ocr.recognise.neural import models
from fanfold.ocr.recognise.neural.models import Missing
from fanfold.ocr.recognise.neural.onnxruntime import CannotLoad

LAYER = Path(__file__).parent.parent / "build" / "ocr"
"""Where `make ocr` puts the layer that Lambda gets, made to run from here."""

_NAMES = ("FANFOLD_TESSERACT", "FANFOLD_POPPLER", "FANFOLD_TESSDATA", "FANFOLD_LIBTESSERACT")
_POPPLER = "poppler-utils"
_PACKAGES = {"tesseract": "tesseract-ocr"}


@dataclass(frozen=True, slots=True)
class Tools:
    """Where the programs are: ``environment`` names them to the functions, ``origin`` to people."""

    origin: str
    environment: Mapping[str, str]

    @property
    def engine(self) -> settings.Engine:
        """The engine that the functions will have."""
        return settings.load({**os.environ, **self.environment}).engine


def find() -> Tools:
    """Return the user's own choice, else the layer, else what the system has on PATH."""
    # Empty means “look on PATH”; the template's own places are Lambda's.
    chosen = {name: os.environ.get(name, "") for name in _NAMES}
    if any(chosen.values()):
        return Tools(f"set by {', '.join(n for n, place in chosen.items() if place)}", chosen)
    if platform.system() == "Linux" and (LAYER / "bin" / "tesseract").exists():
        places = (LAYER / "bin" / "tesseract", LAYER / "bin", LAYER / "tessdata", settings.WHEEL)
        environment = dict(zip(_NAMES, map(str, places), strict=True))
        return Tools("the OCR layer, as on Lambda (build/ocr)", environment)
    return Tools("the system's", chosen)


def languages(tools: Tools) -> tuple[str, ...]:
    """Return what can be read here; raise Unreachable if a program or every language is missing."""
    if missing := engine.missing(tools.engine):
        names = " ".join(dict.fromkeys(_PACKAGES.get(Path(m).name, _POPPLER) for m in missing))
        raise Unreachable(
            f"Not installed: {', '.join(missing)}. Run: sudo apt-get install {names}"
            " (or, without root: make ocr)"
        )
    found = engine.installed_languages(tools.engine)
    if not found:
        raise Unreachable("tesseract has no languages. Run: sudo apt-get install tesseract-ocr-eng")
    return found


def _second_reader() -> str:
    try:
        return models.version()
    except (CannotLoad, Missing):
        return "none: tesseract itself looks again at pages that it doubts"


def diagnosis(tools: Tools) -> list[str]:
    """Return lines that say what this machine reads with; raise Unreachable if it cannot."""
    found = languages(tools)
    versions = engine.versions(tools.engine)
    return [
        f"engine      {tools.origin}",
        f"tesseract   {versions['tesseract']}  {tools.engine.tesseract}",
        f"recogniser  {tools.engine.library or 'the program'}",
        f"second      {_second_reader()}",
        f"poppler     {versions['poppler']}  {tools.engine.poppler or 'on PATH'}",
        f"languages   {' '.join(found)}",
        f"python      {platform.python_version()} on {platform.system()} {platform.machine()}",
    ]
