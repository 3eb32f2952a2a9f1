"""Every sample through probe, cut and read, as the steps would do it."""

from __future__ import annotations

from collections import Counter

import pytest

from fanfold.errors import DocumentError, NoPages, PageError
from fanfold.model import Source
from tests.data.samples import SAMPLES

READABLE = [name for name, each in SAMPLES.items() if not each.error]
REFUSED = [name for name, each in SAMPLES.items() if each.error]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_ours_to_read_is_refused_with_its_reason(tool, samples, name):
    with pytest.raises(DocumentError) as caught:
        if tool.probe(samples / name).pages == 0:
            raise NoPages
    assert caught.value.code == SAMPLES[name].error


@pytest.mark.parametrize("name", READABLE)
def test_every_page_is_read_or_fails_with_its_reason(tool, read, samples, tmp_path, name):
    expected, source = SAMPLES[name], samples / name
    probe = tool.probe(source)
    assert probe.pages == len(expected.pages)
    failed = {}
    for cut in tool.cut(source, probe.media_type, range(1, probe.pages + 1), tmp_path):
        try:
            page = read(cut.path).page if cut.path else None
        except PageError as error:
            failed[cut.page] = error.code
            continue
        if page is None:
            failed[cut.page] = cut.error
            continue
        wanted = expected.pages[cut.page - 1].split()
        assert (page.source is Source.BLANK) == (not wanted)
        assert _wrong(wanted, [word.text for word in page.words]) <= len(wanted) * 0.03
    assert failed == dict(expected.failed)


def _wrong(wanted: list[str], found: list[str]) -> int:
    """Count the words that are missing, and those that nobody wrote."""
    want, have = Counter(wanted), Counter(found)
    return max((want - have).total(), (have - want).total())
