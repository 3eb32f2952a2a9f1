import pytest
from PIL import Image, ImageDraw

from fanfold.model import Box
from fanfold.ocr.picture import turn
from fanfold.ocr.picture.drawing import Drawing

SIZE = (400, 600)
PLENTY = 12_000_000
MARK = Box(100, 150, 120, 160)


@pytest.fixture
def drawing():
    """A white page with one black mark."""
    image = Image.new("L", SIZE, 255)
    ImageDraw.Draw(image).rectangle((MARK.x0, MARK.y0, MARK.x1 - 1, MARK.y1 - 1), fill=0)
    return Drawing(image, 72)


def ink(picture):
    return Box(*picture.image.point(lambda level: 255 * (level < 128)).getbbox())


def edges(box):
    return (box.x0, box.y0, box.x1, box.y1)


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_what_is_found_on_a_turned_picture_is_put_back_to_the_pixel(drawing, angle):
    picture, turned = turn.turned(drawing, angle, PLENTY)
    assert edges(turned.undo(ink(picture))) == pytest.approx(edges(MARK))


@pytest.mark.parametrize("angle", [-15, -3.125, 0.5, 7, 97.5, 184.25, 265])
def test_what_is_found_on_a_slanting_picture_is_put_back_around_its_place(drawing, angle):
    picture, turned = turn.turned(drawing, angle, PLENTY)
    back = edges(turned.undo(ink(picture)))
    assert back == pytest.approx(edges(MARK), abs=12)
    middles = [(box[0] + box[2], box[1] + box[3]) for box in (back, edges(MARK))]
    assert middles[0] == pytest.approx(middles[1], abs=2)


def test_a_turned_picture_keeps_to_its_pixels_and_words_to_their_places(drawing):
    picture, turned = turn.turned(drawing, 7, pixels=SIZE[0] * SIZE[1])
    assert picture.width * picture.height <= SIZE[0] * SIZE[1]
    assert edges(turned.undo(ink(picture))) == pytest.approx(edges(MARK), abs=5)


def test_nothing_is_put_outside_the_page(drawing):
    picture, turned = turn.turned(drawing, 10, PLENTY)
    assert turned.undo(Box(0, 0, picture.width, picture.height)) == Box(0, 0, *SIZE)


def test_the_corners_of_a_turned_page_are_as_light_as_its_paper():
    picture, _ = turn.turned(Drawing(Image.new("L", SIZE, 140), 72), 7, PLENTY)
    assert picture.image.getextrema() == (140, 140)
