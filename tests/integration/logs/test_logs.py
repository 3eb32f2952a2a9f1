"""Nothing of a document is in the logs, neither when it goes well nor when it does not."""

from __future__ import annotations

import json
import urllib.parse
from contextlib import closing

import httpx
import pytest

from client.service import Service
from fanfold.model import State
from infra.rehearsal.cloud import Cloud
from tests.data.samples import SAMPLES
from tests.e2e.conftest import TEMPLATE, TOOLS, Reader, wait_for

NAME = "canary-of-ms-müller.pdf"
LONG = 6
"""Letters of a word that cannot stand in a log line by chance."""


@pytest.fixture(scope="module")
def story(tmp_path_factory, samples):
    """Play one document through the API, one through the inbox, and one that is refused."""
    log = tmp_path_factory.mktemp("logs") / "fanfold.log"
    with (
        Cloud(
            TEMPLATE,
            parameters={"Languages": "eng"},
            workers=1,
            environment={**TOOLS.environment, "POWERTOOLS_METRICS_DISABLED": "false"},
            log=log,
        ) as cloud,
        closing(Service(cloud.api_url)) as service,
    ):
        document, secrets = _play(cloud, Reader(service), samples)
    return log.read_text("utf-8"), {word for word in secrets if len(word) > LONG}, document


def _play(cloud, reader, samples):
    """Return the id of the document that went through the API, and what nobody may log."""
    named = samples.parent / NAME
    named.write_bytes((samples / "scan.pdf").read_bytes())
    status = reader.read(named)
    named.unlink()
    assert status.state is State.SUCCEEDED
    link = httpx.get(f"{cloud.api_url}/v1/documents/{status.id}/result?format=txt")
    query = urllib.parse.urlsplit(link.headers["location"]).query
    refused = reader.read(samples / next(name for name, has in SAMPLES.items() if has.error))
    assert refused.state is State.FAILED
    httpx.put(
        f"{cloud.aws_url}/{cloud.bucket}/inbox/{urllib.parse.quote(NAME)}",
        content=(samples / "fax.pdf").read_bytes(),
        headers={"Content-Type": "application/pdf"},
    )
    wait_for(lambda: len(reader.service.listing().documents) == 3 and not _live(reader.service))
    values = {_shown(cloud.api_url)} | {value for _, value in urllib.parse.parse_qsl(query)}
    return status.id, values | set(reader.text(status).split())


def _shown(url):
    """Make a token, have it looked up, and return it."""
    text = httpx.post(f"{url}/v1/tokens", json={"scopes": ["read"]}).json()["token"]
    for shown, status in ((text, 200), (f"{text}x", 401)):
        answer = httpx.get(f"{url}/v1/languages", headers={"Authorization": f"Bearer {shown}"})
        assert answer.status_code == status
    return text


def _live(service):
    return [one for one in service.listing().documents if one.state.live]


def lines(log):
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


def test_neither_text_nor_name_nor_link_is_in_the_logs(story):
    log, secrets, _ = story
    assert len(secrets) > 20
    assert {word for word in secrets if word in log} == set()
    assert "canary" not in log.lower()
    assert "X-Amz-Signature" not in log


def test_one_id_leads_from_the_request_to_every_page(story):
    log, _, document = story
    found = [line for line in lines(log) if line.get("document_id") == document]
    assert {line["step"] for line in found} >= {"api", "intake", "split", "page", "assemble"}
    pages = {line["page"] for line in found if line.get("step") == "page" and "page" in line}
    assert pages == set(range(1, len(SAMPLES["scan.pdf"].pages) + 1))


def test_every_line_says_the_same_words_whatever_the_document(story):
    log, _, _ = story
    said = {line["message"] for line in lines(log) if "message" in line}
    assert said <= {"record done", "record failed", "request answered", "clock answered"}


def test_what_happened_is_counted(story):
    log, _, document = story
    counted = [line for line in lines(log) if "_aws" in line]
    done = [line for line in counted if "PagesDone" in line and line["document_id"] == document]
    assert len(done) == len(SAMPLES["scan.pdf"].pages)
    assert {line["state"] for line in counted if "DocumentsEnded" in line} == {
        "SUCCEEDED",
        "FAILED",
    }
    assert {line["service"] for line in counted} == {"fanfold"}
    steps = {line["step"] for line in counted if "GigabyteSeconds" in line}
    assert steps >= {"api", "intake", "split", "page", "assemble"}


def test_dimensions_are_few_and_bounded(story):
    log, _, _ = story
    for line in lines(log):
        for blob in line.get("_aws", {}).get("CloudWatchMetrics", ()):
            [names] = blob["Dimensions"]
            assert set(names) - {"service"} <= {"source", "reason", "state", "step"}
