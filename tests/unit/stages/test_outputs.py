"""Which results are made: the usual ones, those asked for, those that a stack is set to."""

from __future__ import annotations

import io
import zipfile

import pytest

from fanfold import keys, settings
from fanfold.errors import InvalidRequest
from fanfold.model import USUAL_OUTPUTS, Document, Options, Output, State
from fanfold.stages import options
from tests.fakes.house import House


def test_all_formats_tell_of_the_same_words(house: House):
    house.defaults = Options(outputs=tuple(Output))
    document = house.read_document("a.pdf", "one\ntwo")
    assert document.state is State.SUCCEEDED
    assert document.results == tuple(Output)
    for output in set(Output) - {Output.PDF, Output.CSV, Output.XLSX, Output.ZIP}:
        assert {"one", "two"} <= words(house.result(document, output))


def test_the_zip_holds_all_other_results_as_they_are(house: House):
    house.defaults = Options(outputs=tuple(Output))
    document = house.read_document("a.pdf", "one")
    with zipfile.ZipFile(io.BytesIO(data(house, document, Output.ZIP))) as archive:
        others = [output for output in Output if output is not Output.ZIP]
        assert archive.namelist() == [keys.RESULT_FILES[output] for output in others]
        for output in others:
            assert archive.read(keys.RESULT_FILES[output]) == data(house, document, output)


def test_a_zip_of_nothing_is_refused(house: House):
    with pytest.raises(InvalidRequest, match="name some"):
        options.parse({"outputs": "zip"}, house.api.languages, Options())


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


def data(house: House, document: Document, output: Output) -> bytes:
    found = house.objects.get(keys.result(document.id, document.run, keys.RESULT_FILES[output]))
    assert found is not None, output
    return found


def words(text: str) -> set[str]:
    """Return the words of any format: what stands between signs of markup."""
    for sign in "<>\"',\t\n\f":
        text = text.replace(sign, " ")
    return set(text.split())
