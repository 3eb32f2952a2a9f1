"""A part of what `python -m bench.alike` compares with documents of one's own."""

from __future__ import annotations

from bench import alike
from tests.data.samples import ensure

NAMES = ("native.pdf", "page.png", "mixed.pdf", "one-bad-page.pdf", "empty.pdf")


def test_one_machine_and_the_rehearsal_of_aws_give_the_same_bytes():
    files = [ensure() / name for name in NAMES]

    found = [(one.file, one.differences) for one in alike.compared(files, "", 300)]
    assert found == [(file, []) for file in files]


def test_a_single_letter_is_a_difference_and_times_and_names_are_none():
    one = b'{"id": "d1", "created_at": "2026-01-01T00:00:00Z", "text": "letter"}'
    same = one.replace(b"d1", b"d2").replace(b"2026", b"2027")

    assert alike.neutral(one, "d1") == alike.neutral(same, "d2")
    assert alike.neutral(one, "d1") != alike.neutral(same.replace(b"letter", b"ladder"), "d2")
