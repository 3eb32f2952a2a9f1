"""How each result is written that is a series of pages: all but the searchable PDF and the zip."""

from __future__ import annotations

from collections.abc import Mapping

from fanfold.formats import alto, document_json, hocr, textract
from fanfold.formats.chunks import CHUNKS
from fanfold.formats.markdown import MARKDOWN
from fanfold.formats.series import Series
from fanfold.formats.tables import CSV
from fanfold.formats.text import TEXT
from fanfold.formats.tsv import TSV
from fanfold.formats.workbook import XLSX
from fanfold.model import Document, DoneMark, Output


def series(
    document: Document, done: Mapping[int, DoneMark], failed: Mapping[int, str]
) -> dict[Output, Series]:
    """Return the series that ``document`` was asked for; give it as it ends.

    ``done`` holds the marks of the pages that were read, ``failed`` the codes of the others.
    """
    known: dict[Output, Series] = {
        Output.TEXT: TEXT,
        Output.MARKDOWN: MARKDOWN,
        Output.JSON: document_json.series(document, done),
        Output.HOCR: hocr.series(document),
        Output.ALTO: alto.series(document),
        Output.TSV: TSV,
        Output.TEXTRACT: textract.series(document, failed),
        Output.CSV: CSV,
        Output.XLSX: XLSX,
        Output.CHUNKS: CHUNKS,
    }
    return {output: known[output] for output in document.options.outputs if output in known}
