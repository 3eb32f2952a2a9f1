"""JPEG data is read to its end, by a libjpeg that is heard."""

from __future__ import annotations

import base64
import subprocess
import sys
import zlib
from random import Random

import pikepdf
import pytest
from pikepdf import Array, Name
from PIL import Image

from fanfold.ocr.document import condition, jpeg, streams
from fanfold.ocr.isolation import programs
from tests.data import pictures

PLAIN = pictures.encode(pictures.scan("lantern harbour", (400, 200)), "JPEG")
MIDDLE = len(PLAIN) // 2


def without(start, stop):
    return PLAIN[:start] + PLAIN[stop:]


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 10}])
@pytest.mark.parametrize("colour", ["L", "RGB", "CMYK"])
def test_of_whole_data_nothing_is_said(options, colour):
    picture = pictures.scan("lantern harbour", (400, 200)).convert(colour)
    assert jpeg.complaints([pictures.encode(picture, "JPEG", **options)]) == ""


def test_zeros_before_the_end_are_padding():
    assert jpeg.complaints([PLAIN[:-2] + bytes(512) + PLAIN[-2:]]) == ""


def ending_with(*ends):
    """Return a picture whose data ends so: a small one of some thousand."""
    for seed in range(20_000):
        picture = Image.frombytes("L", (8, 8), Random(seed).randbytes(64))
        data = pictures.encode(picture, "JPEG")
        if data[:-2].endswith(bytes(ends)):
            return data
    raise AssertionError(f"none ends with {ends}")


@pytest.mark.parametrize("ends", [(0,), (0xFF, 0)])
def test_a_zero_that_is_data_is_no_padding(ends):
    data = ending_with(*ends)
    assert jpeg.complaints([data]) == ""


def test_padding_leaves_the_zero_that_belongs_to_the_data():
    data = ending_with(0xFF, 0)
    assert jpeg.complaints([data[:-2] + bytes(512) + data[-2:]]) == ""


@pytest.mark.parametrize(
    "broken",
    [
        PLAIN[:MIDDLE],
        without(MIDDLE, MIDDLE + 30),
        PLAIN[:MIDDLE] + bytes(range(1, 200)) + PLAIN[MIDDLE:],
        PLAIN[:MIDDLE] + bytes(100) + PLAIN[MIDDLE + 100 :],
        PLAIN[:20] + bytes(60) + PLAIN[80:],
        b"nothing of the kind",
        b"",
    ],
)
def test_what_is_broken_is_told(broken):
    assert condition.heard([jpeg.complaints([PLAIN, broken])]) == {"PICTURE_DAMAGED"}


def test_a_fatal_error_does_not_wait_for_other_libraries():
    """Some wait at an exit for threads that a fork lacks: ONNX Runtime does, for ever."""
    program = (
        "import ctypes, os\n"
        "from fanfold.ocr.document import jpeg\n"
        "leave = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda _: print('exit') or os._exit(0))\n"
        "ctypes.CDLL(None).__cxa_atexit(leave, None, None)\n"
        "print(jpeg.complaints([b'nothing of the kind']), flush=True)\n"
        "os._exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.startswith("Corrupt JPEG data: Not a JPEG file")
    assert "exit" not in done.stdout


@pytest.mark.parametrize("outer", [(), ("/ASCII85Decode",), ("/FlateDecode", "/ASCIIHexDecode")])
@pytest.mark.parametrize(
    ("data", "found"), [(PLAIN, set()), (without(MIDDLE, MIDDLE + 30), {"PICTURE_DAMAGED"})]
)
def test_data_packed_once_more_is_read_as_well(outer, data, found):
    for name in reversed(outer):
        data = PACK[name](data)
    pdf = pikepdf.new()
    stream = pdf.make_stream(data, Subtype=Name.Image, Width=400, Height=200)
    stream.Filter = Array([Name(name) for name in (*outer, "/DCTDecode")])
    with programs.listening() as said:
        assert streams.damage(pdf) == set()
    assert condition.heard(said) == found


PACK = {
    "/ASCII85Decode": lambda data: base64.a85encode(data) + b"~>",
    "/ASCIIHexDecode": lambda data: data.hex().encode() + b">",
    "/FlateDecode": zlib.compress,
}
