from __future__ import annotations

from infra.sam.__main__ import FIRST_PAGE, SAMPLE, SECOND_PAGE
from tests.data.samples import GENERATED, SAMPLES


def test_the_sample_says_on_its_first_pages_what_is_looked_for_there() -> None:
    assert SAMPLE.parent == GENERATED
    first, second, *others = SAMPLES[SAMPLE.name].pages
    assert set(FIRST_PAGE) <= set(first.split())
    assert set(SECOND_PAGE) <= set(second.split())
    assert others, "a third page is needed to be lost"
