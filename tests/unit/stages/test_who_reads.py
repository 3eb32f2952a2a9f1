"""Who recognises: the sender's choice, or the service's own."""

from __future__ import annotations

import pytest

from fanfold import records
from fanfold.model import Options, Readers
from fanfold.stages import options
from fanfold.stages.languages import Languages
from tests.fakes.house import House


@pytest.mark.parametrize(
    "given, read", [({}, Readers.NEURAL), ({"engine": "Tesseract"}, Readers.TESSERACT)]
)
def test_it_is_chosen_or_the_service_s_own(house: House, given, read):
    languages = Languages(("eng",), house.objects)
    assert options.parse(given, languages, Options(engine=Readers.NEURAL)).engine is read


def test_what_others_have_read_is_no_answer_any_more(monkeypatch):
    before = records.asked(Options())
    monkeypatch.setattr(records, "READS", "somebody better")
    assert records.asked(Options()) != before
