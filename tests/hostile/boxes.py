"""Page sizes that are none."""

from __future__ import annotations

from tests.hostile import files
from tests.hostile.registry import directed

_BOXES = {
    "NaN": b"[nan nan nan nan]",
    "infinite": b"[0 0 inf inf]",
    "exponents": b"[0 0 1e9 1e9]",
    "negative": b"[0 0 -300 -200]",
    "turned round": b"[300 200 0 0]",
    "empty": b"[0 0 0 0]",
    "a line": b"[0 0 300 0]",
    "a hair": b"[0 0 0.0001 0.0001]",
    "huge": b"[0 0 99999999999 99999999999]",
    "long": b"[0 0 10 14400000]",
    "far away": b"[1e15 1e15 1e15 1e15]",
    "beyond integers": b"[-2147483648 -2147483648 2147483647 2147483647]",
    "two numbers": b"[300 200]",
    "a thousand numbers": b"[" + b"0 300 200 " * 333 + b"]",
    "names": b"[/a /b /c /d]",
    "strings": b"[(0) (0) (300) (200)]",
    "itself": b" 3 0 R",
    "an endless reference": b" 5 0 R",
    "nothing": b" null",
}

for _name, _box in _BOXES.items():

    @directed(f"media box: {_name}")
    def media(box: bytes = _box) -> bytes:
        return files.page(files.TEXT, b"5 0 R", box=box)

    @directed(f"crop box: {_name}")
    def crop(box: bytes = _box) -> bytes:
        return files.page(files.TEXT, b"5 0 R", entries=b"/CropBox" + box)


for _unit in (b"0", b"-1", b"0.0000001", b"1000000000", b"nan", b"(2)", b"75000"):

    @directed(f"user unit of {_unit.decode()}")
    def unit(unit: bytes = _unit) -> bytes:
        return files.page(entries=b"/UserUnit " + unit)


for _turn in (b"45", b"-90", b"36000000000", b"0.5", b"(90)", b"[90]", b"3 0 R"):

    @directed(f"rotation by {_turn.decode()}")
    def rotation(turn: bytes = _turn) -> bytes:
        return files.page(entries=b"/Rotate " + turn)


@directed("a crop box beside the media box")
def beside() -> bytes:
    return files.page(entries=b"/CropBox[1000 1000 1300 1200]")
