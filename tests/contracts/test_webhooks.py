"""The WebhookStore of the ports, on files and on DynamoDB."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fanfold.aws.table import Table
from fanfold.aws.webhooks import DynamoWebhooks
from fanfold.disk.database import Database
from fanfold.disk.webhooks import DiskWebhooks
from fanfold.webhooks import Attempt, Event, Webhook
from tests.aws import create_table

ONE = Webhook("a" * 16, "acme", "https://a.example/", (Event.DOCUMENT_ENDED,), "a", 1_000)
TRIED = Attempt(5_000, "msg_1", Event.PAGE_ENDED, "d" * 32, 1, 1, page=3, status=503, next_at=9_000)


@pytest.fixture(params=["disk", "dynamodb"])
def store(request):
    if request.param == "disk":
        return DiskWebhooks(Database(None))
    request.getfixturevalue("aws")
    return DynamoWebhooks(Table(create_table("table"), "table"))


def test_a_tenant_s_webhooks_are_its_own(store):
    other = replace(ONE, tenant="other", id="b" * 16)
    assert store.of("acme") == []
    store.put(ONE)
    store.put(other)
    assert store.of("acme") == [ONE]
    assert store.get("acme", ONE.id) == ONE
    assert store.get("acme", other.id) is None
    store.remove(ONE)
    store.remove(ONE)
    assert store.of("acme") == []
    assert store.of("other") == [other]


def test_how_one_fares_is_noted_unless_it_is_gone(store):
    store.put(ONE)
    store.note(ONE, failing_since=2_000, off_at=None, off_reason="")
    assert store.get("acme", ONE.id) == replace(ONE, failing_since=2_000)
    store.note(ONE, failing_since=2_000, off_at=3_000, off_reason="GONE")
    off = replace(ONE, failing_since=2_000, off_at=3_000, off_reason="GONE")
    assert store.get("acme", ONE.id) == off
    store.remove(ONE)
    store.note(ONE, failing_since=None, off_at=None, off_reason="")
    assert store.of("acme") == []


def test_the_log_has_the_last_first(store):
    second = replace(TRIED, moment=6_000, number=2, status=None, code="TIMEOUT", next_at=None)
    store.log(ONE.id, TRIED)
    store.log(ONE.id, second)
    store.log("c" * 16, TRIED)
    assert store.attempts(ONE.id, 10) == [second, TRIED]
    assert store.attempts(ONE.id, 1) == [second]
