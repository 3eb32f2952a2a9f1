"""What the functions say of themselves: counts, keys, and never a word of what they read."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from fanfold import edge, telemetry
from fanfold.errors import ServiceError, Unavailable
from fanfold.model import Reason, Source, State

DOCUMENT = "5f0c8b1e6d2a4f7b9c3e1d0a8b7c6d5e"
CANARY = "inbox/Canary of Ms Müller.pdf"


@dataclass
class Context:
    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:function"
    aws_request_id: str = "the-request"


def event(*bodies, queue="stack-page"):
    return {
        "Records": [
            {
                "messageId": f"m{n}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "2"},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:eu-central-1:123456789012:{queue}",
            }
            for n, body in enumerate(bodies)
        ]
    }


def page_body(**more):
    return json.dumps({"v": 1, "document": DOCUMENT, "run": 2, "page": 17, **more})


@pytest.fixture(autouse=True)
def counting(monkeypatch):
    """Count, whatever a service that ran in this process has set: nobody collects its counts."""
    monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED", raising=False)
    monkeypatch.delenv("POWERTOOLS_SERVICE_NAME", raising=False)


@pytest.fixture
def said(capsys, monkeypatch):
    """Everything that was written since, as JSON: log lines and counts."""
    handler = telemetry.logger.handlers[0]
    monkeypatch.setattr(handler, "emit", lambda record: print(handler.format(record)))
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def counts(lines):
    return [line for line in lines if "_aws" in line]


def dimensions(line):
    [blob] = line["_aws"]["CloudWatchMetrics"]
    return blob["Dimensions"][0]


def denied(operation="PutObject"):
    message = f"not authorized to perform: s3:{operation} on resource: arn:aws:s3:::b/{CANARY}"
    return ClientError({"Error": {"Code": "AccessDenied", "Message": message}}, operation)


def test_a_record_is_named_by_document_run_and_page(said):
    edge.each_record(event(page_body()), Context(), lambda record: None)
    [done] = [line for line in said() if line.get("message") == "record done"]
    assert (done["document_id"], done["run"], done["page"]) == (DOCUMENT, 2, 17)
    assert (done["step"], done["receives"]) == ("page", 2)
    assert done["function_request_id"] == "the-request"


def test_the_next_record_is_not_called_by_the_names_of_the_one_before(said):
    bodies = [page_body(), json.dumps({"v": 1, "document": DOCUMENT[::-1], "run": 1})]
    edge.each_record(event(*bodies), Context(), lambda record: None)
    first, second = (line for line in said() if line.get("message") == "record done")
    assert "page" in first
    assert "page" not in second
    assert second["document_id"] == DOCUMENT[::-1]


def test_counts_carry_the_ids_but_not_as_dimensions(said):
    def stage(record):
        telemetry.meter.page_done(Source.OCR, 3120)

    edge.each_record(event(page_body()), Context(), stage)
    [page] = [line for line in counts(said()) if "PagesDone" in line]
    assert page["PageMilliseconds"] == [3120.0]
    assert page["document_id"] == DOCUMENT
    assert set(dimensions(page)) <= {"source", "service"}


def test_a_record_that_raised_is_counted_and_reported(said):
    def stage(record):
        raise Unavailable

    answer = edge.each_record(event(page_body()), Context(), stage)
    lines = said()
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert [line["step"] for line in counts(lines) if "RecordsFailed" in line] == ["page"]
    [failed] = [line for line in lines if line.get("message") == "record failed"]
    assert failed["errors"] == ["UNAVAILABLE"]
    assert "fanfold.edge:" in failed["where"]
    assert "tests.unit.test_telemetry:" in failed["where"]


def test_what_aws_denies_is_told_without_the_key_that_it_names(said):
    def stage(record):
        raise denied()

    edge.each_record(event(page_body()), Context(), stage)
    lines = said()
    [failed] = [line for line in lines if line.get("message") == "record failed"]
    assert failed["errors"] == ["AccessDenied of PutObject"]
    assert "Canary" not in json.dumps(lines, ensure_ascii=False)


def test_causes_are_told_too(said):
    def stage(record):
        try:
            raise denied("GetObject")
        except ClientError as error:
            raise Unavailable from error

    edge.each_record(event(page_body()), Context(), stage)
    [failed] = [line for line in said() if line.get("message") == "record failed"]
    assert failed["errors"] == ["UNAVAILABLE", "AccessDenied of GetObject"]


def test_the_clock_does_not_hand_lambda_a_message_to_write_down(said):
    def stage():
        raise denied()

    with pytest.raises(ServiceError) as raised:
        edge.on_the_clock("sweep", Context(), stage)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    assert "Canary" not in str(raised.value)


def test_dead_letters_are_the_work_of_lost(said):
    def stage(record):
        raise Unavailable

    edge.each_record(event("junk", queue="stack-heavy-dead"), Context(), stage)
    assert [line["step"] for line in counts(said()) if "RecordsFailed" in line] == ["lost"]


def test_an_invocation_counts_what_lambda_bills(said):
    edge.each_record(event(page_body()), Context(memory_limit_in_mb=2048), lambda record: None)
    [took] = [line for line in counts(said()) if "GigabyteSeconds" in line]
    assert took["step"] == "page"
    assert 0 <= took["GigabyteSeconds"][0] < 10


@pytest.mark.parametrize(
    "body",
    [
        "junk",
        "[]",
        '{"v": 1, "document": "Ms Müller", "run": "Canary", "page": true}',
        '{"v": 1, "document": ["Canary"]}',
        '{"detail": "Canary"}',
        '{"detail-type": "Object Created", "detail": {"bucket": {}}}',
    ],
)
def test_what_is_no_id_is_not_logged_as_one(said, body):
    edge.each_record(event(body), Context(), lambda record: None)
    [done] = [line for line in said() if line.get("message") == "record done"]
    assert not {"document_id", "run", "page"} & done.keys()


def test_an_arrival_is_named_by_the_document_that_it_becomes(said):
    body = json.dumps(
        {
            "detail-type": "Object Created",
            "detail": {
                "bucket": {"name": "b"},
                "object": {"key": CANARY, "version-id": "v1", "size": 1},
            },
        }
    )
    edge.each_record(event(body, queue="stack-intake"), Context(), lambda record: None)
    lines = said()
    [done] = [line for line in lines if line.get("message") == "record done"]
    assert len(done["document_id"]) == 32
    assert "Canary" not in json.dumps(lines)


def test_a_request_is_named_by_its_document_and_by_its_own_id(said):
    request = {
        "httpMethod": "GET",
        "path": f"/v1/documents/{DOCUMENT}/pages/3",
        "requestContext": {"requestId": "r1"},
    }
    edge.request(request, Context(), lambda: {"statusCode": 200})
    [answered] = [line for line in said() if line.get("message") == "request answered"]
    assert (answered["document_id"], answered["request_id"]) == (DOCUMENT, "r1")
    assert answered["status"] == 200


def test_a_new_document_is_named_once_it_is_known_and_not_in_the_next_request(said):
    def create():
        edge.note(document_id=DOCUMENT)
        return {"statusCode": 201}

    request = {"httpMethod": "POST", "path": "/v1/documents"}
    edge.request(request, Context(), create)
    edge.request(request, Context(), lambda: {"statusCode": 201})
    first, second = (line for line in said() if line.get("message") == "request answered")
    assert first["document_id"] == DOCUMENT
    assert "document_id" not in second


def test_an_unknown_code_makes_no_dimension_of_its_own(said):
    telemetry.meter.page_failed("whatever stands in the table")
    telemetry.meter.ended(State.FAILED, Reason("another", "Canary", retryable=False))
    reasons = {line["reason"] for line in counts(said()) if "reason" in line}
    assert reasons == {"INTERNAL"}
