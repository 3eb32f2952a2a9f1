import subprocess

import pikepdf
import pytest

from fanfold.formats.searchable import layer_write
from fanfold.geometry import Turn
from fanfold.model import Block, Box, Line, Word

UPRIGHT = Turn(0.0, (1000, 500), (1000, 500))


def block(*words):
    """Give words of one line as (text, box)."""
    made = tuple(Word(text, Box(*box), 90) for text, box in words)
    around = Box.around(word.box for word in made)
    return Block((Line(made, around),), around)


def shown(path):
    """Return each text with its font size, stretch in percent and matrix."""
    with pikepdf.open(path) as pdf:
        steps = [(str(s.operator), s.operands) for s in pikepdf.parse_content_stream(pdf.pages[0])]
    found, size, stretch, matrix = [], 0.0, 0.0, []
    for operator, operands in steps:
        if operator == "Tf":
            size = float(operands[1])
        elif operator == "Tz":
            stretch = float(operands[0])
        elif operator == "Tm":
            matrix = [float(value) for value in operands]
        elif operator == "Tj":
            found.append((bytes(operands[0]).decode("utf-16-be"), size, stretch, matrix))
    return found


def test_a_word_stands_on_the_bottom_of_its_box_and_is_as_wide(tmp_path):
    layer_write.write(tmp_path / "l.pdf", [block(("Größe", (100, 50, 200, 70)))], UPRIGHT, 0.5)
    ((text, size, stretch, matrix),) = shown(tmp_path / "l.pdf")
    assert text == "Größe "
    assert matrix == [1, 0, 0, 1, 50, (500 - 70) * 0.5]
    assert 5 * 0.5 * size * stretch / 100 == pytest.approx(100 * 0.5, rel=1e-3)


def test_the_words_of_a_line_stand_on_one_line_and_have_one_size(tmp_path):
    line = block(("an", (0, 60, 30, 70)), ("apple", (40, 50, 90, 74)), ("on", (99, 60, 130, 70)))
    layer_write.write(tmp_path / "l.pdf", [line], UPRIGHT, 1)
    assert {(size, matrix[5]) for _, size, _, matrix in shown(tmp_path / "l.pdf")} == {(11.11, 430)}


@pytest.mark.parametrize("left", [100, 98, 101])
def test_a_word_ends_where_viewers_see_that_the_next_one_begins(left, tmp_path):
    line = block(("Grade", (60, 60, 100, 71)), ("Export", (left, 60, 160, 71)))
    layer_write.write(tmp_path / "l.pdf", [line], UPRIGHT, 1)
    (_, size, stretch, matrix), (*_, after) = shown(tmp_path / "l.pdf")
    end = matrix[4] + 5 * 0.5 * size * stretch / 100
    assert (after[4] - end) / size == pytest.approx(0.15, abs=0.01)


@pytest.mark.parametrize(("gap", "left"), [(8, 0.5), (3, 0.3), (30, 3)])
def test_words_that_run_to_the_left_stand_near_enough_to_be_turned_together(gap, left, tmp_path):
    line = block(("שלום", (100 + gap, 60, 160, 69)), ("עולם", (40, 60, 100, 69)))
    layer_write.write(tmp_path / "l.pdf", [line], UPRIGHT, 1)
    (first, size, stretch, matrix), (second, *_, after) = shown(tmp_path / "l.pdf")
    assert (first, second) == ("םלוע ", "םולש ")
    end = matrix[4] + 4 * 0.5 * size * stretch / 100
    assert (after[4] - end) / size == pytest.approx(left, abs=0.01)


def test_blocks_that_follow_each_other_have_sizes_of_their_own(tmp_path):
    blocks = [block(("column", (60 + 50 * n, 60, 100 + 50 * n, 70))) for n in range(4)]
    layer_write.write(tmp_path / "l.pdf", blocks, UPRIGHT, 1)
    sizes = [size for _, size, _, _ in shown(tmp_path / "l.pdf")]
    assert sizes == pytest.approx([11.11, 10.33, 9.61, 11.11], abs=0.01)


def test_the_words_of_a_curved_line_stand_where_they_are(tmp_path):
    line = block(("up", (0, 50, 30, 70)), ("down", (40, 100, 90, 120)))
    layer_write.write(tmp_path / "l.pdf", [line], UPRIGHT, 1)
    assert [matrix[5] for *_, matrix in shown(tmp_path / "l.pdf")] == [430, 380]


def test_the_words_of_a_steep_line_stand_upright_each_on_the_middle_of_its_ink(tmp_path):
    # The line sloped down by 10 degrees on a page of the same size before it was turned.
    turn = Turn(-10.0, (1000, 500), (1000, 500))
    layer_write.write(
        tmp_path / "l.pdf",
        [block(("far", (0, 240, 100, 250)), ("off", (900, 240, 1000, 250)))],
        turn,
        1,
    )
    for (_, size, stretch, matrix), middle in zip(
        shown(tmp_path / "l.pdf"), (50, 950), strict=True
    ):
        x, y = turn.undone(middle, 250)
        length = 3 * 0.5 * size * stretch / 100
        assert matrix[:4] == [1, 0, 0, 1]
        assert (matrix[4] + length / 2, matrix[5]) == pytest.approx((x, 500 - y), abs=0.1)


def test_a_line_that_slopes_a_little_becomes_level_enough_for_its_words_to_be_one_line(tmp_path):
    turn = Turn(1.5, (1000, 500), (1000, 500))
    words = [(f"w{n}", (n * 100, 240, n * 100 + 90, 258)) for n in range(6)]
    layer_write.write(tmp_path / "l.pdf", [block(*words)], turn, 1)
    found = shown(tmp_path / "l.pdf")
    lows = [matrix[5] for *_, matrix in found]
    size = found[0][1]
    assert max(lows) - min(lows) == pytest.approx(0.45 * size, abs=0.1)
    true = [500 - turn.undone(n * 100 + 45, 258)[1] for n in range(6)]
    assert lows == pytest.approx(true, abs=0.5 * size)


def test_text_of_a_turned_page_runs_as_it_is_printed(tmp_path):
    # A page 500 × 1000, turned clockwise by 90 degrees: what ran up the page runs across.
    layer_write.write(
        tmp_path / "l.pdf",
        [block(("up", (0, 0, 100, 20)))],
        Turn(90.0, (500, 1000), (1000, 500)),
        1,
    )
    ((*_, matrix),) = shown(tmp_path / "l.pdf")
    assert matrix == pytest.approx([0, 1, -1, 0, 20, 0], abs=1e-3)


def test_the_file_is_whole_and_its_text_invisible(tmp_path):
    layer_write.write(tmp_path / "l.pdf", [block(("a", (0, 0, 9, 9)))], UPRIGHT, 1)
    with pikepdf.open(tmp_path / "l.pdf") as pdf:
        assert pdf.check_pdf_syntax() == []
        assert b"3 Tr" in pdf.pages[0].Contents.read_bytes()
        (font,) = pdf.pages[0].Resources.Font.values()
        assert len(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()) == 572


def test_lone_surrogates_do_not_break_the_layer(tmp_path):
    layer_write.write(tmp_path / "l.pdf", [block(("a\ud800b", (0, 0, 9, 9)))], UPRIGHT, 1)
    assert shown(tmp_path / "l.pdf")[0][0] == "a?b "


def test_a_line_that_runs_up_the_page_is_written_so(tmp_path):
    line = block(("Archive", (20, 300, 40, 400)), ("copy", (20, 230, 40, 290)))
    layer_write.write(tmp_path / "l.pdf", [line], UPRIGHT, 1)
    first, second = (matrix for *_, matrix in shown(tmp_path / "l.pdf"))
    assert first == pytest.approx([0, 1, -1, 0, 40, 100], abs=1e-3)
    assert second == pytest.approx([0, 1, -1, 0, 40, 210], abs=1e-3)


def test_the_words_of_a_steep_stamp_are_found_in_order(tmp_path):
    line = block(("PAID", (100, 300, 196, 374)), ("IN", (197, 272, 246, 319)))
    layer_write.write(tmp_path / "l.pdf", [line], UPRIGHT, 1)
    done = subprocess.run(["pdftotext", tmp_path / "l.pdf", "-"], capture_output=True, check=True)
    assert done.stdout.decode().split() == ["PAID", "IN"]
