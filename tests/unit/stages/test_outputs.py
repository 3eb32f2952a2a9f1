"""Which results are made: the usual ones, those asked for, those that a stack is set to."""

from __future__ import annotations

import pytest

from fanfold import settings
from fanfold.model import USUAL_OUTPUTS, Options, Output, State
from tests.fakes.house import House


def test_all_formats_tell_of_the_same_words(house: House):
    house.defaults = Options(outputs=tuple(Output))
    document = house.read_document("a.pdf", "one\ntwo")
    assert document.state is State.SUCCEEDED
    assert document.results == tuple(Output)
    for output in set(Output) - {Output.PDF}:
        assert {"one", "two"} <= words(house.result(document, output))


def test_nobody_who_did_not_ask_gets_files_for_archives(house: House):
    assert house.read_document("a.pdf", "one").results == USUAL_OUTPUTS


def test_a_dropped_file_s_results_end_as_their_formats_do(house: House):
    house.defaults = Options(outputs=(Output.ALTO, Output.TSV))
    house.read_document("a.pdf", "one")
    dropped = sorted(house.objects.list_keys("outbox/"))
    assert dropped == ["outbox/a.pdf.alto.xml", "outbox/a.pdf.tsv"]


@pytest.mark.parametrize(
    ("given", "outputs"),
    [(None, USUAL_OUTPUTS), ("", USUAL_OUTPUTS), ("alto,txt", (Output.TEXT, Output.ALTO))],
)
def test_a_stack_says_what_is_made_where_nobody_asks(given, outputs):
    environment = {} if given is None else {"FANFOLD_OUTPUTS": given}
    assert settings.load(environment).outputs == outputs


def words(text: str) -> set[str]:
    """Return the words of any format: what stands between signs of markup."""
    for sign in "<>\"',\t\n\f":
        text = text.replace(sign, " ")
    return set(text.split())
