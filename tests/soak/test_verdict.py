"""Each figure of each process turns the soak red when it grows, and only then."""

from __future__ import annotations

import os
import tempfile

import pytest

from tests.soak import __main__ as soak
from tests.soak import leaks, life, measures
from tests.soak.measures import SERVICE, Figures, Phase

NAMES = (SERVICE, *(f"{step} {number}" for number, step in enumerate(sorted(soak.STEPS), 10)))
DOCUMENTS = 20
"""In each round."""


def phases(rounds=8, of="", **slopes) -> list[Phase]:
    """Idle phases whose figures waver, and rise by so much a document for one process."""
    return [
        Phase(
            n / 2,
            n * DOCUMENTS,
            {
                name: Figures(
                    memory=90 + (-3, 0, 3)[n % 3] + _risen("memory", n, name == of, slopes),
                    descriptors=30 + n % 2 + int(_risen("descriptors", n, name == of, slopes)),
                    files=3 + int(_risen("files", n, name == of, slopes)),
                )
                for name in NAMES
            },
        )
        for n in range(rounds)
    ]


def _risen(figure, number, rises, slopes):
    return slopes.get(figure, 0.0) * number * DOCUMENTS if rises else 0


def test_figures_that_only_waver_are_no_leak():
    assert soak.verdict(phases()) == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("figure", "a_document"), [("memory", 0.2), ("descriptors", 0.1), ("files", 0.1)]
)
def test_a_figure_that_grows_with_the_documents_is_a_leak(name, figure, a_document, capsys):
    assert soak.verdict(phases(of=name, **{figure: a_document})) == 1
    assert f"{figure} of {name} grow" in capsys.readouterr().out


def test_what_warms_up_in_the_first_rounds_is_no_leak():
    calm = phases()
    cold = {name: Figures(40, 12, 0) for name in NAMES}
    assert soak.verdict([Phase(0, 0, cold), Phase(0, 0, cold), *calm]) == 0


def test_a_run_too_short_to_judge_is_red(capsys):
    assert soak.verdict(phases(rounds=4)) == 1
    assert "no page lived long enough to be judged" in capsys.readouterr().out


def test_whatever_is_left_at_the_end_is_a_leak():
    assert soak.verdict(phases(), ["left: object pages/x"]) == 1


def test_descriptors_that_the_system_hides_are_not_judged():
    hidden = {name: Figures(90, None, 3) for name in NAMES}
    judged = measures.series([Phase(n, n, hidden) for n in range(8)])
    assert {figure for _, figure in judged} == {"memory", "files"}


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
    assert life.counts(item) is counts


def test_the_planted_leaks_leak(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened = []
    monkeypatch.setattr(os, "open", _noting(os.open, opened))
    leaks.KINDS["files"]()
    leaks.KINDS["descriptors"]()
    assert len(list(tmp_path.iterdir())) == 1
    os.close(opened[-1])


def _noting(original, opened):
    def noted(*arguments):
        opened.append(original(*arguments))
        return opened[-1]

    return noted
