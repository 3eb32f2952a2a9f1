"""The page reader: one page, one child."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from fanfold import pagejson
from fanfold.errors import RecognitionFailed
from fanfold.model import AUTO_LANGUAGES, Mode, Page, Source
from fanfold.ocr.isolation import places
from fanfold.ocr.isolation.sandbox import Answer, Job, Sandbox
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ports import PageRead, ReadRequest, Wanted
from fanfold.settings import Engine

_WRITTEN = "layer.pdf", "picture.jpg", "left.json"
"""What a child may write beside its answer: text layer, picture, and what is left to be read."""


class SandboxedReader:
    """A ``PageReader`` that reads each page in a child of the sandbox."""

    def __init__(self, sandbox: Sandbox, engine: Engine, tessdata: Tessdata) -> None:
        self._sandbox = sandbox
        self._engine = engine
        self._tessdata = tessdata
        self._expected = ""
        self._recognises = False
        """Whether pages are recognised here; who reads one text layer needs no model for it."""

    def start(self, languages: str) -> None:
        """Have everything ready for a page in ``languages`` before there is one."""
        self._recognises = True
        self._sandbox.start("fanfold.ocr.page", self._engine_for(languages))

    def missing(self, languages: str) -> tuple[str, ...]:
        """Return those of ``languages`` that there is no data for here."""
        return self._tessdata.missing(languages)

    def install(self, language: str, pack: Path) -> None:
        """Take over the data of a language."""
        self._tessdata.install(language, pack)

    def read(self, source: Path, request: ReadRequest, folder: Path) -> PageRead | Wanted:
        """Read the one-page PDF ``source``; its text layer is written to ``folder``."""
        layer, picture, left = (folder / name for name in _WRITTEN)
        begun = time.monotonic()
        answer = self._sandbox.run(self._job(source, request, layer, picture, left))
        if (wanted := _wanted(answer)) in request.packs and self.missing(wanted):
            return Wanted(wanted, request.spent + time.monotonic() - begun)
        page = _page(answer)
        self._recognises |= page.source in (Source.OCR, Source.MIXED)
        if request.languages == AUTO_LANGUAGES:
            self._expected = page.languages
        return PageRead(page, _if_there(layer), _if_there(picture), _if_there(left))

    def _job(
        self, source: Path, request: ReadRequest, layer: Path, picture: Path, left: Path
    ) -> Job:
        arguments = self._engine_for(request.languages) | {
            "candidates": (candidates := self._candidates(request)),
            "absent": self.missing("+".join(candidates)) if candidates else (),
            "expected": self._expected if self._expected in candidates else "",
            "source": str(source.resolve()),
            "layer": str(layer.resolve()),
            "picture": str(picture.resolve()) if request.picture else "",
            "left": str(left.resolve()),
            "given": str(request.given.resolve()) if request.given else "",
            "number": request.number,
            "mode": request.mode.value,
            "codes": request.codes.value,
            "engine": request.engine.value,
            "heavy": self._engine.heavy,
            "second_in_heavy": self._engine.second_in_heavy,
            "seconds": (seconds := max(0.0, self._engine.seconds - request.spent)),
        }
        return Job(
            "fanfold.ocr.page:read",
            arguments,
            seconds,
            crash=RecognitionFailed,
            prepare=self._recognises or request.mode is Mode.OCR,
            reads=(
                *places.of_engine(self._engine),
                *filter(None, (self._tessdata.folder,)),
                *filter(None, (request.given,)),
                source,
            ),
            writes=(layer.parent,),
        )

    def _candidates(self, request: ReadRequest) -> tuple[str, ...]:
        """Return what ``auto`` may choose from, the installed languages in their own order."""
        if request.languages != AUTO_LANGUAGES:
            return ()
        return tuple(dict.fromkeys((*self._engine.languages, *request.packs)))

    def _engine_for(self, languages: str) -> dict[str, Any]:
        """Return what every page in ``languages`` is told about programs and data."""
        engine = self._engine
        return {
            "languages": languages,
            "library": engine.library,
            "tesseract": engine.tesseract,
            "poppler": str(engine.poppler) if engine.poppler else None,
            "pixels": engine.pixels,
            "without": list(engine.without),
            "tessdata": str(self._tessdata.folder) if self._tessdata.folder else None,
        }


def _wanted(answer: Answer) -> str:
    """Return the language that a child asks for instead of an answer; empty if it does not."""
    return str(answer.value.get("wanted", "")) if isinstance(answer.value, dict) else ""


def _page(answer: Answer) -> Page:
    try:
        page = pagejson.load(answer.value)
    except (KeyError, TypeError, ValueError) as error:
        raise RecognitionFailed from error
    return replace(page, timings={**page.timings, "cpu": answer.cpu})


def _if_there(path: Path) -> Path | None:
    return path if path.exists() else None
