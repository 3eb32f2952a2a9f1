"""Draw pages of Hebrew and Arabic, for readers that are to find their words again.

    python -m bench.leftward FOLDER [--pages 15]
    FANFOLD_TESSDATA=… python -m bench.readback --lang heb+eng FOLDER/heb-*.png
    FANFOLD_TESSDATA=… python -m bench.readback --lang ara+eng FOLDER/ara-*.png

Words are drawn by chance from a list, with numbers and Latin words among them, in lines of five to
nine words and two columns on every third page. Pillow needs libraqm to order them, and the font
DejaVu Sans. The languages have to be where FANFOLD_TESSDATA says.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
_SIZE, _PITCH, _MARGIN = 42, 78, 160
_WIDTH, _HEIGHT = 1654, 2339
"""A4 at 200 dots an inch."""

_HEBREW = """
שלום עולם מסמך בדיקה המחיר שקלים חדשים השפה מופיעה כאן באמצע הספר נכתב בעיר הגדולה לפני
שנים רבות והוא מספר על אנשים שחיו ליד הנמל ועבדו בו כל יום מן הבוקר עד הערב הספינות הביאו שמן וקמח
מארצות רחוקות האוניה יצאה בלילה החשבון נשלח אתמול תשלום יבוצע בתוך שלושים יום"""
_ARABIC = """
السلام عليكم ورحمة الله وبركاته في عام كان السعر دينار الكتاب مكتوب المدينة الكبيرة قبل
سنوات كثيرة وهو يحكي عن الناس الذين عاشوا قرب الميناء وعملوا فيه كل يوم من الصباح إلى المساء السفن
الأولاد الآن لأن الإسلام بلاد الزيت والدقيق من بلدان بعيدة الفاتورة أرسلت أمس خلال ثلاثين يوما"""
_AMONG = ("1,250.00", "2024", "English", "99.5", "Invoice", "12/05/2023")
_TEXTS = {"heb": _HEBREW, "ara": _ARABIC}


def main() -> None:
    """Read the arguments and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=15)
    options = parser.parse_args()
    if not features.check("raqm"):
        raise SystemExit("Pillow was built without libraqm: lines would not run to the left.")
    options.folder.mkdir(parents=True, exist_ok=True)
    for language, text in _TEXTS.items():
        for number in range(1, options.pages + 1):
            path = options.folder / f"{language}-{number:02}.png"
            draw(text.split(), number).save(path, dpi=(200, 200))


def draw(words: Sequence[str], seed: int) -> Image.Image:
    """Return a page of words drawn by chance; the same seed gives the same page."""
    chance, columns = random.Random(seed), 2 if seed % 3 == 0 else 1
    page = Image.new("L", (_WIDTH, _HEIGHT), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(_FONT, _SIZE)
    width = (_WIDTH - 2 * _MARGIN) // columns
    for column in range(columns):
        right = _WIDTH - _MARGIN - column * width
        for line, top in zip(_lines(words, chance, columns), _tops(), strict=False):
            pen.text((right, top), line, 0, font, anchor="ra", direction="rtl")
    return page


def _tops() -> Iterator[int]:
    """Yield where lines begin; a paragraph has six of them."""
    for number, top in enumerate(range(_MARGIN, _HEIGHT - _MARGIN - _PITCH, _PITCH)):
        if number % 7 != 6:
            yield top


def _lines(words: Sequence[str], chance: random.Random, columns: int) -> Iterator[str]:
    while True:
        some = [chance.choice(words) for _ in range(chance.randint(5, 8) // columns)]
        if chance.random() < 0.3:
            some[len(some) // 2] = chance.choice(_AMONG)
        yield " ".join(some)


if __name__ == "__main__":
    main()
