"""Which language a page is read in, where it is to be found out."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from fanfold.ocr.picture import bands
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise import auto_language
from fanfold.ocr.recognise import languages as known_languages
from tests.data.letters import TEXTS

INSTALLED = tuple(TEXTS)


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_tells_its_language(language):
    assert auto_language.of_text(TEXTS[language], INSTALLED) == language


@pytest.mark.parametrize("language", ["deu", "fra", "spa", "por", "ita"])
def test_a_text_tells_it_without_its_accents_as_english_reads_it(language):
    plain = "".join(char if char.isascii() else "a" for char in TEXTS[language])
    assert auto_language.of_text(plain, INSTALLED) == language


@pytest.mark.parametrize("text", ["", "12.50 7/8 A4", "Total", "Musterstr. 12, Köln", "x" * 80])
def test_names_numbers_and_noise_tell_nothing(text):
    assert auto_language.of_text(text, ("spa", "deu", "eng")) in ("", "eng")


def test_a_language_without_data_is_not_chosen_and_no_other_in_its_place():
    assert auto_language.of_text(TEXTS["deu"], ("eng", "spa")) == ""


def test_every_script_has_a_language_to_begin_with_and_latin_is_the_first():
    found = auto_language.representatives(
        ("Fraktur", "rus", "bul", "deu", "eng", "osd", "script/Greek")
    )
    assert found == {
        "Latin": "eng",
        "Cyrillic": "rus",
        "Greek": "script/Greek",
        "Fraktur": "Fraktur",
    }
    assert next(iter(found)) == "Latin"


def test_a_language_of_its_own_goes_before_the_data_of_its_script():
    assert auto_language.representatives(("Latin", "pol"))["Latin"] == "pol"


@pytest.mark.parametrize(
    ("name", "text", "has"),
    [
        ("Fraktur", "Es ſchien, daß ſie ſich freute", True),  # noqa: RUF001
        ("deu_latf", "Confidential, subject to the agreed order", False),
        ("eng", "Confidential, subject to the agreed order", True),
        ("Fraktur", "", False),
    ],
)
def test_fraktur_is_told_by_its_long_s(name, text, has):
    assert auto_language.has_its_letters(name, text) == has


def test_pages_that_do_not_tell_are_english_where_there_is_english():
    assert auto_language.default(("deu", "eng")) == "eng"
    assert auto_language.default(("deu", "fra")) == "deu"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("deu", ("Latin", "de")),
        ("srp_latn", None),
        ("srp", ("Cyrillic", "sr")),
        ("script/Cyrillic", ("Cyrillic", "")),
        ("Fraktur", ("Fraktur", "")),
        ("osd", None),
    ],
)
def test_tesseracts_names_say_script_and_language(name, known):
    assert known_languages.find(name) == known


def picture(draw):
    image = Image.new("L", (800, 1200), 255)
    draw(ImageDraw.Draw(image))
    return Drawing(image, 150)


def test_a_band_holds_so_many_whole_lines():
    font = ImageFont.load_default(24)

    def draw(pen):
        for n in range(20):
            words = "short" if n < 10 else "lines with many words have more ink than others"
            pen.text((40, 100 + 50 * n), words, fill=0, font=font)

    band, _ = bands.cut(picture(draw), 3)
    assert band.width == 800
    assert 100 <= band.height <= 200
    edges = {band.image.crop((0, y, 800, y + 1)).getextrema()[0] for y in (0, band.height - 1)}
    assert edges == {255}


@pytest.mark.parametrize(
    "draw",
    [lambda pen: None, lambda pen: pen.rectangle((0, 0, 799, 1199), fill=0)],
    ids=["paper", "ink"],
)
def test_a_page_without_lines_gives_a_band_all_the_same(draw):
    band, _ = bands.cut(picture(draw))
    assert 0 < band.height < 1200


SCRIPTS = {"Latin": "eng", "Cyrillic": "rus", "Fraktur": "Fraktur"}


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("E8 fchien, dafs fie fich freute; daz ift fo gewefen und blieb e8", True),
        ("TOTAL RM 12.50 CASH 20.00 CHANGE 7.50 THANK YOU PLEASE COME AGAIN", False),
        ("Subject to the agreed order that the court has made in this case", False),
        ("ift", False),
        ("", False),
    ],
)
def test_fraktur_is_tried_where_the_long_s_was_taken_for_an_f(text: str, may_be: bool):
    found = auto_language.possible(SCRIPTS, text)
    assert ("Fraktur" in found) == may_be
    assert {"Latin", "Cyrillic"} <= found.keys()
