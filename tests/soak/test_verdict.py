"""Each figure of the soak turns it red when it grows, and only then."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.soak import __main__ as soak
from tests.soak.measures import Sample

CALM = Sample(0.0, 160.0, 77.0, 60, 30, 1)
PEOPLE = SimpleNamespace(ends=Counter(SUCCEEDED=40), pages=70)


def samples(**slopes: float) -> list[Sample]:
    """Ten minutes of figures that rise by so much a minute, with a little noise."""
    noise = (0, 1, -1)
    return [
        replace(
            CALM,
            minutes=n / 10,
            **{
                name: getattr(CALM, name) + slopes.get(name, 0.0) * n / 10 + noise[n % 3]
                for name in ("service", "workers", "descriptors", "files", "zombies")
            },
        )
        for n in range(100)
    ]


def verdict(left=(), **slopes):
    return soak.verdict(PEOPLE, samples(**slopes), 49, list(left), 10.0)


def test_figures_that_only_waver_are_no_leak():
    assert verdict() == 0


@pytest.mark.parametrize(
    ("name", "a_minute"),
    [("service", 8.0), ("workers", 4.0), ("descriptors", 3.0), ("files", 2.0), ("zombies", 1.0)],
)
def test_a_figure_that_grows_is_a_leak(name, a_minute, capsys):
    assert verdict(**{name: a_minute}) == 1
    assert f"{name} grows" in capsys.readouterr().out


def test_whatever_is_left_at_the_end_is_a_leak():
    assert verdict(left=["object pages/x"]) == 1


@pytest.mark.parametrize(
    ("item", "counts"),
    [
        ({"pk": {"S": "DOC#1"}, "state": {"S": "SUCCEEDED"}}, True),
        ({"pk": {"S": "DOC#1#S0000"}}, True),
        ({"pk": {"S": "DOC#1"}, "state": {"S": "DELETED"}}, False),
        ({"pk": {"S": "SAME#1"}, "ttl": {"N": "1"}}, False),
    ],
)
def test_what_goes_by_itself_is_not_counted_among_what_is_left(item, counts):
    assert soak._counts(item) is counts
