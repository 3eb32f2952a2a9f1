"""A tenant with 10,000 pages does not hold up one with 20."""

from __future__ import annotations

import pytest

from tests.chaos import fairness


@pytest.mark.parametrize("coming", fairness.ARRIVE)
def test_a_small_tenant_hardly_notices_a_large_one(coming: str):
    alone, beside = fairness.compare(range(2), coming)
    print(f"p95 {alone:.1f} s alone, {beside:.1f} s beside {fairness.PAGES} pages")
    assert beside <= 2 * alone


def test_without_groups_it_would():
    alone, beside = fairness.compare(range(1), "one by one", fair=False)
    assert beside > 10 * alone
