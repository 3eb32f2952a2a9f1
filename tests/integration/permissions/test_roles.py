"""Every function's role lets it do what it does, and nothing that it never does.

Whole lives of documents are played with the functions' own environments. What the SDK is asked to
do is held against the roles in infra/aws/permissions.yaml.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Key

from fanfold import keys
from fanfold.ocr.isolation.engine import tessdata_folder
from fanfold.settings import Engine
from tests.infra.stack import Stack
from tests.integration.permissions.calls import BUCKET, TABLE, attached, covers, granted
from tests.integration.permissions.household import (
    Household,
    arrival,
    household,
    sample_event,
)

LAMBDA = {
    *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    *("logs:CreateLogStream", "logs:PutLogEvents"),
}
"""What Lambda does in the function's name."""
UNSEEN = {
    "s3:ListBucket",  # decides between 404 and 403, without a call of its own
    "s3:AbortMultipartUpload",  # after a failed part of a large upload
    "s3:DeleteObject",  # DeleteObjects wants it even where every object names its version
}
PAGE = "PageRole/Properties/Policies/0/PolicyDocument/Statement"
RARE = {
    ("SweepFunction", "dynamodb:GetItem"),  # a shard that was made at this very moment
}


def api(house: Household, name: str, path: str = "", **query: str) -> Any:
    event = sample_event(name)
    event["path"] = path or event["path"]
    if query:
        event["queryStringParameters"] = query
    answer = house.call("ApiFunction", event)
    assert answer["statusCode"] < 400, answer["body"]
    return json.loads(answer["body"]) if answer.get("body") else None


def upload(house: Household) -> str:
    """Send a document directly; return its id."""
    api(house, "api-create")
    return str(api(house, "api-create-pdf")["id"])


def read(house: Household, body: str) -> None:
    """Let an arrival go through all steps."""
    house.deliver("IntakeFunction", "intake", body)
    house.deliver("SplitFunction", "split", *house.take("SplitQueue"))
    house.deliver("PageFunction", "page", *house.take("PageQueue"))
    house.deliver("AssembleFunction", "assemble", *house.take("AssembleQueue"))


def originals(path: str) -> set[str]:
    """Return where there is an original of this path, in sight."""
    there = boto3.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    places = {f"{place}/{path}" for place in ("inbox", "done", "failed")}
    return places & {one["Key"] for one in there}


def age(document: str, **more: str | int) -> None:
    """Let a document's deadline pass, with other attributes besides."""
    values = {"deadline": 1, **more}
    boto3.resource("dynamodb").Table(TABLE).update_item(
        Key={"pk": f"DOC#{document}", "sk": "META"},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
    )


def newest() -> dict[str, Any]:
    found = (
        boto3.resource("dynamodb")
        .Table(TABLE)
        .query(
            IndexName="by-tenant",
            KeyConditionExpression=Key("tenant").eq("default"),
            ScanIndexForward=False,
        )
    )
    item = dict(found["Items"][0])
    return {**item, "id": str(item["pk"]).removeprefix("DOC#")}


def an_upload_is_read_fetched_and_deleted(house: Household, samples: Path) -> None:
    document = upload(house)
    key = f"uploads/default/{document}"
    head = boto3.client("s3").head_object(Bucket=house.names["Bucket"], Key=key)
    read(house, arrival(key, head["VersionId"], head["ContentLength"]))
    here = f"/v1/documents/{document}"
    assert api(house, "api-status", here)["state"] == "SUCCEEDED"
    assert api(house, "api-list")["documents"]
    assert api(house, "api-list", state="SUCCEEDED")["documents"]
    api(house, "api-page", f"{here}/pages/1")
    api(house, "api-result", f"{here}/result", format="txt")
    api(house, "api-delete", here)


def a_locked_document_is_opened_later(house: Household, samples: Path) -> None:
    house.deliver("IntakeFunction", "intake", house.arrive("inbox/l", samples / "locked-user.pdf"))
    here = f"/v1/documents/{newest()['id']}"
    assert originals("l") == {"failed/l"}
    api(house, "api-password", f"{here}/password")
    read(house, *house.take("IntakeQueue"))
    assert api(house, "api-status", here)["state"] == "SUCCEEDED"
    assert originals("l") == {"done/l"}
    api(house, "api-delete", here)


def a_password_is_not_needed_any_more(house: Household, samples: Path) -> None:
    event = sample_event("api-create")
    event["body"] = json.dumps({**json.loads(event["body"]), "password": "tide"})
    for end in ("cancel", "delete"):
        made = json.loads(house.call("ApiFunction", event)["body"])
        path = f"/v1/documents/{made['id']}"
        api(house, f"api-{end}", f"{path}/cancel" if end == "cancel" else path)


def a_dropped_scan_is_read_and_deleted(house: Household, samples: Path) -> None:
    read(house, house.arrive("inbox/fax.pdf", samples / "fax.pdf"))
    here = f"/v1/documents/{newest()['id']}"
    assert api(house, "api-status", here)["state"] == "SUCCEEDED"
    api(house, "api-delete", here)


def a_long_document_is_folded_by_parts(house: Household, samples: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fanfold.stages.parts.PART_PAGES", 1)
        read(house, house.arrive("inbox/long.pdf", samples / "mixed.pdf"))
        for _ in ("parts", "whole"):
            house.deliver("AssembleFunction", "assemble", *house.take("AssembleQueue"))
    here = f"/v1/documents/{newest()['id']}"
    assert api(house, "api-status", here)["state"] == "SUCCEEDED"


def a_dropped_file_is_refused(house: Household, samples: Path) -> None:
    house.deliver("IntakeFunction", "intake", house.arrive("inbox/a.txt", samples / "letter.txt"))
    assert newest()["state"] == "FAILED"


def an_arrival_is_told_twice(house: Household, samples: Path) -> None:
    body = house.arrive("inbox/twice.pdf", samples / "native.pdf")
    house.deliver("IntakeFunction", "intake", body, body)


def a_folder_has_wishes(house: Household, samples: Path) -> None:
    boto3.client("s3").put_object(
        Bucket=house.names["Bucket"], Key="inbox/far/fanfold.toml", Body=b"mode = 'native'"
    )
    body = house.arrive("inbox/far/near/a.pdf", samples / "native.pdf")
    read(house, body)
    assert newest()["options"]["mode"] == "native"
    assert originals("far/near/a.pdf") == {"done/far/near/a.pdf"}


def the_original_is_gone_before_it_is_cut(house: Household, samples: Path) -> None:
    house.deliver("IntakeFunction", "intake", house.arrive("inbox/gone", samples / "native.pdf"))
    versions = boto3.resource("s3").Bucket(house.names["Bucket"]).object_versions
    versions.filter(Prefix="inbox/gone").delete()
    house.deliver("SplitFunction", "split", *house.take("SplitQueue"))
    assert newest()["state"] == "FAILED"


def no_page_can_be_cut_in_time(house: Household, samples: Path) -> None:
    house.deliver("IntakeFunction", "intake", house.arrive("inbox/slow", samples / "native.pdf"))
    split = house.take("SplitQueue")
    house.deliver("SplitFunction", "split", *split, FANFOLD_CHILD_SECONDS="0.01")
    house.deliver("AssembleFunction", "assemble", *house.take("AssembleQueue"))
    assert newest()["state"] == "FAILED"


def a_page_needs_the_heavy_lane(house: Household, samples: Path) -> None:
    body = house.arrive("inbox/page.png", samples / "page.png")
    house.deliver("IntakeFunction", "intake", body)
    house.deliver("SplitFunction", "split", *house.take("SplitQueue"))
    pages = house.take("PageQueue")
    house.deliver("PageFunction", "page", *pages, FANFOLD_CHILD_SECONDS="0.01")
    house.deliver("PageHeavyFunction", "page-heavy", *house.take("HeavyQueue"))
    house.deliver("AssembleFunction", "assemble", *house.take("AssembleQueue"))
    assert newest()["state"] == "SUCCEEDED"


def a_page_is_left_to_a_heavy_worker_that_dies(house: Household, samples: Path) -> None:
    body = house.arrive("inbox/left.png", samples / "page.png")
    house.deliver("IntakeFunction", "intake", body, FANFOLD_ENGINE="neural")
    house.deliver("SplitFunction", "split", *house.take("SplitQueue"))
    small = {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "320"}
    house.deliver("PageFunction", "page", *house.take("PageQueue"), **small)
    dead = house.take("HeavyQueue")
    house.deliver("LostFunction", "lost-heavy", *dead, FANFOLD_DELIVERY="exclusive")
    house.deliver("AssembleFunction", "assemble", *house.take("AssembleQueue"))
    assert newest()["state"] == "SUCCEEDED"


def a_language_is_brought_along(house: Household, samples: Path) -> None:
    """In each lane once, each with a workspace that has no languages yet."""
    pack = tessdata_folder(Engine()) / "eng.traineddata"
    key = "tessdata/brought.traineddata"
    boto3.client("s3").upload_file(str(pack), house.names["Bucket"], key)
    for function, sample in (("PageFunction", "page"), ("PageHeavyFunction", "page-heavy")):
        made = api(house, "api-create-pdf", languages="brought", mode="ocr")
        original = f"uploads/default/{made['id']}"
        head = boto3.client("s3").head_object(Bucket=house.names["Bucket"], Key=original)
        body = arrival(original, head["VersionId"], head["ContentLength"])
        house.deliver("IntakeFunction", "intake", body)
        house.deliver("SplitFunction", "split", *house.take("SplitQueue"))
        workspace = str(house.workspace / function)
        house.deliver(function, sample, *house.take("PageQueue"), FANFOLD_WORKSPACE=workspace)
        house.deliver("AssembleFunction", "assemble", *house.take("AssembleQueue"))
        assert api(house, "api-status", f"/v1/documents/{made['id']}")["state"] == "SUCCEEDED"
        # Otherwise the second lane would be answered with what the first one read.
        api(house, "api-delete", f"/v1/documents/{made['id']}")


def every_dead_letter_is_answered(house: Household, samples: Path) -> None:
    body = house.arrive("inbox/died.pdf", samples / "native.pdf")
    house.deliver("LostFunction", "lost-intake", body, "no news of anything")
    house.deliver("IntakeFunction", "intake", house.arrive("inbox/b", samples / "native.pdf"))
    house.deliver("LostFunction", "lost-split", *house.take("SplitQueue"))
    house.deliver("LostFunction", "lost-assemble", *house.take("AssembleQueue"))
    assert newest()["state"] == "FAILED"


def what_stands_still_is_resumed(house: Household, samples: Path) -> None:
    sweep = sample_event("sweep")
    body = house.arrive("inbox/still.pdf", samples / "native.pdf")
    house.deliver("IntakeFunction", "intake", body)
    document = newest()["id"]
    age(document, state="QUEUED")
    house.call("SweepFunction", sweep)
    assert house.take("IntakeQueue")
    age(document, state="PROCESSING", sweeps=0)
    house.call("SweepFunction", sweep)
    house.deliver("SplitFunction", "split", *house.take("SplitQueue")[:1])
    house.take("PageQueue")
    age(document)
    house.call("SweepFunction", sweep)
    house.deliver("PageFunction", "page", *house.take("PageQueue"))
    house.take("AssembleQueue")
    age(document)
    house.call("SweepFunction", sweep)
    house.deliver("AssembleFunction", "assemble", *house.take("AssembleQueue")[:1])
    assert newest()["state"] == "SUCCEEDED"
    age(document, active="1")  # as if the worker had died before it copied the results
    house.call("SweepFunction", sweep)


def what_stands_still_for_good_is_ended(house: Household, samples: Path) -> None:
    sweep = sample_event("sweep")
    house.deliver("IntakeFunction", "intake", house.arrive("inbox/end", samples / "native.pdf"))
    document = newest()["id"]
    age(document, sweeps=2)
    house.call("SweepFunction", sweep)
    age(document, sweeps=2, progress=99)
    house.call("SweepFunction", sweep)
    assert newest()["state"] == "FAILED"


def a_page_is_retried_and_another_document_cancelled(house: Household, samples: Path) -> None:
    read(house, house.arrive("inbox/again.pdf", samples / "native.pdf"))
    here = f"/v1/documents/{newest()['id']}"
    api(house, "api-retry", f"{here}/retry")
    house.deliver("SplitFunction", "split", *house.take("SplitQueue"))
    house.deliver("PageFunction", "page", *house.take("PageQueue"))
    house.deliver("AssembleFunction", "assemble", *house.take("AssembleQueue"))
    assert api(house, "api-status", here)["results_run"] == 2
    api(house, "api-create")
    api(house, "api-cancel", f"/v1/documents/{newest()['id']}/cancel")


def what_comes_after_a_deletion_is_swept_up(house: Household, samples: Path) -> None:
    read(house, house.arrive("inbox/late.pdf", samples / "native.pdf"))
    document = newest()["id"]
    table = boto3.resource("dynamodb").Table(TABLE)
    shard = table.get_item(Key={"pk": f"DOC#{document}#S0000", "sk": "SHARD"})["Item"]
    api(house, "api-delete", f"/v1/documents/{document}")
    assert originals("late.pdf") == {"done/late.pdf"}
    s3 = boto3.client("s3")
    for key in ("work/{}/1/a", "pages/{}/1/a", "results/{}/1/a", "uploads/default/{}"):
        bucket = house.names["DerivedBucket" if keys.is_derived(key) else "Bucket"]
        s3.put_object(Bucket=bucket, Key=key.format(document), Body=b"late")
    s3.put_object(
        Bucket=house.names["Bucket"],
        Key="outbox/late.pdf.txt",
        Body=b"late",
        Metadata={"fanfold-document": document},
    )
    table.put_item(Item=shard)
    age(document)
    house.call("SweepFunction", sample_event("sweep"))
    for bucket in (house.names["Bucket"], house.names["DerivedBucket"]):
        left = s3.list_objects_v2(Bucket=bucket).get("Contents", ())
        assert not [one for one in left if document in one["Key"] or "late.pdf" in one["Key"]]
    assert "Item" not in table.get_item(Key={"pk": shard["pk"], "sk": "SHARD"})


def a_token_is_made_shown_and_revoked(house: Household, samples: Path) -> None:
    made = api(house, "api-tokens")
    asked = {**sample_event("authorize"), "authorizationToken": f"Bearer {made['token']}"}
    answer = house.call("AuthorizeFunction", asked)
    assert answer["context"] == {"tenant": "default", "scopes": "read"}
    listed = sample_event("api-tokens") | {"httpMethod": "GET"}
    told = json.loads(house.call("ApiFunction", listed)["body"])
    assert [one["id"] for one in told["tokens"]] == [made["id"]]
    gone = listed | {"httpMethod": "DELETE", "path": f"/v1/tokens/{made['id']}"}
    assert house.call("ApiFunction", gone)["statusCode"] == 200
    denied = house.call("AuthorizeFunction", asked)["policyDocument"]["Statement"]
    assert [one["Effect"] for one in denied] == ["Deny"]


def webhooks_are_told(house: Household, samples: Path) -> None:
    """In every way that a page or a document ends; the receiver's address leads nowhere."""
    base = sample_event("api-tokens")

    def ask(method: str, path: str, body: Any = None) -> Any:
        event = base | {"httpMethod": method, "path": path, "body": json.dumps(body)}
        answer = house.call("ApiFunction", event, FANFOLD_WEBHOOKS="any")
        assert answer["statusCode"] < 400, answer["body"]
        return json.loads(answer["body"])

    wish = {"url": "https://hooks.invalid/", "events": ["document.ended", "page.ended"]}
    made = ask("POST", "/v1/webhooks", wish)
    for name in ("native.pdf", "no-pages.pdf"):
        read_where_it_can(house, house.arrive(f"inbox/told-{name}", samples / name))
    a_page_needs_the_heavy_lane(house, samples)
    the_original_is_gone_before_it_is_cut(house, samples)
    no_page_can_be_cut_in_time(house, samples)
    every_dead_letter_is_answered(house, samples)
    stand_still = house.arrive("inbox/still.pdf", samples / "native.pdf")
    house.deliver("IntakeFunction", "intake", stand_still)
    age(newest()["id"], sweeps=9)
    house.call("SweepFunction", sample_event("sweep"))
    news = house.take("NotifyQueue")
    assert len(news) > 5
    house.deliver("NotifyFunction", "notify", news[0])
    tries = house.take("NotifyQueue")
    house.deliver("NotifyFunction", "notify", tries[0])
    (tried,) = ask("GET", f"/v1/webhooks/{made['id']}/attempts")["attempts"]
    assert tried["code"] == "NAME_NOT_FOUND"
    house.deliver("LostFunction", "lost-notify", tries[0])
    ask("POST", f"/v1/webhooks/{made['id']}/secret")
    ask("DELETE", f"/v1/webhooks/{made['id']}")


def read_where_it_can(house: Household, body: str) -> None:
    house.deliver("IntakeFunction", "intake", body)
    for function, step, queue in (
        ("SplitFunction", "split", "SplitQueue"),
        ("PageFunction", "page", "PageQueue"),
        ("AssembleFunction", "assemble", "AssembleQueue"),
    ):
        if bodies := house.take(queue):
            house.deliver(function, step, *bodies)


LIVES: list[Callable[[Household, Path], None]] = [
    an_upload_is_read_fetched_and_deleted,
    a_long_document_is_folded_by_parts,
    a_dropped_scan_is_read_and_deleted,
    a_locked_document_is_opened_later,
    a_password_is_not_needed_any_more,
    a_dropped_file_is_refused,
    an_arrival_is_told_twice,
    a_folder_has_wishes,
    the_original_is_gone_before_it_is_cut,
    no_page_can_be_cut_in_time,
    a_page_needs_the_heavy_lane,
    a_page_is_left_to_a_heavy_worker_that_dies,
    a_language_is_brought_along,
    every_dead_letter_is_answered,
    what_stands_still_is_resumed,
    what_stands_still_for_good_is_ended,
    a_page_is_retried_and_another_document_cancelled,
    what_comes_after_a_deletion_is_swept_up,
    a_token_is_made_shown_and_revoked,
    webhooks_are_told,
]


@pytest.fixture(scope="module")
def lived(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    with household(tmp_path_factory.mktemp("work")) as house:
        for life in LIVES:
            life(house, samples)
            for queue in house.names.keys() - {"Bucket", "DerivedBucket", "Table"}:
                house.take(queue)
        yield house


def denied(house: Household, stack: Stack) -> list[tuple[str, str, str]]:
    return [
        (function, need.action, need.resource)
        for function, needs in house.asked.items()
        for need in needs
        if not any(
            covers(grant, need) for grant in (*granted(stack, function), *attached(stack, function))
        )
    ]


def unused(house: Household, stack: Stack) -> list[tuple[str, str, str]]:
    return [
        (function, grant.action, grant.resource)
        for function, _ in stack.of("AWS::Lambda::Function")
        for grant in granted(stack, function)
        if grant.action not in LAMBDA | UNSEEN
        and (function, grant.action) not in RARE
        and not any(covers(grant, need) for need in house.asked[function])
    ]


def test_roles_let_the_functions_do_what_they_do(lived: Household) -> None:
    assert denied(lived, lived.stack) == []


def test_roles_hold_nothing_that_no_life_needs(lived: Household) -> None:
    assert unused(lived, lived.stack) == []


def test_a_missing_permission_is_seen(lived: Household) -> None:
    stack = lived.stack.changed(f"{PAGE}/1", None)
    assert {function for function, _, _ in denied(lived, stack)} == {"PageFunction"}


def test_a_permission_too_many_is_seen(lived: Household) -> None:
    stack = lived.stack.changed(f"{PAGE}/1/Action", ["s3:GetObject", "s3:PutObjectAcl"])
    assert {action for _, action, _ in unused(lived, stack)} == {"s3:PutObjectAcl"}
