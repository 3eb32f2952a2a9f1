"""Webhooks: who is told what, how it is signed, and what happens while nobody answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from standardwebhooks import Webhook as Receiver
from standardwebhooks import WebhookVerificationError

from fanfold.errors import DamagedFile, InvalidRequest, NotFound, RenderFailed
from fanfold.messages import decode_news
from fanfold.model import Told
from fanfold.ports import Posted
from fanfold.stages import build
from fanfold.stages.webhooks import DELAYS
from fanfold.webhooks import Event
from tests.fakes.house import House

URL = "https://hooks.example/fanfold"
NOW = datetime(2026, 5, 1, tzinfo=UTC)
ENDED, PAGES = [Event.DOCUMENT_ENDED], [Event.DOCUMENT_ENDED, Event.PAGE_ENDED]


@pytest.fixture
def house(tmp_path) -> House:
    built = House(tmp_path / "work")
    built.clock.pass_seconds(NOW.timestamp())
    return built


def told(house: House) -> list[dict]:
    return [json.loads(body) for _, _, body in house.poster.sent]


def test_who_has_no_webhook_is_not_told_and_pays_nothing(house: House):
    document = house.read_document("a.pdf", "one")
    assert document.told is Told.NOTHING
    assert house.notify_queue.bodies == []


def test_an_end_is_told_signed_and_without_a_word_of_the_document(house: House):
    secret, made = house.api.webhooks.create("default", URL, ENDED, "ours")
    document = house.read_document("letters/secret name.pdf", "one\ntwo")
    house.tell()
    ((url, headers, body),) = house.poster.sent
    assert url == URL
    verified = Receiver(secret).verify(body, headers)
    assert verified == {
        "type": "document.ended",
        "timestamp": verified["timestamp"],
        "data": {
            "document": document.id, "run": 1, "state": "SUCCEEDED",
            "pages": {"total": 2, "done": 2, "failed": 0},
        },
    }  # fmt: skip
    assert (
        abs(datetime.fromisoformat(verified["timestamp"]).timestamp() - house.clock.now() / 1000)
        < 60
    )
    with pytest.raises(WebhookVerificationError):
        Receiver(secret).verify(body + b" ", headers)
    (tried,) = house.api.webhooks.attempts("default", made.id)
    assert (tried.status, tried.number, tried.next_at) == (204, 1, None)
    assert tried.event_id == headers["webhook-id"]


@pytest.fixture(autouse=True)
def receivers_clock(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the receiver's library live at the house's time: it refuses what is older than 5 min."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(house.clock.now() / 1000, tz)

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Clock)


def test_pages_are_told_of_where_that_is_asked_for_each_with_its_reason(house: House):
    house.api.webhooks.create("default", URL, PAGES, "")
    house.reader.errors["two"] = RenderFailed()
    document = house.read_document("a.pdf", "one\ntwo\nthree")
    house.tell()
    pages = {one["data"]["page"]: one["data"] for one in told(house) if "page" in one["data"]}
    assert {page: (one["state"], one.get("code")) for page, one in pages.items()} == {
        1: ("done", None),
        2: ("failed", "RENDER_FAILED"),
        3: ("done", None),
    }
    assert {one["document"] for one in pages.values()} == {document.id}
    assert [one["data"]["state"] for one in told(house) if one["type"] == "document.ended"] == [
        "PARTIAL"
    ]


def test_a_document_that_failed_is_told_of_with_its_code(house: House):
    house.api.webhooks.create("default", URL, ENDED, "")
    house.tool.error = DamagedFile()
    house.read_document("a.pdf", "one")
    house.tell()
    assert [(one["data"]["state"], one["data"]["code"]) for one in told(house)] == [
        ("FAILED", "DAMAGED_FILE")
    ]


def test_who_died_before_telling_leaves_it_to_the_sweep(house: House):
    house.api.webhooks.create("default", URL, ENDED, "")
    house.notify_queue.broken = OSError("dead")
    with pytest.raises(OSError, match="dead"):
        house.read_document("a.pdf", "one")
    house.notify_queue.broken = None
    house.clock.pass_seconds(3_600)
    house.sweep()
    house.tell()
    assert len(told(house)) == 1


def test_tenants_are_told_of_their_own_alone(house: House):
    house.api.webhooks.create("acme", "https://acme.example/", ENDED, "")
    house.read_document("a.pdf", "one")
    house.tell()
    assert told(house) == []


def test_a_target_that_is_down_for_an_hour_gets_its_events_each_once(house: House):
    _, made = house.api.webhooks.create("default", URL, ENDED, "")
    house.poster.answer = Posted(None, "NO_CONNECTION")
    documents = {house.read_document(f"{n}.pdf", f"text {n}").id for n in range(3)}
    began = house.clock.now()
    while house.clock.now() - began < 3_600_000:
        house.tell()
        house.clock.pass_seconds(60)
    failing = house.api.webhooks.listing("default")[0]
    assert failing.failing_since is not None
    assert failing.off_at is None
    house.poster.sent.clear()
    house.poster.answer = Posted(200)
    for _ in range(3 * 60):
        house.tell()
        house.clock.pass_seconds(60)
    assert {one["data"]["document"] for one in told(house)} == documents
    assert len(told(house)) == 3
    assert house.api.webhooks.listing("default")[0].failing_since is None
    assert house.notify_queue.bodies == []
    tries = house.api.webhooks.attempts("default", made.id)
    assert len({one.event_id for one in tries}) == 3


def test_tries_come_less_and_less_often_for_a_day_and_then_it_is_switched_off(house: House):
    _, made = house.api.webhooks.create("default", URL, ENDED, "")
    house.poster.answer = Posted(503)
    house.read_document("a.pdf", "one")
    for _ in range(26 * 60):
        house.tell()
        house.clock.pass_seconds(60)
    tries = list(reversed(house.api.webhooks.attempts("default", made.id)))
    assert [one.number for one in tries] == list(range(1, len(DELAYS) + 2))
    waits = [after.moment - before.moment for before, after in pairwise(tries)]
    assert waits == sorted(waits)
    assert 23.9 < (tries[-1].moment - tries[0].moment) / 3_600_000 < 25
    assert tries[-1].next_at is None
    (now,) = house.api.webhooks.listing("default")
    assert (now.off_reason, now.off_at is not None) == ("STATUS_503", True)
    sent = len(house.poster.sent)
    assert house.read_document("b.pdf", "two").told is Told.NOTHING
    house.tell()
    assert len(house.poster.sent) == sent


def test_a_target_that_is_gone_is_switched_off_at_once(house: House):
    house.api.webhooks.create("default", URL, ENDED, "")
    house.poster.answer = Posted(410)
    house.read_document("a.pdf", "one")
    house.tell()
    assert house.api.webhooks.listing("default")[0].off_reason == "GONE"
    assert house.notify_queue.bodies == []


def test_a_redirect_is_no_arrival(house: House):
    house.api.webhooks.create("default", URL, ENDED, "")
    house.poster.answer = Posted(302)
    house.read_document("a.pdf", "one")
    house.tell()
    assert len(house.notify_queue.bodies) == 1


def test_after_a_rotation_both_secrets_verify_for_a_day(house: House):
    old, made = house.api.webhooks.create("default", URL, ENDED, "")
    new, _ = house.api.webhooks.rotate("default", made.id)
    assert new != old
    house.read_document("a.pdf", "one")
    house.tell()
    for secret in (old, new):
        Receiver(secret).verify(house.poster.sent[-1][2], house.poster.sent[-1][1])
    house.clock.pass_seconds(25 * 3_600)
    house.read_document("b.pdf", "two")
    house.tell()
    Receiver(new).verify(house.poster.sent[-1][2], house.poster.sent[-1][1])
    with pytest.raises(WebhookVerificationError):
        Receiver(old).verify(house.poster.sent[-1][2], house.poster.sent[-1][1])


def test_one_that_is_taken_away_hears_nothing_more(house: House):
    _, made = house.api.webhooks.create("default", URL, ENDED, "")
    house.read_document("a.pdf", "one")
    with pytest.raises(NotFound):
        house.api.webhooks.remove("acme", made.id)
    house.api.webhooks.remove("default", made.id)
    house.tell()
    assert told(house) == []
    assert list(house.objects.list_keys("webhooks/")) == []
    with pytest.raises(NotFound):
        house.api.webhooks.attempts("default", made.id)


@pytest.mark.parametrize(
    ("url", "events"),
    [
        ("http://hooks.example/", ENDED),
        ("https://hooks.example:8443/", ENDED),
        ("https://me:secret@hooks.example/", ENDED),
        ("https://10.0.0.1/", ENDED),
        ("https://[::1]/", ENDED),
        ("https://localhost/", ENDED),
        ("ftp://hooks.example/", ENDED),
        ("https:///", ENDED),
        ("https://hooks.example/" + "x" * 3_000, ENDED),
        (URL, ["document.began"]),
    ],
)
def test_what_is_no_webhook_is_refused(house: House, url: str, events: list[str]):
    with pytest.raises(InvalidRequest):
        house.api.webhooks.create("default", url, events, "")


def test_where_names_are_filtered_only_these_can_be_called(house: House):
    house.reach = ("hooks.example", "*.example.org")
    house.api.webhooks.create("default", "https://a.example.org/", ENDED, "")
    with pytest.raises(InvalidRequest, match="OutboundNames"):
        house.api.webhooks.create("default", "https://example.net/", ENDED, "")
    house.reach = ()
    with pytest.raises(InvalidRequest, match="calls nobody"):
        house.api.webhooks.create("default", URL, ENDED, "")


def test_a_tenant_has_a_few_webhooks(house: House):
    for _ in range(20):
        house.api.webhooks.create("default", URL, ENDED, "")
    with pytest.raises(InvalidRequest, match="at most 20"):
        house.api.webhooks.create("default", URL, ENDED, "")


def test_news_that_killed_their_senders_are_in_the_log(house: House):
    _, made = house.api.webhooks.create("default", URL, ENDED, "")
    house.read_document("a.pdf", "one")
    (spread,) = house.notify_queue.bodies
    house.lose("notify", spread)  # to nobody in particular: put away for people
    assert len(list(house.objects.list_keys("unreadable/notify/"))) == 1
    message = house.notify_queue.receive()
    house.poster.answer = Posted(503)
    build.notify(house.parts())(decode_news(message.body))
    house.notify_queue.delete(message)
    (one,) = house.notify_queue.bodies
    house.lose("notify", one)
    (tried,) = house.api.webhooks.attempts("default", made.id)
    assert (tried.code, tried.status) == ("UNDELIVERABLE", None)
