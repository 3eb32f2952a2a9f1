from __future__ import annotations

from infra.sam.report import Result, table


def test_the_table_shows_limits_peaks_durations_and_what_went_wrong() -> None:
    results = [
        Result("PageFunction", "page", 320, 138 << 20, 1828.4, ""),
        Result("PageHeavyFunction", "page-heavy", 3008, None, None, "no answer"),
    ]
    assert table(results).splitlines() == [
        "function           event       limit MB  peak MB    ms",
        "PageFunction       page             320      138  1828  ok",
        "PageHeavyFunction  page-heavy      3008        ?     ?  FAILED: no answer",
    ]
