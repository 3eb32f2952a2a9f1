import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fanfold import pagejson
from fanfold.model import (
    Block,
    BlockKind,
    Box,
    Cell,
    Code,
    Line,
    Page,
    Readers,
    Source,
    Table,
    Word,
)
from tests.unit.formats.tables_of import rich_page

hundredths = st.integers(-(10**6), 10**6).map(lambda n: n / 100)
boxes = st.builds(Box, hundredths, hundredths, hundredths, hundredths)
confidences = st.integers(0, 1000).map(lambda n: n / 10)
sure = st.none() | st.booleans()
words = st.builds(
    Word, st.text(min_size=1), boxes, confidences, sure=sure, alternative=st.text(max_size=3)
)
lines = st.builds(Line, st.lists(words, min_size=1, max_size=3).map(tuple), boxes)
spans = st.integers(1, 3)
cells = st.builds(Cell, spans, spans, boxes, st.text(), spans, spans)
heads = st.integers(0, 2)
tables = st.builds(Table, spans, spans, st.lists(cells, max_size=3).map(tuple), heads)
blocks = st.builds(
    Block,
    st.lists(lines, min_size=1, max_size=3).map(tuple),
    boxes,
    st.none() | tables,
    st.sampled_from(BlockKind),
    st.integers(0, 3),
)
codes = st.builds(Code, st.text(), st.text(min_size=1), boxes)
raw_codes = st.builds(Code, st.text(), st.just(""), boxes, st.binary(min_size=1))
pages = st.builds(
    Page,
    number=st.integers(1, 50_000),
    width=hundredths,
    height=hundredths,
    source=st.sampled_from(Source),
    reason=st.text(),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    codes=st.lists(codes | raw_codes, max_size=3).map(tuple),
    rotation=st.sampled_from([0, 90, 180, 270]),
    orientation=st.sampled_from([0, 90, 180, 270]),
    skew=st.integers(-128, 128).map(lambda n: n / 8),
    dpi=st.integers(0, 1200),
    languages=st.just("eng+deu"),
    readers=st.sampled_from([(), (Readers.TESSERACT, Readers.NEURAL)]),
    review=st.text(),
    layer_text=st.text(),
    timings=st.dictionaries(st.text(), st.integers(0)),
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # pages are large, and machines busy
@given(pages)
def test_a_page_comes_back_from_json_as_it_went(page):
    assert pagejson.load(json.loads(json.dumps(pagejson.dump(page)))) == page


def test_a_page_written_by_a_newer_worker_can_be_read():
    page = Page(1, 595.28, 841.89, Source.BLANK, "no words found")
    assert pagejson.load({**pagejson.dump(page), "language_guess": "eng"}) == page


def test_a_page_written_by_an_older_worker_can_be_read():
    page = Page(1, 595.28, 841.89, Source.OCR, "no text layer")
    old = {k: v for k, v in pagejson.dump(page).items() if k not in ("orientation", "skew")}
    assert pagejson.load(old) == page


def test_a_kind_that_only_newer_workers_know_is_a_paragraph():
    word = Word("a", Box(1, 2, 3, 4), 91)
    page = Page(1, 9, 9, Source.OCR, "", (Block((Line((word,), word.box),), word.box),))
    newer = pagejson.dump(page)
    newer["blocks"][0]["kind"] = "footnote"
    assert pagejson.load(newer) == page


def test_lengths_are_written_to_a_hundredth_of_a_point():
    word = Word("a", Box(1.23456, 2, 3, 4), 91.26)
    line = Line((word,), word.box)
    page = Page(1, 100, 100, Source.OCR, "", (Block((line,), word.box),))
    written = pagejson.dump(page)["blocks"][0]["lines"][0]["words"][0]
    assert written == {"text": "a", "box": [1.23, 2, 3, 4], "confidence": 91.3}


def test_a_cell_says_which_words_it_holds_and_how_sure_they_are():
    table = pagejson.dump(rich_page(1))["blocks"][5]
    told = [(cell.get("words"), cell.get("confidence")) for cell in table["table"]["cells"]]
    words = [[[0, 0], [0, 1]], [[1, 0]], [[1, 1]], [[2, 0]], None]
    assert told == list(zip(words, [90, 80, 70, 90, None], strict=True))
    assert table["confidence"] == 84
    assert table["table"]["head"] == 1
