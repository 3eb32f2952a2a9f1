import pytest
from PIL import Image, ImageDraw

from fanfold.model import Box
from fanfold.ocr.layer import trust
from fanfold.ocr.layer.text import PAGE_OF_PICTURES, TextLayer
from fanfold.ocr.layer.trust import Evidence
from fanfold.ocr.picture import ink
from tests.data import pictures, prose

SIZE = (1000, 1400)
SCALE = ink.SMALL_DPI / pictures.DPI
TEXT = prose.LIGHTHOUSE[0]
PLACED = pictures.place(TEXT, SIZE)
BOXES = [Box(*(edge * SCALE for edge in (w.x0, w.y0, w.x1, w.y1))) for w in PLACED]


def weigh(picture, boxes):
    return trust.weigh(ink.measure(picture, pictures.DPI), boxes)


def test_a_layer_that_says_what_is_printed_explains_it():
    evidence = weigh(pictures.page(TEXT, SIZE), BOXES)
    assert evidence.explained > 0.9
    assert evidence.shown > 0.9
    assert trust.judge(evidence, picture_share=1.0).trusted


def test_a_stamp_over_a_scan_does_not_explain_it():
    judgement = trust.judge(weigh(pictures.page(TEXT, SIZE), BOXES[:5]), picture_share=1.0)
    assert not judgement.trusted
    assert "of what the page shows" in judgement.reason


def test_words_that_the_page_does_not_show_are_not_trusted():
    elsewhere = [Box(box.x0, box.y0 + 240, box.x1, box.y1 + 240) for box in BOXES]
    assert not trust.judge(weigh(pictures.page(TEXT, SIZE), elsewhere), 1.0).trusted


def test_a_photograph_does_not_speak_against_the_words_around_it():
    page = pictures.page(TEXT, SIZE)
    ImageDraw.Draw(page).rectangle((100, 700, 900, 1300), fill=60)
    assert trust.judge(weigh(page, BOXES), picture_share=1.0).trusted


def test_text_drawn_as_outlines_is_looked_for_beside_a_few_words():
    judgement = trust.judge(weigh(pictures.page(TEXT, SIZE), BOXES[:5]), picture_share=0.0)
    assert judgement.trusted
    assert judgement.partly


def test_a_logo_proves_nothing():
    page = Image.new("L", SIZE, 255)
    ImageDraw.Draw(page).ellipse((100, 100, 180, 180), outline=0, width=5)
    assert not trust.judge(weigh(page, BOXES[:1]), picture_share=0.0).partly


def test_boxes_beyond_the_page_do_no_harm():
    assert weigh(Image.new("L", SIZE, 255), [Box(-9, -9, -5, -5), Box(9e5, 9e5, 9e6, 9e6)]) == (
        Evidence(0, 0.0, 0.0)
    )


@pytest.mark.parametrize(
    ("words", "share", "doubted"),
    [(300, 0.1, False), (300, PAGE_OF_PICTURES, True), (5, 0.0, True), (0, 1.0, False)],
)
def test_pages_of_much_text_are_not_drawn(words, share, doubted):
    assert trust.doubted(TextLayer(words=words), share) is doubted
