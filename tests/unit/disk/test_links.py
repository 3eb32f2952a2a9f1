"""Links and forms hold what they were made for, and nothing else."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from fanfold.disk.links import PATH, Download, Links, Upload, secret
from tests.fakes.world import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def links(clock: FakeClock) -> Links:
    return Links(b"secret", clock)


def parts(link: str) -> tuple[str, dict[str, str]]:
    split = urlsplit(link)
    return unquote(split.path).removeprefix(PATH), dict(parse_qsl(split.query))


def test_a_link_reads_its_object_until_its_time_is_over(links: Links, clock: FakeClock):
    key, query = parts(links.download("results/d/1/ä b.txt", "Größe.txt", "text/plain", 60))
    assert links.read_link(key, query) == Download("results/d/1/ä b.txt", "Größe.txt", "text/plain")
    clock.pass_seconds(60)
    assert links.read_link(key, query) is None


@pytest.mark.parametrize("name", ["name", "type", "until", "signature"])
def test_a_link_that_was_changed_reads_nothing(links: Links, name: str):
    key, query = parts(links.download("results/d/1/a.txt", "a.txt", "text/plain", 60))
    assert links.read_link(key, {**query, name: query[name] + "0"}) is None
    assert links.read_link(key, {k: v for k, v in query.items() if k != name}) is None
    assert links.read_link("results/e/1/a.txt", query) is None


def test_a_form_writes_its_object_until_its_time_is_over(links: Links, clock: FakeClock):
    form = links.upload("uploads/default/d", 1_000, 60)
    assert links.read_form(form.fields) == Upload("uploads/default/d", 1_000)
    assert links.read_form({**form.fields, "max_bytes": "9000"}) is None
    assert links.read_form({**form.fields, "key": "uploads/default/e"}) is None
    assert links.read_form({}) is None
    clock.pass_seconds(60)
    assert links.read_form(form.fields) is None


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path):
    made = secret(tmp_path / "key")
    assert secret(tmp_path / "key") == made
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    assert len(made) == 32
