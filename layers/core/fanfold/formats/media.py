"""The media type and the suffix of each output."""

from __future__ import annotations

from typing import NamedTuple

from fanfold.model import Output


class Media(NamedTuple):
    """How a result is served, and how its file name ends."""

    type: str
    suffix: str


MANIFEST_MEDIA = Media("application/json", ".json")

MEDIA = {
    Output.TEXT: Media("text/plain; charset=utf-8", ".txt"),
    Output.MARKDOWN: Media("text/markdown; charset=utf-8", ".md"),
    Output.JSON: Media("application/json", ".json"),
    Output.PDF: Media("application/pdf", ".pdf"),
    Output.HOCR: Media("text/vnd.hocr+html", ".hocr"),
    Output.ALTO: Media("application/xml", ".alto.xml"),
    Output.TSV: Media("text/tab-separated-values; charset=utf-8", ".tsv"),
    Output.TEXTRACT: Media("application/json", ".textract.json"),
    Output.CSV: Media("application/zip", ".csv.zip"),
    Output.XLSX: Media(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"
    ),
    Output.CHUNKS: Media("application/jsonl", ".chunks.jsonl"),
    Output.ZIP: Media("application/zip", ".zip"),
}
