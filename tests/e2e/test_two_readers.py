"""A page that tesseract doubts has both readers, in whichever lane has room for the second."""

from __future__ import annotations

import json

from fanfold.model import Output, State
from tests import needs
from tests.data import pdfs, pictures, prose


@needs.second_reader
def test_a_doubtful_page_is_read_by_both(reader, tmp_path):
    whole = pictures.scan(prose.NOTICE, pictures.A5)
    pdf = pdfs.new()
    pdfs.add_picture(pdf, whole.reduce(5).resize(whole.size))
    path = tmp_path / "coarse.pdf"
    path.write_bytes(pdfs.save(pdf))

    status = reader.read(path)

    (page,) = json.loads(reader.result(status, Output.JSON))["pages"]
    assert status.state is State.SUCCEEDED
    assert page["readers"] == ["tesseract", "neural"]
