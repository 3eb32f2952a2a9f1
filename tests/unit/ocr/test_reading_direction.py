"""Letters stand for scripts here: Hebrew ones for all that run to the left."""

import pytest

from fanfold.bidi import read_order, seen_order
from fanfold.model import Box, Word

BOX = Box(0, 0, 1, 1)
ALEF, BET, GIMEL = "\u05d0", "\u05d1", "\u05d2"


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("all left to right", "all left to right"),
        (f"{GIMEL}{BET} {ALEF}", f"{ALEF} {BET}{GIMEL}"),
        (f"Python and R {BET} {ALEF}", f"Python and R {ALEF} {BET}"),
        (f"{GIMEL} Big Python {BET} {ALEF}", f"{ALEF} {BET} Big Python {GIMEL}"),
        (f".{BET}{ALEF}", f"{ALEF}{BET}."),
        (f"2024-{ALEF} {BET}", f"{BET} {ALEF}-2024"),
        (f"{BET} 17 {ALEF}", f"{ALEF} 17 {BET}"),
        (f"12.5-{BET}{ALEF}", f"{ALEF}{BET}-12.5"),
    ],
)
def test_a_line_is_read_in_its_own_direction(seen, read):
    words = [Word(text, BOX, 100) for text in seen.split()]
    assert " ".join(word.text for word in read_order(words)) == read


@pytest.mark.parametrize(
    "read", [f"{ALEF} {BET}{GIMEL}", f"{ALEF} 17 {BET}", f"{ALEF}{BET}-12.5 {GIMEL}", "1 a b"]
)
def test_what_is_read_is_seen_backwards_and_read_again(read):
    texts = read.split()
    left = any(letter in read for letter in (ALEF, BET, GIMEL))
    places = range(len(texts), 0, -1) if left else range(len(texts))
    words = [Word(t, Box(x, 0, x + 1, 1), 100) for t, x in zip(texts, places, strict=True)]
    seen = seen_order(words)
    assert [word.box.x0 for word in seen] == sorted(places)
    assert " ".join(word.text for word in read_order(seen)) == read
