"""Sound documents with something wrong: bytes, numbers, pieces and objects, as a seed decides."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from random import Random

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from tests.hostile.registry import Input, Lures
from tests.hostile.seeds import all_seeds

_NUMBER = re.compile(rb"(?<![\w.])\d{1,9}(?![\w.])")
_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483647", b"-2147483648", b"4294967296")
_ODD = (
    b"\0",
    b"\xff" * 4,
    b"\n",
    b"%",
    b"<<" * 50,
    b"[" * 50,
    b"endobj",
    b"stream",
    b"/Kids",
    b"R",
)
_HEAD = 96
_PDFS = ("rich.pdf", "packed.pdf", "fax.pdf")


def mutant(seed: int, number: int) -> Input:
    """Return the mutant of this number; the same one every time."""
    random = Random(f"{seed}/{number}")
    name = random.choice(tuple(all_seeds()))
    if random.random() < 0.35:  # PDFs have the most to get wrong
        name = random.choice(_PDFS)
    ways = _WAYS if name in _PDFS else _WAYS[:-2]
    way = random.choice(ways)
    sound = all_seeds()[name]

    def make(_: Lures) -> bytes:
        return way(sound, Random(f"{seed}/{number}/bytes"))

    return Input(f"mutant {number} of {name}: {way.__name__}", make)


def flips(data: bytes, random: Random) -> bytes:
    """Turn a few bits anywhere."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 3, 10, 100))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def header(data: bytes, random: Random) -> bytes:
    """Change bytes behind the mark, where sizes and kinds are told."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 6)):
        changed[random.randrange(8, min(_HEAD, len(changed)))] = random.choice(
            (0, 1, 127, 128, 255)
        )
    return bytes(changed)


def cut_off(data: bytes, random: Random) -> bytes:
    """End anywhere."""
    return data[: random.randrange(1, len(data))]


def cut_out(data: bytes, random: Random) -> bytes:
    """Lose a piece."""
    first, last = sorted(random.randrange(len(data)) for _ in range(2))
    return data[:first] + data[last:]


def doubled(data: bytes, random: Random) -> bytes:
    """Have a piece twice."""
    first, last = sorted(random.randrange(len(data)) for _ in range(2))
    return data[:last] + data[first:]


def swapped(data: bytes, random: Random) -> bytes:
    """Swap two pieces."""
    a, b, c = sorted(random.randrange(8, len(data)) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def odd_words(data: bytes, random: Random) -> bytes:
    """Write odd things over something."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 5)):
        word, at = random.choice(_ODD), random.randrange(8, len(changed))
        changed[at : at + len(word)] = word
    return bytes(changed)


def spliced(data: bytes, random: Random) -> bytes:
    """Go on as another document."""
    other = random.choice(tuple(all_seeds().values()))
    return data[: random.randrange(8, len(data))] + other[random.randrange(len(other)) :]


def numbers(data: bytes, random: Random) -> bytes:
    """Change numbers of a PDF's text."""
    places = [match.span() for match in _NUMBER.finditer(data)]
    for first, last in sorted(random.sample(places, min(len(places), 4)), reverse=True):
        data = data[:first] + random.choice(_NUMBERS) + data[last:]
    return data


def objects(data: bytes, random: Random) -> bytes:
    """Change what objects hold: values of other types, loops, nothing."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for _ in range(random.randint(1, 4)):
            holders = [one for one in pdf.objects if isinstance(one, (Array, Dictionary, Stream))]
            _change(pdf, random.choice(holders), holders, random)
        pdf.save(buffer, static_id=True, fix_metadata_version=False)
    return buffer.getvalue()


def _change(pdf: pikepdf.Pdf, holder: pikepdf.Object, holders: list, random: Random) -> None:
    if isinstance(holder, Array):
        keys = list(range(len(holder)))
    else:  # pikepdf writes the length itself
        keys = [key for key, _ in holder.items() if key != "/Length"]
    if not keys:
        return
    key, value = random.choice(keys), _value(pdf, holder, holders, random)
    if value is None:
        del holder[key]
    else:
        holder[key] = value


def _value(pdf: pikepdf.Pdf, holder: pikepdf.Object, holders: list, random: Random) -> object:
    makers: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: holder,
        lambda: random.choice(holders),
        lambda: random.choice((0, -1, 2**31 - 1, -(2**31), 10**18)),
        lambda: pikepdf.Object.parse(
            random.choice((b"0.00000001", b"-0.5", b"99999999999999999999.5"))
        ),
        lambda: random.choice((True, Name.X, pikepdf.String("(" * 50), Array(), Dictionary())),
        lambda: Array([random.choice(holders) for _ in range(5)]),
        lambda: pdf.make_stream(random.randbytes(300), Filter=Name.FlateDecode),
    )
    return random.choice(makers)()


_WAYS = (flips, header, cut_off, cut_out, doubled, swapped, odd_words, spliced, numbers, objects)
