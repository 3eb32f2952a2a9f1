"""What looks like letters where no word is, and what does not."""

import math
import random

import pytest
from PIL import Image, ImageDraw, ImageFont

from fanfold.errors import PageTimeout
from fanfold.model import Box, Word
from fanfold.ocr.passes import places
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.data import faint, pictures, prose
from tests.unit.ocr.engines import PLENTY, Engine, after

SIZE = pictures.A5
WORDS = [Box(w.x0, w.y0, w.x1, w.y1) for w in pictures.place(prose.NOTICE, SIZE)]


def drawing(image):
    return Drawing(image, pictures.DPI)


def found(image, known=()):
    return [place for place in places.places(drawing(image), known) if place.sure]


def stamped(angle, text="RECEIVED IN FULL", ink=0):
    page = pictures.page(prose.NOTICE, SIZE)
    stamp = Image.new("L", (500, 60), 255)
    ImageDraw.Draw(stamp).text((10, 5), text, fill=ink, font=pictures.FONT)
    page.paste(stamp.rotate(angle, expand=True, fillcolor=255), (300, 700))
    return page


def test_a_page_whose_words_are_known_has_no_places():
    assert found(pictures.page(prose.NOTICE, SIZE), WORDS) == []


@pytest.mark.parametrize("angle", [0, 30, -20, 45, 90, -90])
def test_a_stamp_is_a_place_however_it_is_turned(angle):
    (place,) = found(stamped(angle), WORDS)
    assert (place.lines.angle - angle + 90) % 180 == pytest.approx(90, abs=3)


def boxed(word, angle):
    """Draw a page with a word in a frame that is turned."""
    page = pictures.page(prose.NOTICE, SIZE)
    stamp = Image.new("L", (260, 110), 255)
    pen = ImageDraw.Draw(stamp)
    pen.rectangle((3, 3, 256, 106), outline=0, width=6)
    pen.text((50, 20), word, fill=0, font=ImageFont.load_default(60))
    page.paste(stamp.rotate(angle, expand=True, fillcolor=255), (300, 700))
    return page


@pytest.mark.parametrize("angle", [-25, 12])
def test_four_letters_in_a_frame_are_a_place_however_it_is_turned(angle):
    (place,) = found(boxed("PAID", angle), WORDS)
    assert (place.lines.angle - angle + 90) % 180 == pytest.approx(90, abs=6)


def test_ink_that_hardly_shows_beside_print_is_looked_for_when_all_else_is_done():
    page = drawing(stamped(0, ink=225))
    assert places.places(page, WORDS) == []
    (place,) = places.places(page, WORDS, faint=True)
    assert place.faint


def test_faint_words_count_if_they_are_read_surely_and_are_no_reason_for_a_review():
    page = drawing(stamped(0, ink=225))
    engines = Fills("RECEIVED", 92), Fills("RECEIVED", 75)
    sure, unsure = (places.settle(page, WORDS, engine, PLENTY) for engine in engines)
    assert [row.word.text for row in sure.rows] == ["RECEIVED"]
    assert (unsure.rows, unsure.unread) == ((), ())


def test_a_line_that_was_left_out_is_a_place():
    (place,) = found(pictures.page(prose.NOTICE, SIZE), WORDS[6:])
    assert place.box.y0 < WORDS[0].y0
    assert place.box.y1 > WORDS[5].y1


def test_a_faint_line_beside_black_ones_is_a_place():
    assert found(stamped(0, ink=170), WORDS)


def photograph():
    """Draw shapes of all sizes and greys."""
    chance = random.Random(5)
    page = Image.new("L", SIZE, 180)
    pen = ImageDraw.Draw(page)
    for _ in range(150):
        x, y, side = chance.randrange(1000), chance.randrange(1400), chance.randrange(20, 240)
        pen.ellipse((x, y, x + side, y + side * 2 // 3), fill=chance.randrange(256))
    return page


def halftone():
    page = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(page)
    for x in range(200, 900, 8):
        for y in range(200, 900, 8):
            size = 1 + 2 * math.sin(x / 90) ** 2
            pen.ellipse((x - size, y - size, x + size, y + size), fill=0)
    return page


def table():
    page = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(page)
    for step in range(12):
        pen.line((100, 200 + 60 * step, 1000, 200 + 60 * step), fill=0, width=3)
        pen.line((100 + 75 * step, 200, 100 + 75 * step, 860), fill=0, width=3)
    return page


def scanned():
    """Draw a page's dark border, its punch holes, a staple and dust."""
    page = Image.new("L", SIZE, 240)
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 30, SIZE[1]), fill=10)
    pen.rectangle((0, SIZE[1] - 20, *SIZE), fill=25)
    for y in (500, 1100):
        pen.ellipse((60, y, 110, y + 50), fill=30)
    pen.line((200, 60, 260, 75), fill=60, width=4)
    chance = random.Random(3)
    for _ in range(60):
        x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
        pen.ellipse((x, y, x + chance.randrange(1, 8), y + chance.randrange(1, 8)), fill=90)
    return page


def signature():
    page = Image.new("L", SIZE, 255)
    points = [(300 + 5 * n, 900 + 60 * math.sin(n / 3) * math.cos(n / 17)) for n in range(90)]
    ImageDraw.Draw(page).line(points, fill=0, width=4)
    return page


def ornaments():
    page = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(page)
    for n in range(40):
        pen.ellipse((100 + 24 * n, 300, 112 + 24 * n, 312), fill=0)
        pen.rectangle((100 + 24 * n, 600, 116 + 24 * n, 606), fill=0)
    pen.rectangle((90, 700, 1080, 1200), outline=0, width=8)
    return page


@pytest.mark.parametrize(
    "image",
    [
        *(photograph(), halftone(), table(), scanned(), signature(), ornaments()),
        faint.page("", 200, 0, 10),
        Image.linear_gradient("L").resize(SIZE),
    ],
    ids=[
        "photograph",
        "halftone",
        "table",
        "scanned",
        "signature",
        "ornaments",
        "noise",
        "gradient",
    ],
)
def test_what_is_no_writing_is_no_place(image):
    assert found(image) == []


class Fills:
    """A recogniser that finds words side by side that fill what it is shown."""

    def __init__(self, text, confidence):
        self.words, self.confidence = text.split(), confidence

    def read(self, picture, way):
        step = picture.width / len(self.words)
        boxes = [Box(step * n, 0, step * (n + 1), picture.height) for n in range(len(self.words))]
        words = [Word(*pair, self.confidence) for pair in zip(self.words, boxes, strict=True)]
        return Reading.of(picture, tuple(Row(("1", "1"), "1", word) for word in words))


def said(text, confidence):
    rows = [Word(word, Box(9, 9, 60, 30), confidence) for word in text.split()]
    return Engine(*(Row(("1", "1"), "1", word) for word in rows))


def test_what_is_read_surely_is_added_and_nothing_is_unread():
    engine = Fills("RECEIVED IN FULL", 95)
    account = places.settle(drawing(stamped(0)), WORDS, engine, PLENTY)
    assert [row.word.text for row in account.rows] == ["RECEIVED", "IN", "FULL"]
    assert account.unread == ()


@pytest.mark.parametrize("engine", [said("?;", 20), Engine(error=PageTimeout())])
def test_what_cannot_be_read_is_listed_with_its_box(engine):
    account = places.settle(drawing(stamped(0)), WORDS, engine, PLENTY)
    (box,) = account.unread
    assert box.x0 < 330
    assert box.y1 > 730
    assert account.rows == ()


@pytest.mark.parametrize(("confidence", "stays"), [(20.0, False), (60.0, True)])
def test_a_line_of_guesses_does_not_cover_its_ink(confidence, stays):
    rows = [Row(("1", "1"), str(box.y0), Word("known", box, 96)) for box in WORDS]
    guess = Word("TATORE", Box(305, 700, 760, 750), confidence)
    reading = Reading.of(drawing(stamped(0)), [*rows, Row(("2", "1"), "1", guess)])
    found = after("places", reading, Fills("RECEIVED IN FULL", 95))
    texts = {row.word.text for row in found.rows}
    assert ("TATORE" in texts, "RECEIVED" in texts) == (stays, not stays)


def test_a_number_behind_a_row_of_dots_ends_its_line():
    page = Image.new("L", SIZE, 255)
    ImageDraw.Draw(page).text((100, 100), "Barley", fill=0, font=pictures.FONT)
    ImageDraw.Draw(page).text((230, 100), "." * 30 + " 17", fill=0, font=pictures.FONT)
    barley = Row(("1", "1"), "1", Word("Barley", Box(100, 105, 205, 140), 95))
    account = places.settle(drawing(page), [barley.word.box], said("17", 90), PLENTY)
    rows = places.merged([barley], account)
    assert [(row.word.text, row.line) for row in rows] == [("Barley", "1"), ("17", "1")]


def test_a_sign_or_a_smudge_behind_a_line_is_left_out():
    page = Image.new("L", SIZE, 255)
    ImageDraw.Draw(page).text((100, 100), "Barley   x", fill=0, font=pictures.FONT)
    barley = [Box(100, 105, 205, 140)]
    assert places.settle(drawing(page), barley, said("x", 90), PLENTY) == ((), ())


def framed():
    """A page with three lines of words in a frame of dashes, most of whose spots are dashes."""
    page = scanned()
    pen = ImageDraw.Draw(page)
    for x in range(200, 900, 14):
        for y in (700, 760, 820, 880):
            pen.rectangle((x, y, x + 7 + x % 3, y + 2 + x % 2), fill=0)
    for row, text in enumerate(["Summary of amounts", "Barley 11.32", "Total 12.00"]):
        pen.text((230, 712 + 60 * row), text, font=pictures.FONT, fill=0)
    return page


def test_words_in_a_frame_of_dashes_are_a_place():
    (place,) = found(framed())
    assert place.box.y0 < 720
    assert place.box.y1 > 850


def test_what_is_left_of_a_place_that_was_read_in_part_is_looked_at_once_more():
    class Half(Fills):
        def read(self, picture, way):
            return super().read(picture.resized(picture.width // 2, picture.height), way)

    account = places.settle(drawing(stamped(0)), WORDS, Half("RECEIVED", 95), PLENTY)
    assert len(account.rows) == 2


def test_specks_between_two_lines_of_words_are_no_place():
    page = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(page)
    for x in range(210, 700, 17):
        pen.ellipse((x, 335, x + 8 + x % 4, 344 + x % 3), outline=0, width=2)
    lines = [Box(200, 300, 720, 330), Box(200, 350, 720, 380)]
    assert places.places(drawing(page), []) != []
    assert places.places(drawing(page), lines) == []


@pytest.mark.parametrize("angle", [25, -12, 40])
def test_a_stamp_in_a_frame_is_a_place(angle):
    page = pictures.page(prose.NOTICE, SIZE)
    stamp = Image.new("L", (520, 70), 255)
    pen = ImageDraw.Draw(stamp)
    pen.text((20, 10), "PAID IN FULL", fill=90, font=pictures.FONT)
    pen.rectangle((3, 3, 516, 66), outline=90, width=4)
    page.paste(stamp.rotate(angle, expand=True, fillcolor=255), (300, 700))
    assert len(found(page, WORDS)) == 1


def test_light_letters_on_a_bar_are_a_place():
    page = pictures.page(prose.NOTICE, SIZE)
    pen = ImageDraw.Draw(page)
    pen.rectangle((300, 700, 700, 760), fill=30)
    pen.text((330, 705), "Logo pelican", fill=255, font=pictures.FONT)
    assert len(found(page, WORDS)) == 1


def test_words_that_were_read_across_a_line_up_the_margin_give_way():
    sure = [Row(("1", "1"), "1", Word("word", box, 95)) for box in WORDS]
    guess = Row(("2", "1"), "1", Word("oste", Box(40, 700, 60, 760), 45))
    page = pictures.page(prose.NOTICE, SIZE)
    note = Image.new("L", (300, 50), 255)
    ImageDraw.Draw(note).text((5, 2), "ledger folio", fill=0, font=pictures.FONT)
    page.paste(note.rotate(90, expand=True), (30, 600))
    read = after("places", Reading.of(drawing(page), (*sure, guess)), Fills("folio", 95))
    texts = [row.word.text for row in read.rows]
    assert "folio" in texts
    assert "oste" not in texts
