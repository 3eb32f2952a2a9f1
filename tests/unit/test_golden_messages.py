"""Messages outlive a release: the bodies of every version, as they were written then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fanfold import messages
from fanfold.errors import BadMessage
from fanfold.messages import AssembleMessage, PageMessage, SplitMessage, decode, encode

FOLDER = Path(__file__).parents[1] / "data" / "messages"
GOLDEN = {int(path.stem[1:]): json.loads(path.read_text()) for path in FOLDER.glob("v*.json")}
DOCUMENT = "5f0c8b1e6d2a4f7b9c3e1d0a8b7c6d5e"
MEANT = {
    "split": SplitMessage(DOCUMENT, 2, 3),
    "page": PageMessage(DOCUMENT, 2, 317),
    "assemble": AssembleMessage(DOCUMENT, 2),
}
KINDS = sorted(MEANT)


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_is_written_as_its_version_says(kind):
    """A change of this is a new version, which one release reads and only the next one writes.

    So add its bodies to the folder and it to what is accepted, release, and then raise VERSION.
    """
    assert encode(MEANT[kind]) == GOLDEN[messages.VERSION][kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", messages._ACCEPTED)
def test_what_is_accepted_is_read(kind, version):
    assert decode(type(MEANT[kind]), GOLDEN[version][kind]) == MEANT[kind]


def test_this_version_and_the_one_before_are_accepted_and_at_most_the_next():
    this = messages.VERSION
    needed = {version for version in (this - 1, this) if version}  # there was none before the first
    assert needed <= set(messages._ACCEPTED) <= {*needed, this + 1}


@pytest.mark.parametrize("version", [messages.VERSION + 2, messages.VERSION - 2, 0, -1, "1", None])
def test_any_other_version_is_left_to_code_that_knows_it(version):
    body = json.dumps({"v": version, "document": DOCUMENT, "run": 2, "page": 317})
    with pytest.raises(BadMessage):
        decode(PageMessage, body)


def test_every_version_has_its_bodies():
    assert sorted(GOLDEN) == list(range(1, max(messages._ACCEPTED) + 1))
