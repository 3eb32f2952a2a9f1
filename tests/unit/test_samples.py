import pytest

from fanfold.errors import DocumentError, PageError, by_code
from tests.data.samples import SAMPLES

SALTED = {"locked-empty.pdf", "locked-user.pdf"}


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - SALTED))
def test_a_sample_is_the_same_every_time(name, samples):
    assert SAMPLES[name].make() == (samples / name).read_bytes()


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=lambda sample: sample.name)
def test_what_a_sample_must_end_with_is_a_reason_of_ours(sample):
    assert bool(sample.pages) != bool(sample.error)
    assert not sample.error or issubclass(by_code(sample.error), DocumentError)
    for page, code in sample.failed:
        assert 1 <= page <= len(sample.pages)
        assert issubclass(by_code(code), PageError)
