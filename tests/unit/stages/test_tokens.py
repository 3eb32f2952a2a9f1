"""Tokens are told once, good for their scopes, noted now and then, and taken back for good."""

from __future__ import annotations

import pytest

from fanfold import access
from fanfold.access import Caller
from fanfold.disk.database import Database
from fanfold.disk.tokens import DiskTokens
from fanfold.errors import InvalidRequest, NotFound
from fanfold.stages.tokens import Tokens
from tests.fakes.world import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def tokens(clock: FakeClock) -> Tokens:
    return Tokens(DiskTokens(Database(None)), clock)


def test_a_token_has_256_bits_and_its_digest_alone_is_kept(tokens: Tokens):
    text, made = tokens.create("acme", "laptop", ["write", "read", "read"])
    assert len(text.removeprefix("fanfold_")) == 43  # of base64, 6 bits each
    assert made.digest == access.digest(text)
    assert made.scopes == ("read", "write")
    assert text not in repr(tokens.listing())
    assert tokens.create("acme", "laptop", ["read"])[0] != text


def test_who_shows_a_token_is_its_tenant_with_its_scopes(tokens: Tokens):
    text, _ = tokens.create("acme", "", ["read"])
    assert tokens.caller(text) == Caller("acme", frozenset({"read"}))
    assert tokens.caller(text + "x") is None
    assert tokens.caller("") is None


def test_a_digest_is_no_token(tokens: Tokens):
    _, made = tokens.create("acme", "", ["read"])
    assert tokens.caller(made.digest) is None


def test_a_revoked_token_is_nobody_s_and_stays_in_the_list(tokens: Tokens, clock: FakeClock):
    text, made = tokens.create("acme", "lost", ["read"])
    tokens.revoke(made.id)
    assert tokens.caller(text) is None
    assert [one.revoked_at for one in tokens.listing()] == [clock.now()]


def test_a_tenant_revokes_its_own_tokens_alone(tokens: Tokens):
    text, made = tokens.create("acme", "", ["read"])
    with pytest.raises(NotFound):
        tokens.revoke(made.id, "other")
    assert tokens.caller(text)


def test_a_use_is_noted_once_in_five_minutes(tokens: Tokens, clock: FakeClock):
    text, _ = tokens.create("acme", "", ["read"])
    began = clock.now()
    tokens.caller(text)
    clock.pass_seconds(299)
    tokens.caller(text)
    assert tokens.listing()[0].used_at == began
    clock.pass_seconds(2)
    tokens.caller(text)
    assert tokens.listing()[0].used_at == clock.now()


@pytest.mark.parametrize("tenant", ["", "Acme", "a#b", "a/b", "-a", "a" * 64, "ä"])
def test_a_tenant_s_name_is_fit_for_keys(tokens: Tokens, tenant: str):
    with pytest.raises(InvalidRequest, match="tenant"):
        tokens.create(tenant, "", ["read"])


@pytest.mark.parametrize("scopes", [[], ["root"], ["read", "everything"]])
def test_scopes_are_those_that_there_are(tokens: Tokens, scopes: list[str]):
    with pytest.raises(InvalidRequest, match="read, write, admin"):
        tokens.create("acme", "", scopes)
