"""JBIG2 data is looked through by segments: their lengths, their kinds, what no coder writes."""

from __future__ import annotations

import pytest

from fanfold.ocr.document import jbig2
from tests.data import jbig2 as encoder
from tests.data import pictures

PLAIN = encoder.encode(pictures.scan("lantern harbour meadow", (400, 120)))
MIDDLE = len(PLAIN) // 2


def test_whole_data_is_sound():
    assert jbig2.sound(PLAIN)


def test_adaptive_pixels_and_the_end_may_have_what_coded_data_has_not():
    assert b"\xff\xfd" in PLAIN
    assert PLAIN.endswith(b"\xff\xac")


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        PLAIN[:MIDDLE],
        PLAIN[:-1],
        PLAIN[:8],
        PLAIN[:MIDDLE] + bytes(64) + PLAIN[MIDDLE + 64 :],
        PLAIN[:MIDDLE] + b"\xff\x90" + PLAIN[MIDDLE + 2 :],
        PLAIN + b"more than that",
        b"nothing of the kind, and long enough to have a header",
    ],
)
def test_what_no_encoder_writes_is_not_sound(broken):
    assert not jbig2.sound(broken)


def test_data_that_is_not_coded_arithmetically_may_have_any_bytes():
    page, region = PLAIN[:30], PLAIN[30:]
    packed = region[:28] + b"\x01" + region[29:MIDDLE] + b"\xff\x99" + region[MIDDLE + 2 :]
    assert jbig2.sound(page + packed)


def test_a_segment_may_refer_to_many_others():
    header = b"\0\0\1\2" + b"\x06" + b"\xe0\0\0\x09" + b"\0\0" + bytes(18) + b"\1" + b"\0\0\0\x13"
    assert jbig2.sound(header + bytes(17) + b"\0\0")


def test_fax_data_of_a_picture_may_be_some_times_as_long():
    assert jbig2.most_as_fax(PLAIN) == 6 * len(PLAIN)


def test_of_halftones_nothing_is_known():
    assert jbig2.most_as_fax(PLAIN + bytes([0, 0, 0, 2, 23, 0, 1, 0, 0, 0, 0])) == 0


def test_letters_that_pages_share_are_data_of_each():
    letters = bytes([0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 4]) + b"abcd"
    assert jbig2.most_as_fax(PLAIN, letters) == 20 * (len(PLAIN) + len(letters))


def test_data_that_is_cut_off_tells_nothing():
    assert jbig2.most_as_fax(PLAIN[:8]) == 0
