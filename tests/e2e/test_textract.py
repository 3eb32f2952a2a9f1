"""Programs made for Textract, against this service on one machine and on the rehearsal of AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
from textractor import Textractor
from textractor.data.constants import TextractFeatures

from infra.textract.errors import TextractError
from infra.textract.jobs import Jobs
from infra.textract.stores import Folder
from tests.data.samples import SAMPLES
from tests.e2e.accuracy import recall
from tests.e2e.conftest import wait_for

BUCKET = "papers"
REGION = "us-east-1"
TARGET = "X-Amz-Target"


@pytest.fixture(scope="module")
def textract(place):
    return boto3.client(
        "textract",
        endpoint_url=place.api_url,
        region_name=REGION,
        aws_access_key_id="anyone",
        aws_secret_access_key="anything",
    )


@pytest.fixture(scope="module")
def papers(place, samples):
    for name in ("scan.pdf", "page.png"):
        place.keep(samples / name, BUCKET, name)
    return BUCKET


@pytest.fixture(scope="module")
def job(textract, papers) -> str:
    asked = {"DocumentLocation": s3_object(papers, "scan.pdf"), "ClientRequestToken": "once"}
    first = textract.start_document_analysis(**asked, FeatureTypes=["LAYOUT"])["JobId"]
    again = textract.start_document_analysis(**asked, FeatureTypes=["LAYOUT"])["JobId"]
    assert first == again
    return str(first)


def s3_object(bucket: str, name: str) -> dict[str, Any]:
    return {"S3Object": {"Bucket": bucket, "Name": name}}


def text(blocks: list[dict[str, Any]]) -> str:
    return "\n".join(block["Text"] for block in blocks if block["BlockType"] == "LINE")


def kinds(answer: dict[str, Any]) -> set[str]:
    return {block["BlockType"] for block in answer["Blocks"]}


def held(answer: dict[str, Any]) -> Iterator[str]:
    for block in answer["Blocks"]:
        for one in block.get("Relationships", ()):
            yield from one["Ids"]


def analysis(textract: Any, job: str, **given: Any) -> dict[str, Any] | None:
    answer: dict[str, Any] = textract.get_document_analysis(JobId=job, **given)
    return None if answer["JobStatus"] == "IN_PROGRESS" else answer


def test_a_picture_is_read_at_once_and_nothing_of_it_stays(textract, reader, samples):
    picture = (samples / "page.png").read_bytes()
    answer = textract.detect_document_text(Document={"Bytes": picture})

    assert recall(SAMPLES["page.png"].words, text(answer["Blocks"])) >= 0.95
    assert kinds(answer) == {"PAGE", "LINE", "WORD"}
    assert set(held(answer)) <= {block["Id"] for block in answer["Blocks"]}
    assert "textract" not in {one.name for one in reader.service.listing(limit=100).documents}


def test_an_object_is_analyzed_with_what_is_asked_for(textract, papers):
    answer = textract.analyze_document(
        Document=s3_object(papers, "page.png"), FeatureTypes=["LAYOUT"]
    )

    assert "LAYOUT_TEXT" in kinds(answer)
    assert "TABLE" not in kinds(answer)


def test_a_jobs_blocks_come_in_parts(textract, job):
    whole = wait_for(lambda: analysis(textract, job))
    assert whole["DocumentMetadata"]["Pages"] == len(SAMPLES["scan.pdf"].pages)

    parts, token = [], {}
    while True:
        answer = textract.get_document_analysis(JobId=job, MaxResults=100, **token)
        assert len(answer["Blocks"]) <= 100
        parts += answer["Blocks"]
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}
    assert parts == whole["Blocks"]
    assert recall(SAMPLES["scan.pdf"].words, text(parts)) >= 0.95


def test_a_job_that_fails_says_why(textract, place, samples):
    place.keep(samples / "locked-user.pdf", BUCKET, "locked-user.pdf")
    started = textract.start_document_text_detection(
        DocumentLocation=s3_object(BUCKET, "locked-user.pdf")
    )["JobId"]

    def ended() -> dict[str, Any] | None:
        answer: dict[str, Any] = textract.get_document_text_detection(JobId=started)
        return None if answer["JobStatus"] == "IN_PROGRESS" else answer

    answer = wait_for(ended)
    assert answer["JobStatus"] == "FAILED"
    assert "PASSWORD_REQUIRED" in answer["StatusMessage"]


def test_what_takes_too_long_is_throttled_and_goes_on_when_it_is_asked_again(reader, samples):
    jobs = Jobs(reader.service, Folder(samples), seconds=0)
    document = (samples / "page.png").read_bytes()
    seen = set()

    def read() -> bool:
        seen.update(
            one.id for one in reader.service.listing(limit=100).documents if one.name == "textract"
        )
        try:
            with jobs.read(document) as found:
                return found.pages.done == 1
        except TextractError as error:
            assert error.name == "ThrottlingException"
            return False

    assert not read()
    wait_for(read)
    assert len(seen) == 1


def test_textractor_reads_unpatched(place, samples, monkeypatch):
    for name, value in {
        "AWS_ENDPOINT_URL_TEXTRACT": place.api_url,
        "AWS_ACCESS_KEY_ID": "anyone",
        "AWS_SECRET_ACCESS_KEY": "anything",
    }.items():
        monkeypatch.setenv(name, value)
    found = Textractor(region_name=REGION).analyze_document(
        str(samples / "page.png"), [TextractFeatures.LAYOUT]
    )
    assert recall(SAMPLES["page.png"].words, found.text) >= 0.95


@pytest.mark.parametrize(
    ("call", "parameters", "error"),
    [
        ("detect_document_text", {"Document": {"Bytes": b"hello"}}, "UnsupportedDocument"),
        ("detect_document_text", {"Document": {}}, "InvalidParameter"),
        ("detect_document_text", {"Document": s3_object(BUCKET, "none.png")}, "InvalidS3Object"),
        ("detect_document_text", {"Document": s3_object(BUCKET, "scan.pdf")}, "UnsupportedDoc"),
        (
            "analyze_document",
            {"Document": {"Bytes": b"x"}, "FeatureTypes": ["FORMS"]},
            "InvalidParameter",
        ),
        (
            "start_document_text_detection",
            {"DocumentLocation": s3_object(BUCKET, "scan.pdf"), "KMSKeyId": "k"},
            "InvalidParameter",
        ),
        ("get_document_text_detection", {"JobId": "a-0"}, "InvalidJobId"),
        ("get_document_text_detection", {"JobId": f"t-{'0' * 32}"}, "InvalidJobId"),
    ],
)
@pytest.mark.usefixtures("papers")
def test_what_cannot_be_done_is_textracts_own_error(textract, call, parameters, error):
    with pytest.raises(textract.exceptions.ClientError) as refused:
        getattr(textract, call)(**parameters)
    assert refused.value.response["Error"]["Code"].startswith(error)


@pytest.mark.usefixtures("papers")
def test_a_name_leads_nowhere_else(place, textract):
    for name in ("../../database", "../../../lock", "/etc/hosts"):
        with pytest.raises(textract.exceptions.InvalidS3ObjectException):
            textract.detect_document_text(Document=s3_object(BUCKET, name))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("no JSON", "SerializationException"),
        ("[]", "SerializationException"),
        ('{"JobId": 7}', "InvalidParameterException"),
        (f'{{"JobId": "t-{"0" * 32}", "MaxResults": 5000}}', "InvalidParameterException"),
        (f'{{"JobId": "t-{"0" * 32}", "NextToken": "x"}}', "InvalidParameterException"),
        (f'{{"JobId": "t-{"0" * 32}", "Other": 1}}', "InvalidParameterException"),
    ],
)
def test_a_malformed_request_is_named(place, body, error):
    answer = httpx.post(
        place.api_url, content=body, headers={TARGET: "Textract.GetDocumentTextDetection"}
    )
    assert (answer.status_code, json.loads(answer.content)["__type"]) == (400, error)
