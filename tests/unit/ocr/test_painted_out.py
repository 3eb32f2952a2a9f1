from PIL import Image, ImageDraw

from fanfold.model import Box
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.picture.painted import painted_out

KNOWN, OTHER = Box(20, 20, 120, 40), Box(200, 300, 300, 340)


def drawn():
    """Return a page with two black boxes."""
    image = Image.new("L", (400, 600), 255)
    for box in (KNOWN, OTHER):
        ImageDraw.Draw(image).rectangle((box.x0, box.y0, box.x1, box.y1), fill=0)
    return Drawing(image, 144)


def ink(drawing):
    return drawing.image.point(lambda level: 255 - level).getbbox()


def test_known_words_are_painted_over_and_the_drawing_stays_as_it_was():
    drawing = drawn()
    assert ink(painted_out(drawing, [KNOWN])) == (200, 300, 301, 341)
    assert ink(drawing) == (20, 20, 301, 341)


def test_a_page_whose_words_are_all_known_leaves_nothing():
    assert painted_out(drawn(), [KNOWN, OTHER]) is None
