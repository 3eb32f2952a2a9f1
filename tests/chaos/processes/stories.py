"""What happens in one run: between them the stories make every AWS call that a function can."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fanfold import keys, pagezip
from fanfold.model import State
from fanfold.pagezip import PageFiles
from tests.chaos.processes.deployment import Deployment

Story = Callable[[Deployment], None]


def pages_of_all_kinds(here: Deployment) -> None:
    id_ = here.drop("a.pdf", ["plain one", "heavy two", "BROKEN", "kills page four"])
    here.settle()
    here.tell_again(id_)
    here.settle()


def sent_and_asked_for(here: Deployment) -> None:
    id_ = here.post("a.pdf", ["plain one", "plain two"])
    here.settle()
    for sample, path in {
        "api-status": f"/v1/documents/{id_}",
        "api-page": f"/v1/documents/{id_}/pages/1",
        "api-result": f"/v1/documents/{id_}/result",
    }.items():
        assert here.request(sample, path)["statusCode"] < 400, sample
    assert here.request("api-list")["statusCode"] == 200
    assert here.request("api-status", "/v1/languages")["statusCode"] == 200


def sent_twice_without_a_key(here: Deployment) -> None:
    """The same content again is answered by the document that was read before.

    Unless a death in between cost the note of it, or the answer: then it is read once more.
    """
    for _ in range(2):
        changes = {"headers": {"Content-Type": "application/pdf"}, "multiValueHeaders": {}}
        body = {"body": "plain one", "isBase64Encoded": False, "queryStringParameters": None}
        assert here.request("api-create-pdf", **changes, **body)["statusCode"] < 300
        here.settle()
    for item in here.items():
        if item["sk"] == "META" and item["state"] != State.EXPIRED:
            here.documents[item["pk"].removeprefix("DOC#")] = ["plain one"]
    assert len(here.documents) == 1 or here.course.reached


def an_upload_that_never_comes(here: Deployment) -> None:
    """Only its form was asked for: what is left is an item that expired."""
    assert here.request("api-create")["statusCode"] == 201
    here.settle()


def retried(here: Deployment) -> None:
    id_ = here.drop("a.pdf", ["plain one", "flaky two"])
    here.settle()
    here.healed.touch()
    changes = {"body": None, "queryStringParameters": None}
    assert here.request("api-retry", f"/v1/documents/{id_}/retry", **changes)["statusCode"] < 400
    here.settle()


def cancelled(here: Deployment) -> None:
    id_ = here.post("a.pdf", ["plain one", "plain two"])
    here.deliver(most=2)
    here.request("api-cancel", f"/v1/documents/{id_}/cancel")
    here.settle()


def deleted(here: Deployment) -> None:
    id_ = here.drop("a.pdf", ["plain one", "plain two"])
    here.settle()
    here.request("api-delete", f"/v1/documents/{id_}")
    here.settle()


def deleted_under_way(here: Deployment) -> None:
    """What late workers write after the deletion is found by the sweep an hour later."""
    id_ = here.drop("a.pdf", ["plain one", "plain two"])
    here.deliver(most=3)
    shards = [item for item in here.items() if item["sk"] == "SHARD"]
    here.request("api-delete", f"/v1/documents/{id_}")
    here.objects.put(keys.page_result(id_, 1, 1), pagezip.pack(PageFiles(b"{}")), "")
    here.objects.put("outbox/a.pdf.txt", b"plain one", "text/plain", owner=id_)
    for item in shards:
        here.table.put_item(Item=item)
    here.settle()


def ended_unheard(here: Deployment) -> None:
    """As if the worker had died when the document had ended and its results lay in no outbox."""
    id_ = here.drop("a.pdf", ["plain one"])
    here.settle()
    here.objects.delete_prefix("outbox/")
    here.table.update_item(
        Key={"pk": f"DOC#{id_}", "sk": "META"},
        UpdateExpression="SET active = :one, deadline = :then",
        ExpressionAttributeValues={":one": "1", ":then": 1},
    )
    here.settle()


def an_empty_file(here: Deployment) -> None:
    here.drop("a.pdf", [])
    here.settle()


def doomed(function: str, *pages: str) -> Story:
    """Every invocation of a function dies at its first call: its letters are dead letters."""

    def story(here: Deployment) -> None:
        here.course.doomed = function
        here.drop("a.pdf", list(pages) or ["plain one"])
        here.settle()

    return story


def robbed(queue: str, *, for_good: bool = False) -> Story:
    """What a queue gives out first vanishes unread, or whatever it ever gives out."""

    def story(here: Deployment) -> None:
        here.course.robbed, here.course.for_good = queue, for_good
        here.drop("a.pdf", ["plain one"])
        here.settle()

    return story


STORIES: Mapping[str, Story] = {
    "pages of all kinds": pages_of_all_kinds,
    "sent and asked for": sent_and_asked_for,
    "sent twice": sent_twice_without_a_key,
    "an upload that never comes": an_upload_that_never_comes,
    "retried": retried,
    "cancelled": cancelled,
    "deleted": deleted,
    "deleted under way": deleted_under_way,
    "an empty file": an_empty_file,
    "ended unheard": ended_unheard,
    **{
        f"{name} dies every time": doomed(f"{name}Function", *pages)
        for name, pages in {
            "Intake": (),
            "Split": (),
            "PageHeavy": ("heavy one", "plain two"),
            "Assemble": (),
        }.items()
    },
    **{f"{queue} loses its messages": robbed(queue) for queue in ("split", "page", "assemble")},
    **{
        f"{queue} loses its messages for good": robbed(queue, for_good=True)
        for queue in ("split", "assemble")
    },
}

ENDS = {
    "pages of all kinds": State.PARTIAL,
    "retried": State.SUCCEEDED,
    "cancelled": State.CANCELLED,
    "deleted": State.DELETED,
    **{f"{queue} loses its messages": State.SUCCEEDED for queue in ("split", "page", "assemble")},
    **{f"{queue} loses its messages for good": State.FAILED for queue in ("split", "assemble")},
}
"""How some stories must end, so that a calm run that goes wrong is not taken for the truth."""
