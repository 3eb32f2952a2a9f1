"""Whether the second reader works here: it reads a word that is drawn for it."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from fanfold.errors import RecognitionFailed
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.neural import models
from fanfold.ocr.recognise.neural.onnxruntime import CannotLoad
from fanfold.ocr.recognise.neural.reader import Neural

_WORD, _DPI = "Fanfold", 150


def passed() -> bool:
    """Read the word; raise RecognitionFailed where nothing can be read."""
    image = Image.new("L", (320, 96), 255)
    ImageDraw.Draw(image).text((40, 24), _WORD, fill=0, font=ImageFont.load_default(36))
    rows = Neural("").read(Drawing(image, _DPI)).rows
    return [row.word.text for row in rows] == [_WORD]


def told() -> str:
    """Say what the second reader is and whether it reads, in words; empty if it is not there."""
    if not models.installed():
        return ""
    try:
        version = models.version()
        return version if passed() else f"{version}, which does not read what it should"
    except (CannotLoad, RecognitionFailed) as error:
        return f"{models.MODELS}, which does not work: {error.__cause__ or error}"
