"""Where tesseract finds its languages: the installed ones, and packs that were brought along.

tesseract reads one folder only. So the first pack makes a folder of its own, with links to all
that is installed and with the packs beside them.
"""

from __future__ import annotations

import shutil
from functools import cached_property
from pathlib import Path

from fanfold.ocr.isolation.engine import installed_languages, tessdata_folder
from fanfold.settings import Engine


class Tessdata:
    """The languages of this worker. ``root`` keeps the packs for the pages to come."""

    def __init__(self, engine: Engine, root: Path) -> None:
        self._engine = engine
        self._root = root

    @property
    def folder(self) -> Path | None:
        """The folder to point tesseract to; None for the program's own, which a library lacks."""
        if self._root.is_dir():
            return self._root
        return self._base_or_none if self._engine.library else self._engine.tessdata

    def missing(self, languages: str) -> tuple[str, ...]:
        """Return those of ``languages`` (joined by ``+``) that there is no data for here."""
        names = dict.fromkeys(languages.split("+"))
        return tuple(n for n in names if n not in self._installed and not self._pack(n).exists())

    def install(self, language: str, pack: Path) -> None:
        """Move a language's data here; nobody ever sees half of it."""
        if not self._root.is_dir():
            self._link_installed()
        target = self._pack(language)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(".new")
        shutil.move(pack, beside)
        beside.replace(target)

    def _link_installed(self) -> None:
        fresh = self._root.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        for path in self._base.rglob("*"):
            link = fresh / path.relative_to(self._base)
            if path.is_file():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(path)
        fresh.mkdir(parents=True, exist_ok=True)
        fresh.replace(self._root)

    def _pack(self, language: str) -> Path:
        return self._root / f"{language}.traineddata"

    @cached_property
    def _installed(self) -> tuple[str, ...]:
        return installed_languages(self._engine)

    @cached_property
    def _base(self) -> Path:
        return self._engine.tessdata or tessdata_folder(self._engine)

    @cached_property
    def _base_or_none(self) -> Path | None:
        try:
            return self._base
        except OSError:
            return None
