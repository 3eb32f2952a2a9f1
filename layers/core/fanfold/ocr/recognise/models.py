"""Models of languages, loaded in the zygote before the fork, so that pages pay nothing for them."""

from __future__ import annotations

import re
from pathlib import Path

from fanfold.ocr.recognise.libtesseract import CannotLoad, Model

LANGUAGES = re.compile(r"[A-Za-z]\w*(?:/[A-Za-z]\w*)?(?:\+[A-Za-z]\w*(?:/[A-Za-z]\w*)?)*")
"""Languages as tesseract names them, joined by ``+``; nothing else may become part of a path."""

MAXIMUM_LOADED = 2
"""Maximum of models that stay loaded. English takes 18 MB of memory, which all pages share."""

_loaded: dict[tuple[str, str, str], Model] = {}


def get(library: str, folder: str | None, languages: str) -> Model | None:
    """Return a model for ``languages``, loaded once; None where ``library`` cannot give it."""
    if not library or folder is None or not LANGUAGES.fullmatch(languages):
        return None
    key = library, folder, languages
    model = _loaded.pop(key, None)
    if model is None:
        try:
            model = Model(library, Path(folder), languages)
        except CannotLoad:
            return None
    _loaded[key] = model  # the last one used stands last
    while len(_loaded) > MAXIMUM_LOADED:
        _loaded.pop(next(iter(_loaded))).close()
    return model
