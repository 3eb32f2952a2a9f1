"""Which tesseract and poppler this machine reads with, and what they can do."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from client.errors import Unreachable
from fanfold import settings
from fanfold.ocr.isolation import engine

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


def diagnosis(tools: Tools) -> dict[str, str]:
    """Return what this machine reads with; raise Unreachable if it cannot."""
    found = languages(tools)
    versions = engine.versions(tools.engine)
    return {
        "engine": tools.origin,
        "tesseract": f"{versions['tesseract']}  {tools.engine.tesseract}",
        "recogniser": tools.engine.library or "the program",
        "second": _second_reader(),
        "poppler": f"{versions['poppler']}  {tools.engine.poppler or 'on PATH'}",
        "languages": " ".join(found),
        **_walls(tools),
        "python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
    }


def _second_reader() -> str:
    """Say what reads beside tesseract, having tried it."""
    from fanfold.ocr.recognise.neural import trial  # noqa: PLC0415 - for this command alone

    return trial.told() or "nobody: tesseract itself looks again at pages that it doubts"


def _walls(tools: Tools) -> dict[str, str]:
    """Say what a process that opens documents is kept from here."""
    from fanfold.ocr.isolation import sandbox  # noqa: PLC0415 - for this command alone

    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        walls = sandbox.held(tools.engine, Path(folder))
    holding = ", ".join(wall for wall, holds in walls.items() if holds)
    failing = ", ".join(wall for wall, holds in walls.items() if not holds)
    return {
        "sandbox": holding or "nothing holds",
        **({"not held": failing} if failing else {}),
    }
