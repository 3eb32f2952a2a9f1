"""document.md: what it shows is what stands on the page, and nothing else."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fanfold.formats import markdown
from fanfold.formats.hyphens import joined
from fanfold.model import Block, BlockKind, Cell, Code, Page, Source, Table
from tests.unit.formats.builders import BOX, failed, line, page

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

nasty = st.text(
    st.sampled_from("#*_-+=>.)(123 <>&!`~|[]{}\\:/\"'$^@%ab\n\t\x00\u2028\u202e\xa0"), min_size=1
)


def block(text, kind=BlockKind.PARAGRAPH, level=0):
    return Block(tuple(line(one) for one in text.split("\n")), BOX, None, kind, level)


def written(*blocks):
    return markdown.page(Page(1, 595, 842, Source.OCR, "", tuple(blocks)))


def shown(text):
    """Return what a reader of Markdown makes of it: its kinds of tokens and its texts."""
    tokens = READER.parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    texts = ["".join(c.content for c in t.children) for t in tokens if t.type == "inline"]
    kinds = {token.type for token in (*tokens, *inner)} - {"inline", "text"}
    return kinds - {"text_special", "html_block"}, texts


def plain(text):
    return joined([one.translate(markdown.CONTROLS) for one in text.split("\n")])


@given(st.one_of(nasty, st.text()))
@example("# heading")
@example("1. item")
@example("---")
@example("[a](javascript:alert(1))")
@example("<script>alert(1)</script> --> <!--")
@example("&lt;b&gt; &amp; &#60;")
@example("![x](http://example.com/x.png)")
@example("| a | b |\n|---|---|\n| 1 | 2 |")
@example("    code")
@example("{{ 7 * 7 }} {% raw %}")
def test_whatever_stands_on_a_page_is_shown_as_text(text):
    kinds, texts = shown(written(block(text)))
    assert kinds <= {"paragraph_open", "paragraph_close"}
    assert texts == ([" ".join(plain(text).split())] if plain(text).strip() else [])


@given(nasty, st.integers(1, 3))
def test_whatever_a_heading_says_is_shown_as_its_text(text, level):
    kinds, texts = shown(written(block(text, BlockKind.HEADING, level)))
    assert kinds <= {"heading_open", "heading_close"}
    assert texts == ([" ".join(plain(text).split())] if plain(text).strip() else [])


@given(st.lists(st.tuples(nasty, st.integers(1, 5)), min_size=1, max_size=6))
def test_whatever_items_say_nothing_but_a_list_comes_of_them(items):
    kinds, _ = shown(written(*(block(t, BlockKind.LIST_ITEM, level) for t, level in items)))
    assert {kind.rsplit("_", 1)[0] for kind in kinds} <= {
        "bullet_list",
        "ordered_list",
        "list_item",
        "paragraph",
    }


@given(nasty)
def test_no_text_ends_the_comment_that_names_a_page_or_opens_another(text):
    told = written(block(text))
    assert told.count("<") == told.count("<!-- page 1 -->") == 1


def test_headings_paragraphs_and_lists_look_like_them():
    told = written(
        block("Annual Report", BlockKind.HEADING, 1),
        block("The first para-\ngraph goes on\nhere."),
        block("• apples", BlockKind.LIST_ITEM, 1),
        block("– green ones", BlockKind.LIST_ITEM, 2),
        block("• pears", BlockKind.LIST_ITEM, 1),
        block("The end."),
    )
    assert told == (
        "<!-- page 1 -->\n\n# Annual Report\n\nThe first paragraph goes on here.\n\n"
        "- apples\n    - green ones\n- pears\n\nThe end.\n"
    )


def cell(row, column, text):
    return Cell(row, column, BOX, text)


def test_a_table_has_its_rows_and_the_first_heads_them():
    cells = (cell(0, 0, "Name"), cell(0, 1, "Sum"), cell(1, 0, "two\nlines"), cell(1, 1, "1|2"))
    told = written(Block((line("Name Sum"),), BOX, Table(2, 2, cells)), block("after"))
    assert told == (
        "<!-- page 1 -->\n\n| Name | Sum |\n| --- | --- |\n| two lines | 1\\|2 |\n\nafter\n"
    )


@given(st.lists(nasty, min_size=4, max_size=4))
def test_whatever_stands_in_cells_the_table_keeps_its_grid(texts):
    cells = tuple(cell(n // 2, n % 2, text) for n, text in enumerate(texts))
    told = written(Block((line("x"),), BOX, Table(2, 2, cells)))
    kinds, shown_texts = shown(told)
    assert {kind.rsplit("_", 1)[0] for kind in kinds} <= {
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert shown_texts == [" ".join(plain(text).split()) for text in texts]


@given(nasty)
@example("```\n# heading")
@example("`` ` ``")
def test_whatever_a_code_says_is_shown_as_code(text):
    told = markdown.page(Page(1, 9, 9, Source.OCR, "", codes=(Code("QR Code", text, BOX),)))
    spans = [c for t in READER.parse(told) for c in t.children or () if c.type == "code_inline"]
    said = " ".join(text.translate(markdown.CONTROLS).split())
    assert [one.content.strip() for one in spans] == ([said] if said else [])


def test_a_code_that_is_no_text_says_how_much_it_holds():
    told = markdown.page(Page(1, 9, 9, Source.OCR, "", codes=(Code("Aztec", "", BOX, b"abc"),)))
    assert told.endswith("\n- Aztec: 3 bytes of data\n")


def test_numbered_items_keep_their_numbers_even_where_a_list_would_count_on():
    told = written(*(block(f"{n}. item", BlockKind.LIST_ITEM, 1) for n in (3, 4, 7, 1)))
    starts = [t.attrGet("start") or 1 for t in READER.parse(told) if t.type == "ordered_list_open"]
    assert starts == [3, 7, 1]


def test_lettered_items_keep_their_letters():
    assert "- (b) pears\n" in written(block("(b) pears", BlockKind.LIST_ITEM, 1))


def test_an_item_without_a_parent_does_not_become_code():
    assert written(block("• deep", BlockKind.LIST_ITEM, 3)).endswith("\n- deep\n")


def test_a_failed_page_keeps_its_place_and_says_why():
    why = "> Page 7 could not be read. TIMEOUT: The page took longer than it may."
    assert markdown.page(failed(7, "TIMEOUT")) == f"<!-- page 7 -->\n\n{why}\n"


def test_a_blank_page_is_its_comment_alone():
    assert markdown.page(page(4)) == "<!-- page 4 -->\n"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["a para-", "graph"], "a paragraph"),
        (["in Fraktur⸗", "\u017fchrift"], "in Fraktur\u017fchrift"),
        (["Drei¬", "eck"], "Dreieck"),
        (["North-", "South"], "North- South"),
        (["pages 10-", "12"], "pages 10- 12"),
        (["a -", "b"], "a - b"),
        (["well-", "known"], "well-known"),
    ],
)
def test_words_cut_at_a_line_end_become_whole(lines, text):
    assert joined(lines, {"well-known"}) == text
