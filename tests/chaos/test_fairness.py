"""A document of 10,000 pages does not hold up one of a page, whoever sent them."""

from __future__ import annotations

import pytest

from tests.chaos import fairness


@pytest.mark.parametrize("senders", fairness.SENDERS)
@pytest.mark.parametrize("coming", fairness.ARRIVE)
def test_a_small_document_hardly_notices_a_large_one(coming: str, senders: str):
    alone, beside = fairness.compare(range(2), coming, senders)
    print(f"p95 {alone:.1f} s alone, {beside:.1f} s beside {fairness.PAGES} pages")
    assert beside <= 2 * alone


def test_without_groups_it_would():
    alone, beside = fairness.compare(range(1), "one by one", "of two", fair=False)
    assert beside > 10 * alone
