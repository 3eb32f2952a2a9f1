import pytest

from fanfold.model import Mode
from fanfold.ocr.layer import text as text_layer
from fanfold.ocr.layer.text import TextLayer, judge
from fanfold.ocr.recognise import tsv
from tests.data import prose

FULL = TextLayer(words=300)


def weigh(table):
    return text_layer.weigh(list(tsv.rows(table)), tsv.raw_text(table))


def row(top, text):
    return f"5\t1\t0\t0\t{top}\t0\t72\t{top}\t30\t10\t100\t{text}"


def test_a_layer_of_words_is_trusted_as_far_as_it_tells():
    assert judge(Mode.AUTO, FULL).trusted
    assert judge(Mode.AUTO, TextLayer(words=2)).trusted


def test_words_that_nobody_could_read_are_not_trusted():
    table = "\n".join(f"5\t1\t0\t0\t0\t{n}\t{n * 9}\t9\t8\t1\t100\tword" for n in range(9))
    assert not judge(Mode.AUTO, weigh(table)).trusted


def test_glyphs_without_a_meaning_are_not_trusted():
    assert not judge(Mode.AUTO, TextLayer(words=300, meaningless=0.5)).trusted


def shifted(text):
    """Write every letter as the glyph that stands 29 places before it, as many fonts count."""
    return " ".join("".join(chr(ord(c) - 29) for c in word) for word in text.split())


@pytest.mark.parametrize("text", ['"7+%-', shifted(prose.NOTICE.lower())])
def test_words_that_no_language_has_are_not_trusted(text):
    layer = weigh("\n".join(row(top, word) for top, word in enumerate(text.split())))
    assert not judge(Mode.AUTO, layer).trusted


@pytest.mark.parametrize(
    "text",
    [
        "Rhythm (i) (a) § 4.2 ($3.75) ......... ________ +49-30/1234567-8 https://a.example/b?c=d",
        "Přes čtvrt století vlk zmrzl a šťastně prchl",
        "在二十世纪 שלום עולם всего доброго",
        "INVOICE NR XK-4711 TOTAL EUR 1,299.00",
    ],
)
def test_numbers_signs_and_other_scripts_are_words(text):
    layer = weigh("\n".join(row(top, word) for top, word in enumerate(text.split())))
    assert judge(Mode.AUTO, layer).trusted


def test_the_sender_has_the_last_word():
    assert not judge(Mode.OCR, FULL).trusted
    assert judge(Mode.NATIVE, TextLayer()).trusted


def test_every_judgement_has_a_reason():
    layers = [TextLayer(), FULL, TextLayer(words=1), TextLayer(words=1, meaningless=1.0)]
    assert all(judge(mode, layer).reason for mode in Mode for layer in layers)


def test_a_layer_is_weighed_by_its_words_and_their_meaning():
    layer = weigh("\n".join([row(100, "good"), row(290, "\ue001\ue002\ufffd!")]))
    assert layer.words == 2
    assert layer.meaningless == 3 / 8


def test_an_empty_table_is_an_empty_layer():
    assert weigh("level\tpage_num\n") == TextLayer()
