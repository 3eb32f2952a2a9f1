from dataclasses import replace

from fanfold.errors import RecognitionFailed
from fanfold.model import Box, Word
from fanfold.ocr.picture.drawing import Drawing
from fanfold.ocr.recognise.reading import Reading
from fanfold.ocr.words import Row
from tests.data import forms
from tests.unit.ocr.engines import PLENTY, after

DPI = 150
TEXTS = [["Part", "Price"], ["Lamp", "12.50"]]


class Engine:
    """Says one word in the middle of every slot of the sheet that it is shown."""

    def __init__(self, *said, confidence=90, error=None):
        self.said, self.confidence, self.error, self.sheets = said, confidence, error, []

    def read(self, picture, way):
        self.sheets.append(picture.image)
        if self.error:
            raise self.error
        step = (picture.height - 16) / len(self.said)
        words = [
            Word(text, Box(30, 16 + n * step + 10, 90, 16 + n * step + 30), self.confidence)
            for n, text in enumerate(self.said)
        ]
        rows = tuple(Row(("1", "1"), str(n), word) for n, word in enumerate(words))
        return Reading.of(picture, rows)


def reread(engine, *rows, pixels=PLENTY, texts=TEXTS, **options):
    """Return the rows of a table of which ``rows`` were read."""
    found = Reading.of(Drawing(forms.table(texts, **options), DPI), rows)
    return after("grids cells", found, engine, pixels).rows


def word(text, row, column, confidence):
    x, y = 130 + 300 * column, 224 + 80 * row
    return Row((text, "0"), "0", Word(text, Box(x, y, x + 90, y + 28), confidence))


def aside(row):
    box = row.word.box
    return row._replace(word=replace(row.word, box=replace(box, x0=box.x1 + 9, x1=box.x1 + 30)))


def test_cells_in_which_nothing_was_read_are_read_and_their_words_put_back():
    read = [word("Part", 0, 0, 95), word("Price", 0, 1, 95)]
    engine = Engine("Lamp", "12.50")
    boxes = {row.word.text: row.word.box for row in reread(engine, *read)}
    assert set(boxes) == {"Part", "Price", "Lamp", "12.50"}
    assert [round(boxes[text].x0) // 300 for text in ("Lamp", "12.50")] == [0, 1]
    assert all(280 < boxes[text].y0 < boxes[text].y1 < 360 for text in ("Lamp", "12.50"))


def test_a_table_that_was_read_is_left_alone():
    read = tuple(word(TEXTS[r][c], r, c, 95) for r in (0, 1) for c in (0, 1))
    engine = Engine("x")
    assert reread(engine, *read) == read
    assert engine.sheets == []


def test_gibberish_gives_way_to_a_better_reading_only():
    kept = [word("Part", 0, 0, 95), word("Price", 0, 1, 95), word("Lamp", 1, 0, 95)]
    assert reread(Engine("12.50"), *kept, word("iz.so", 1, 1, 40))[-1].word.text == "12.50"
    poor = (*kept, word("12.5O", 1, 1, 59))
    assert reread(Engine("~", confidence=1), *poor) == poor


def test_a_sure_word_of_a_cell_that_is_read_again_stays():
    sure = [word("Part", 0, 0, 95), word("Price", 0, 1, 95), word("Lamp", 1, 0, 95)]
    cell = [word("7585", 1, 1, 96), *(aside(word(sign, 1, 1, 1)) for sign in "~|")]
    found = [row.word.text for row in reread(Engine("7686"), *sure, *cell)]
    assert "7585" in found
    assert "7686" not in found


def test_empty_cells_are_not_read():
    engine = Engine("Lamp")
    read = (word("Part", 0, 0, 95), word("Price", 0, 1, 95))
    reread(engine, *read, texts=[TEXTS[0], ["Lamp", ""]])
    assert engine.sheets[0].height < 120  # one slot


def test_shade_is_white_and_letters_dark_on_the_sheet():
    engine = Engine("a", "b", "c", "d")
    reread(engine, shade=[(0, 0), (1, 1)])
    counts = engine.sheets[0].histogram()
    assert counts[255] > 0.8 * sum(counts)
    assert sum(counts[:64]) > 0


def test_a_sheet_keeps_to_its_pixels():
    engine = Engine("a")
    reread(engine, pixels=40_000)
    assert all(sheet.width * sheet.height <= 50_000 for sheet in engine.sheets)


def test_what_was_read_stands_when_the_cells_cannot_be():
    read = word("Part", 0, 0, 95)
    assert reread(Engine(error=RecognitionFailed()), read) == (read,)
