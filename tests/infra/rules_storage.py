"""What holds for the buckets and the table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fanfold import keys
from fanfold.model import State
from tests.infra.stack import Broken, Stack

PREFIXES: dict[str, set[str]] = {
    "Bucket": {
        *(keys.INBOX, keys.UPLOADS, keys.OUTBOX, keys.TESSDATA, keys.UNREADABLE),
        *(keys.DONE_WELL, keys.FAILED_ONES),
    },
    "DerivedBucket": {*keys.DERIVED, keys.WEBHOOKS},
}
"""What lies in which bucket."""
_OWN_KEY = {"Ref": "KmsKeyArn"}
ENCRYPTED = {
    "Fn::If": [
        "UsesKey",
        [
            {
                "BucketKeyEnabled": True,  # or every page asks KMS
                "ServerSideEncryptionByDefault": {
                    "SSEAlgorithm": "aws:kms",
                    "KMSMasterKeyID": _OWN_KEY,
                },
            }
        ],
        [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}],
    ]
}
SSE = {
    "Fn::If": [
        "UsesKey",
        {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": _OWN_KEY},
        {"SSEEnabled": True},
    ]
}
KEPT = {keys.TESSDATA, keys.WEBHOOKS}
INDEXES = {
    "by-tenant": ("tenant", "created_at"),
    "by-state": ("state", "tenant_created"),
    "by-deadline": ("active", "deadline"),
}
TYPES = dict.fromkeys(("pk", "sk", "tenant", "state", "tenant_created", "active"), "S") | {
    "created_at": "N",
    "deadline": "N",
}
_RETAINED = {"Ref": "RetainDays"}


def documents_survive_the_stack(stack: Stack) -> Iterator[str]:
    # A table is protected: CloudFormation could not remove it when its creation is rolled back.
    kept = dict.fromkeys(PREFIXES, "RetainExceptOnCreate") | {"Table": "Retain"}
    for name, policy in kept.items():
        resource = stack.resources[name]
        if resource.get("DeletionPolicy") != policy:
            yield f"{name} goes with the stack, or stays when it was never made"
        if resource.get("UpdateReplacePolicy") != "Retain":
            yield f"{name} goes when it is replaced"


def the_buckets_are_closed(stack: Stack) -> Iterator[str]:
    for name in PREFIXES:
        has = stack.properties(name)
        block = has.get("PublicAccessBlockConfiguration", {})
        if len(block) != 4 or not all(value is True for value in block.values()):
            yield f"{name} can be made public"
        if has.get("BucketEncryption") != {"ServerSideEncryptionConfiguration": ENCRYPTED}:
            yield f"{name} is not encrypted, or not with a key of one's own"
        if has.get("OwnershipControls") != {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}:
            yield f"access lists count in {name}"


def the_buckets_speak_tls_only(stack: Stack) -> Iterator[str]:
    for name in PREFIXES:
        refused = _refused_to_everybody(stack, name)
        if {"Bool": {"aws:SecureTransport": False}} not in refused:
            yield f"{name} can be spoken to without TLS"
        if {"NumericLessThan": {"s3:TlsVersion": 1.2}} not in refused:
            yield f"{name} can be spoken to by outdated TLS"


def _refused_to_everybody(stack: Stack, bucket: str) -> list[Any]:
    """Return the conditions under which nobody may do anything with bucket and objects."""
    arn = f"arn:${{AWS::Partition}}:s3:::${{{bucket}}}"
    whole = [{"Fn::Sub": arn + end} for end in ("", "/*")]
    policy = stack.properties(f"{bucket}Policy")
    return [
        statement["Condition"]
        for statement in policy["PolicyDocument"]["Statement"]
        if policy["Bucket"] == {"Ref": bucket}
        and [statement[part] for part in ("Effect", "Principal", "Action", "Resource")]
        == ["Deny", "*", "s3:*", whole]
    ]


def the_buckets_are_open_to_nobody_by_their_policies(stack: Stack) -> Iterator[str]:
    for name in PREFIXES:
        for statement in stack.properties(f"{name}Policy")["PolicyDocument"]["Statement"]:
            if statement["Effect"] != "Deny":
                yield f"{statement['Sid']} lets {statement['Principal']} in"


def versions_are_kept_and_arrivals_told(stack: Stack) -> Iterator[str]:
    has = stack.properties("Bucket")
    if has.get("VersioningConfiguration") != {"Status": "Enabled"}:
        yield "no version can be pinned"
    told = has.get("NotificationConfiguration", {})
    if told != {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}:
        yield "nobody hears of an arrival"


def what_is_derived_has_no_versions_and_is_not_told_of(stack: Stack) -> Iterator[str]:
    has = stack.properties("DerivedBucket")
    for part in ("VersioningConfiguration", "NotificationConfiguration"):
        if has.get(part):
            yield f"every page is paid for once more: {part}"


def everything_leaves_the_buckets_in_time(stack: Stack) -> Iterator[str]:
    for name, prefixes in PREFIXES.items():
        rules = stack.properties(name)["LifecycleConfiguration"]["Rules"]
        days = {one.get("Prefix"): one.get("ExpirationInDays") for one in rules if _enabled(one)}
        for prefix in prefixes - KEPT:
            if not days.get(prefix):
                yield f"{prefix} stays for ever"
        for prefix in days.keys() - (prefixes - KEPT) - {None}:
            yield f"nothing lies below {prefix}"
        leftovers = {"AbortIncompleteMultipartUpload"}
        if "VersioningConfiguration" in stack.properties(name):
            leftovers.add("NoncurrentVersionExpiration")
        everywhere = [rule for rule in rules if "Prefix" not in rule and _enabled(rule)]
        for part in sorted(leftovers):
            if not any(part in rule for rule in everywhere):
                yield f"leftovers stay for ever in {name}: no {part}"


def _enabled(rule: dict[str, Any]) -> bool:
    return bool(rule["Status"] == "Enabled")


def the_table_can_be_brought_back(stack: Stack) -> Iterator[str]:
    has = stack.properties("Table")
    if has.get("PointInTimeRecoverySpecification") != {"PointInTimeRecoveryEnabled": True}:
        yield "there is no way back in time"
    if has.get("DeletionProtectionEnabled") is not True:
        yield "the table can be deleted"
    if has.get("SSESpecification") != SSE:
        yield "the table is not encrypted with a key of the account, or one's own"


def the_table_has_the_keys_that_the_store_uses(stack: Stack) -> Iterator[str]:
    has = stack.properties("Table")
    types = {one["AttributeName"]: one["AttributeType"] for one in has["AttributeDefinitions"]}
    if types != TYPES:
        yield f"the keys are {types}"
    if _key(has) != ("pk", "sk"):
        yield "the table's key is another"
    indexes = {index["IndexName"]: _key(index) for index in has["GlobalSecondaryIndexes"]}
    if indexes != INDEXES:
        yield f"the indexes are {indexes}"
    if has.get("TimeToLiveSpecification") != {"AttributeName": "ttl", "Enabled": True}:
        yield "nothing expires"
    if has.get("BillingMode") != "PAY_PER_REQUEST":
        yield "the table does not scale by itself"


def documents_leave_the_table_with_their_results(stack: Stack) -> Iterator[str]:
    days = {
        rule.get("Prefix"): rule.get("ExpirationInDays")
        for name in PREFIXES
        for rule in stack.properties(name)["LifecycleConfiguration"]["Rules"]
    }
    for prefix in (keys.INBOX, keys.UPLOADS, keys.PAGES, keys.RESULTS, keys.OUTBOX):
        if days.get(prefix) != _RETAINED:
            yield f"{prefix} stays for {days.get(prefix)}"
    for name, has in stack.of("AWS::Lambda::Function"):
        if has["Environment"]["Variables"].get("FANFOLD_RETAIN_DAYS") != _RETAINED:
            yield f"{name} does not know when documents are forgotten"


def the_table_itself_tells_of_ends(stack: Stack) -> Iterator[str]:
    pipe = stack.properties("EndedPipe")
    if stack.id_of(pipe["Source"]) != "Table":
        yield "somebody else tells, who may die"
    (wanted,) = pipe["SourceParameters"]["FilterCriteria"]["Filters"]
    images = json.loads(wanted["Pattern"])["dynamodb"]
    ended, live = images["NewImage"]["state"]["S"], images["OldImage"]["state"]["S"]
    if set(ended) != {state for state in State if state.finished}:
        yield f"it tells of {ended}"
    if set(live) != {state for state in State if state.live}:
        yield f"it tells of what was {live}"
    told = str(pipe["TargetParameters"]["InputTemplate"])
    yield from (f"it tells {word}" for word in ("name", "source", "reason") if f".{word}." in told)


def indexes_are_written_no_more_than_they_must(stack: Stack) -> Iterator[str]:
    indexes = stack.properties("Table")["GlobalSecondaryIndexes"]
    kinds = {one["IndexName"]: one["Projection"]["ProjectionType"] for one in indexes}
    if kinds.get("by-state") != "KEYS_ONLY":
        yield "the index by state is written with every shard"


def _key(schema: dict[str, Any]) -> tuple[str, ...]:
    return tuple(part["AttributeName"] for part in schema["KeySchema"])


_RULES = "Bucket/Properties/LifecycleConfiguration/Rules"
_DERIVED_RULES = f"Derived{_RULES}"

BROKEN: list[Broken] = [
    (documents_survive_the_stack, "Bucket/DeletionPolicy", "Delete"),
    (documents_survive_the_stack, "DerivedBucket/UpdateReplacePolicy", None),
    (the_buckets_are_closed, "DerivedBucket/Properties/BucketEncryption", None),
    (the_buckets_speak_tls_only, "DerivedBucketPolicy/Properties/Bucket/Ref", "Bucket"),
    (documents_survive_the_stack, "Table/UpdateReplacePolicy", None),
    (the_buckets_are_closed, "Bucket/Properties/PublicAccessBlockConfiguration", None),
    (
        the_buckets_are_closed,
        "Bucket/Properties/PublicAccessBlockConfiguration/IgnorePublicAcls",
        False,
    ),
    (the_buckets_are_closed, "Bucket/Properties/BucketEncryption", None),
    (
        the_buckets_are_closed,
        "Bucket/Properties/BucketEncryption/ServerSideEncryptionConfiguration/Fn::If/1/0"
        "/BucketKeyEnabled",
        None,
    ),
    (the_buckets_are_closed, "Bucket/Properties/OwnershipControls", None),
    (
        the_buckets_speak_tls_only,
        "BucketPolicy/Properties/PolicyDocument/Statement/0/Condition",
        {},
    ),
    (the_buckets_speak_tls_only, "BucketPolicy/Properties/PolicyDocument/Statement/1", None),
    (
        the_buckets_speak_tls_only,
        "BucketPolicy/Properties/PolicyDocument/Statement/0/Resource/1",
        None,
    ),
    (
        the_buckets_are_open_to_nobody_by_their_policies,
        "BucketPolicy/Properties/PolicyDocument/Statement/0/Effect",
        "Allow",
    ),
    (versions_are_kept_and_arrivals_told, "Bucket/Properties/VersioningConfiguration", None),
    (versions_are_kept_and_arrivals_told, "Bucket/Properties/NotificationConfiguration", None),
    (
        what_is_derived_has_no_versions_and_is_not_told_of,
        "DerivedBucket/Properties",
        {"VersioningConfiguration": {"Status": "Enabled"}},
    ),
    (everything_leaves_the_buckets_in_time, f"{_RULES}/0", None),
    (everything_leaves_the_buckets_in_time, f"{_RULES}/2/Status", "Disabled"),
    (everything_leaves_the_buckets_in_time, f"{_RULES}/6/AbortIncompleteMultipartUpload", None),
    (everything_leaves_the_buckets_in_time, f"{_RULES}/6/NoncurrentVersionExpiration", None),
    (everything_leaves_the_buckets_in_time, f"{_DERIVED_RULES}/0/Prefix", "page/"),
    (everything_leaves_the_buckets_in_time, f"{_DERIVED_RULES}/3/Status", "Disabled"),
    (the_table_can_be_brought_back, "Table/Properties/PointInTimeRecoverySpecification", None),
    (the_table_can_be_brought_back, "Table/Properties/DeletionProtectionEnabled", False),
    (the_table_can_be_brought_back, "Table/Properties/SSESpecification", None),
    (the_table_has_the_keys_that_the_store_uses, "Table/Properties/GlobalSecondaryIndexes/1", None),
    (the_table_has_the_keys_that_the_store_uses, "Table/Properties/TimeToLiveSpecification", None),
    (documents_leave_the_table_with_their_results, f"{_DERIVED_RULES}/1/ExpirationInDays", 7),
    (
        documents_leave_the_table_with_their_results,
        "AssembleFunction/Properties/Environment/Variables/FANFOLD_RETAIN_DAYS",
        None,
    ),
    (the_table_itself_tells_of_ends, "EndedPipe/Properties/Source/Fn::GetAtt/0", "Bucket"),
    (
        the_table_itself_tells_of_ends,
        "EndedPipe/Properties/SourceParameters/FilterCriteria/Filters/0/Pattern",
        '{"dynamodb": {"NewImage": {"state": {"S": []}}, "OldImage": {"state": {"S": []}}}}',
    ),
    (
        the_table_itself_tells_of_ends,
        "EndedPipe/Properties/TargetParameters/InputTemplate/Fn::Sub",
        '{"file": "<$.dynamodb.NewImage.name.S>"}',
    ),
    (
        indexes_are_written_no_more_than_they_must,
        "Table/Properties/GlobalSecondaryIndexes/1/Projection/ProjectionType",
        "ALL",
    ),
    (
        the_table_has_the_keys_that_the_store_uses,
        "Table/Properties/AttributeDefinitions/3/AttributeType",
        "S",
    ),
]
