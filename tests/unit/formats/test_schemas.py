"""The published schemas say what results hold; every test that makes results checks them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator, ValidationError

from fanfold import pagejson, schemas
from fanfold.formats import document_json, manifest, series
from fanfold.model import (
    Block,
    BlockKind,
    Box,
    Cell,
    Code,
    Codes,
    Concern,
    Damage,
    DoneMark,
    Mode,
    Output,
    Source,
    Table,
    Unseen,
    Why,
)
from tests import schemas as checking
from tests.unit.formats.builders import BOX, document, failed, line, page

EVERYTHING = [
    Block((line("Title"),), BOX, kind=BlockKind.HEADING, level=1),
    Block((line("one"),), BOX, Table(2, 2, (Cell(0, 0, BOX, "one", 1, 2),), head=1)),
]


def full_page():
    return replace(
        page(1),
        source=Source.MIXED,
        blocks=tuple(EVERYTHING),
        codes=(Code("QR Code", "x", BOX), Code("Aztec", "", BOX, b"\0")),
        review="why",
        concerns=tuple(Concern),
        unread=(Box(1, 2, 3, 4),),
        layer_text="other",
        unseen=(Unseen("white", BOX, Why.WHITE),),
        damage=(Damage("REBUILT", "Something."),),
        skew=-1.25,
        timings={"total": 5},
    )


def written(tmp_path, *outcomes):
    path = tmp_path / "document.json"
    done = {1: DoneMark(1, Source.OCR, 90, 1)}
    series.write({path: document_json.series(document(), done)}, outcomes)
    return path.read_bytes()


def test_a_page_with_all_that_a_page_can_have_is_described(tmp_path):
    checking.check("document.json", written(tmp_path, full_page(), failed(2), page(3)))


def test_a_manifest_is_described():
    file = manifest.ResultFile(Output.TEXT, "text.txt", 5, "ab" * 32)
    marks = {1: DoneMark(1, Source.NATIVE, 100, 1, unseen=True)}
    checking.check("manifest.json", manifest.render(document(), marks, [file], [failed(2)]))


def test_readers_pass_over_fields_of_a_newer_version(tmp_path):
    data = json.loads(written(tmp_path, full_page()))
    data["pages"][0]["newer"] = 1
    Draft202012Validator(json.loads(schemas.text("document.json"))).validate(data)
    with pytest.raises(ValidationError):
        checking.check("document.json", json.dumps(data))


def test_a_page_whose_words_lack_boxes_is_refused(tmp_path):
    data = json.loads(written(tmp_path, full_page()))
    del data["pages"][0]["blocks"][0]["lines"][0]["words"][0]["box"]
    with pytest.raises(ValidationError):
        checking.check("document.json", json.dumps(data))


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        (("$defs", "output", "enum"), Output),
        (("$defs", "page", "properties", "source", "enum"), Source),
        (("$defs", "block", "properties", "kind", "enum"), BlockKind),
    ],
)
def test_the_words_of_the_schema_are_those_of_the_model(place, kind):
    told = json.loads(schemas.text("document.json"))
    for step in place:
        told = told[step]
    assert told == list(kind)


def test_the_options_of_the_schema_are_those_of_the_model():
    document_schema = json.loads(schemas.text("manifest.json"))["$defs"]["document"]
    options = document_schema["properties"]["options"]["properties"]
    assert (options["mode"]["enum"], options["codes"]["enum"]) == (list(Mode), list(Codes))


def test_both_schemas_describe_documents_alike():
    one, other = (json.loads(schemas.text(name))["$defs"] for name in schemas.SCHEMAS)
    assert {name: one[name] for name in other} == other


def test_a_page_by_itself_is_described_by_a_part_of_the_schema():
    whole = json.loads(schemas.text("document.json"))
    part = {"$ref": "#/$defs/page", "$defs": whole["$defs"]}
    Draft202012Validator(part).validate(pagejson.dump(full_page()))
