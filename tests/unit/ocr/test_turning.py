import pikepdf
import pytest
from PIL import Image, ImageDraw

from fanfold.model import Box
from fanfold.ocr import turn
from fanfold.ocr.render import Drawing

SIZE = (400, 600)
PLENTY = 12_000_000
MARK = Box(100, 150, 120, 160)


@pytest.fixture
def drawing(tmp_path):
    """A white page with one black mark."""
    image = Image.new("L", SIZE, 255)
    ImageDraw.Draw(image).rectangle((MARK.x0, MARK.y0, MARK.x1 - 1, MARK.y1 - 1), fill=0)
    image.save(tmp_path / "page.pgm")
    return Drawing(tmp_path / "page.pgm", 72, *SIZE)


def ink(picture):
    with Image.open(picture.path) as image:
        return Box(*image.point(lambda level: 255 * (level < 128)).getbbox())


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


@pytest.mark.parametrize("angle", [90, 180, 270, 5, -100])
def test_a_text_layer_is_turned_back_with_its_page(drawing, tmp_path, angle):
    picture, turned = turn.turned(drawing, angle, PLENTY)
    found, layer = ink(picture), tmp_path / "layer.pdf"
    with pikepdf.new() as pdf:  # a layer of the turned picture, with the mark's middle noted in it
        page = pdf.add_blank_page(page_size=(picture.width, picture.height))
        x, y = (found.x0 + found.x1) / 2, picture.height - (found.y0 + found.y1) / 2
        page.obj.Contents = pdf.make_stream(f"{x} {y} m".encode())
        pdf.save(layer)

    turn.turn_back(layer, turned)

    with pikepdf.open(layer) as pdf:
        page = pdf.pages[0]
        steps = {str(s.operator): s.operands for s in pikepdf.parse_content_stream(page)}
        assert edges(Box(*map(float, page.mediabox))) == pytest.approx((0, 0, *SIZE))
    matrix = pikepdf.Matrix(*map(float, steps["cm"]))
    seen = matrix.transform(tuple(map(float, steps["m"])))
    middle = (MARK.x0 + MARK.x1) / 2, SIZE[1] - (MARK.y0 + MARK.y1) / 2
    assert seen == pytest.approx(middle, abs=2)
