"""A data folder's first token is told once; that of an earlier version goes on."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fanfold.bootstrap import SystemClock
from fanfold.disk import stores
from infra.machine import tokens


def first(folder: Path) -> str | None:
    database = stores.database(folder)
    try:
        return tokens.first(folder, database, SystemClock())
    finally:
        database.close()


def test_the_first_token_is_told_at_the_first_start_alone(tmp_path: Path):
    text = first(tmp_path)
    assert text
    assert first(tmp_path) is None
    with tokens.opened(tmp_path) as known:
        assert known.caller(text)
    assert not [one for one in tmp_path.iterdir() if text.encode() in one.read_bytes()]


def test_where_all_are_revoked_another_one_is_made(tmp_path: Path):
    first(tmp_path)
    with tokens.opened(tmp_path) as known:
        known.revoke(known.listing()[0].id)
    assert first(tmp_path)


def test_the_token_of_an_earlier_version_is_taken_over(tmp_path: Path):
    (tmp_path / "token").write_text(sha256(b"the one of before").hexdigest())
    assert first(tmp_path) is None
    assert not (tmp_path / "token").exists()
    with tokens.opened(tmp_path) as known:
        caller = known.caller("the one of before")
    assert caller
    assert (caller.tenant, caller.scopes) == ("default", {"read", "write", "admin"})
