from PIL import Image

from fanfold.errors import RecognitionFailed
from fanfold.model import Box, Word
from fanfold.ocr.passes import cells
from fanfold.ocr.picture import grids as ruled_grids
from fanfold.ocr.picture import ink, ruled_lines
from fanfold.ocr.picture.render import Drawing
from fanfold.ocr.recognise.tesseract import Recognition
from fanfold.ocr.words import Row
from tests.data import forms

DPI = 150
TEXTS = [["Part", "Price"], ["Lamp", "12.50"]]
PLENTY = 12_000_000


class Engine:
    """Says one word in the middle of every slot of the sheet that it is shown."""

    def __init__(self, *said, error=None):
        self.said, self.error, self.sheets = said, error, []

    def read(self, picture, way):
        with Image.open(picture.path) as image:
            self.sheets.append(image.copy())
        if self.error:
            raise self.error
        step = (picture.height - 16) / len(self.said)
        words = [
            Word(text, Box(30, 16 + n * step + 10, 90, 16 + n * step + 30), 90)
            for n, text in enumerate(self.said)
        ]
        return Recognition(tuple(Row(("1", "1"), str(n), word) for n, word in enumerate(words)))


def reread(tmp_path, engine, found, pixels=PLENTY, texts=TEXTS, **options):
    picture = forms.table(texts, **options)
    picture.save(tmp_path / "page.pgm")
    drawing = Drawing(tmp_path / "page.pgm", DPI, *picture.size)
    grids = ruled_grids.find(ruled_lines.find(picture, DPI), DPI)
    return cells.reread(found, drawing, ink.of(drawing), grids, engine, pixels)


def word(text, row, column, confidence):
    x, y = 130 + 300 * column, 224 + 80 * row
    return Row((text, "0"), "0", Word(text, Box(x, y, x + 90, y + 28), confidence))


def test_cells_in_which_nothing_was_read_are_read_and_their_words_put_back(tmp_path):
    read = [word("Part", 0, 0, 95), word("Price", 0, 1, 95)]
    engine = Engine("Lamp", "12.50")
    found = reread(tmp_path, engine, Recognition(tuple(read)))
    boxes = {row.word.text: row.word.box for row in found.rows}
    assert set(boxes) == {"Part", "Price", "Lamp", "12.50"}
    assert [round(boxes[text].x0) // 300 for text in ("Lamp", "12.50")] == [0, 1]
    assert all(280 < boxes[text].y0 < boxes[text].y1 < 360 for text in ("Lamp", "12.50"))


def test_a_table_that_was_read_is_left_alone(tmp_path):
    found = Recognition(tuple(word(TEXTS[r][c], r, c, 95) for r in (0, 1) for c in (0, 1)))
    engine = Engine("x")
    assert reread(tmp_path, engine, found) == found
    assert engine.sheets == []


def test_gibberish_gives_way_to_a_better_reading_only(tmp_path):
    kept = [word("Part", 0, 0, 95), word("Price", 0, 1, 95), word("Lamp", 1, 0, 95)]
    found = Recognition((*kept, word("iz.so", 1, 1, 40)))
    assert reread(tmp_path, Engine("12.50"), found).rows[-1].word.text == "12.50"
    poor = Recognition((*kept, word("12.5O", 1, 1, 59)))
    worse = Engine("1")
    worse.read = lambda picture, way: Recognition((word("~", 0, 0, 1),))
    assert reread(tmp_path, worse, poor).rows[:3] == tuple(kept)


def test_empty_cells_are_not_read(tmp_path):
    engine = Engine("Lamp")
    found = Recognition((word("Part", 0, 0, 95), word("Price", 0, 1, 95)))
    reread(tmp_path, engine, found, texts=[TEXTS[0], ["Lamp", ""]])
    assert engine.sheets[0].height < 120  # one slot


def test_shade_is_white_and_letters_dark_on_the_sheet(tmp_path):
    engine = Engine("a", "b", "c", "d")
    reread(tmp_path, engine, Recognition(()), shade=[(0, 0), (1, 1)])
    counts = engine.sheets[0].histogram()
    assert counts[255] > 0.8 * sum(counts)
    assert sum(counts[:64]) > 0


def test_a_sheet_keeps_to_its_pixels(tmp_path):
    engine = Engine("a")
    reread(tmp_path, engine, Recognition(()), pixels=40_000)
    assert all(sheet.width * sheet.height <= 50_000 for sheet in engine.sheets)


def test_what_was_read_stands_when_the_cells_cannot_be(tmp_path):
    found = Recognition((word("Part", 0, 0, 95),))
    assert reread(tmp_path, Engine(error=RecognitionFailed()), found) == found
