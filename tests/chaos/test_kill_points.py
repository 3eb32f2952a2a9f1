"""Every eighth kill point; `make chaos` takes them all."""

from __future__ import annotations

from tests.chaos import killpoints


def test_a_worker_may_die_before_and_after_any_of_its_calls():
    swept = list(killpoints.sweep(every=7))
    jobs = sorted({one.point.job for one in swept})
    print(f"{len(swept)} points of {', '.join(jobs)}")
    assert [one for one in swept if one.wrong] == []
    assert {"intake", "split", "page", "heavy", "assemble", "sweep", "retry", "delete"} <= set(jobs)
    assert len(swept) > 75
