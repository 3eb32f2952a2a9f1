"""What every TokenStore and every Ledger must do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fanfold.access import Scope, Token

TOKEN = Token("ab" * 32, "acme", "laptop", (Scope.READ, Scope.WRITE), 1_000)


@pytest.fixture
def tokens(accounts):
    return accounts.tokens


@pytest.fixture
def ledger(accounts):
    return accounts.ledger


def test_a_token_is_read_as_it_was_written(tokens):
    tokens.put(TOKEN)
    assert tokens.get(TOKEN.digest) == TOKEN
    assert tokens.get("cd" * 32) is None


def test_all_tokens_are_listed_whosever_they_are(tokens):
    more = [replace(TOKEN, digest=f"{n:064x}", tenant=f"t{n}") for n in range(30)]
    for one in more:
        tokens.put(one)
    assert sorted(tokens.all(), key=lambda one: one.digest) == more


def test_a_token_stays_revoked_since_the_first_time(tokens):
    tokens.put(TOKEN)
    assert tokens.revoke(TOKEN, 5_000).revoked_at == 5_000
    assert tokens.revoke(TOKEN, 9_000).revoked_at == 5_000
    assert tokens.get(TOKEN.digest) == replace(TOKEN, revoked_at=5_000)


def test_a_use_is_noted_and_does_not_bring_a_token_back(tokens):
    tokens.put(TOKEN)
    tokens.used(TOKEN, 2_000)
    assert tokens.get(TOKEN.digest) == replace(TOKEN, used_at=2_000)
    tokens.revoke(TOKEN, 3_000)
    tokens.used(TOKEN, 4_000)
    assert tokens.get(TOKEN.digest).revoked_at == 3_000


def test_a_token_that_is_not_there_is_not_made_by_its_use(tokens):
    tokens.used(TOKEN, 2_000)
    assert tokens.get(TOKEN.digest) is None


def test_tokens_are_no_documents(accounts):
    accounts.tokens.put(TOKEN)
    assert accounts.documents.list("acme", state=None, cursor=None, limit=10).documents == ()


def test_a_day_holds_its_limit_and_no_more(ledger):
    assert ledger.charge("acme", "2025-01-31", 60, 100)
    assert not ledger.charge("acme", "2025-01-31", 41, 100)
    assert ledger.charge("acme", "2025-01-31", 40, 100)
    assert not ledger.charge("acme", "2025-01-31", 1, 100)


def test_what_is_larger_than_a_day_is_never_let_in(ledger):
    assert not ledger.charge("acme", "2025-01-31", 101, 100)
    assert ledger.charge("acme", "2025-01-31", 100, 100)


def test_days_and_tenants_are_apart(ledger):
    assert ledger.charge("acme", "2025-01-31", 100, 100)
    assert ledger.charge("acme", "2025-02-01", 100, 100)
    assert ledger.charge("other", "2025-01-31", 100, 100)
