"""What reaches X-Ray's daemon: parts with ids as annotations, and nothing that was said."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCUMENT = "5f0c8b1e6d2a4f7b9c3e1d0a8b7c6d5e"
CANARY = "inbox/Canary of Ms Müller.pdf"
INVOKE = """
import json, sys
from types import SimpleNamespace
from botocore.exceptions import ClientError
from fanfold import edge

def stage(record):
    if record.message_id == "bad":
        message = f"not authorized to perform s3:PutObject on arn:aws:s3:::b/{sys.argv[2]}"
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": message}}, "PutObject")

context = SimpleNamespace(aws_request_id="r", memory_limit_in_mb=320)
edge.each_record(json.loads(sys.argv[1]), context, stage)
print("aws_xray_sdk.core" in sys.modules)
"""


def record(name, page):
    return {
        "messageId": name,
        "body": json.dumps({"v": 1, "document": DOCUMENT, "run": 2, "page": page}),
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:stack-page",
    }


def invoke(**environment):
    """Invoke a function as Lambda would; return whether it loaded the SDK of X-Ray."""
    event = json.dumps({"Records": [record("good", 17), record("bad", 18)]})
    run = subprocess.run(
        [sys.executable, "-c", INVOKE, event, CANARY],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "LAMBDA_TASK_ROOT": "/var/task",
            "AWS_LAMBDA_FUNCTION_NAME": "function",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "POWERTOOLS_SERVICE_NAME": "stack",
            **environment,
        },
        check=True,
        timeout=60,
        capture_output=True,
        text=True,
    )
    return run.stdout.splitlines()[-1] == "True"


@pytest.fixture(scope="module")
def parts():
    """Invoke a function that is traced, with a daemon of ours; return what it was sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(10)
        assert invoke(
            AWS_XRAY_DAEMON_ADDRESS="{}:{}".format(*daemon.getsockname()),
            _X_AMZN_TRACE_ID="Root=1-5e1b4151-5ac6c58a;Parent=53995c3f42cd8ad8;Sampled=1",
        )
        yield [daemon.recv(65536).decode() for _ in range(2)]


@pytest.mark.parametrize("trace", [{}, {"_X_AMZN_TRACE_ID": "Root=1-5e1b4151-5ac6c58a;Sampled=0"}])
def test_who_is_not_traced_does_not_wait_for_the_sdk(trace):
    assert not invoke(**trace)


def sent(part):
    return json.loads(part.partition("\n")[2])


def test_every_message_is_a_part_that_can_be_found_by_its_document(parts):
    annotated = [sent(part)["annotations"] for part in parts]
    assert [(one["document_id"], one["run"], one["page"]) for one in annotated] == [
        (DOCUMENT, 2, 17),
        (DOCUMENT, 2, 18),
    ]


def test_parts_belong_to_the_trace_of_the_request(parts):
    assert {sent(part)["trace_id"] for part in parts} == {"1-5e1b4151-5ac6c58a"}


def test_a_failure_is_marked_and_not_quoted(parts):
    good, bad = map(sent, parts)
    assert "fault" not in good
    assert bad["fault"]
    assert "Canary" not in "".join(parts)
