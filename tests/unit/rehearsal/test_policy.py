"""What a presigned form allows: exactly its key and size; whatever S3 would refuse is refused."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.auth import S3SigV4PostAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from fanfold import keys
from fanfold.aws.s3 import S3Objects
from fanfold.aws.sdk import S3_CONFIG
from infra.rehearsal.policy import Upload, violation
from infra.template.names import ACCESS_KEY

BUCKET = "fanfold-bucket"
MOST = 1_000
S3 = boto3.client(
    "s3",
    aws_access_key_id=ACCESS_KEY,
    aws_secret_access_key=ACCESS_KEY,
    region_name="us-east-1",
    endpoint_url="http://127.0.0.1:1",
    config=S3_CONFIG,
)

settings.register_profile("few", max_examples=40, deadline=None)
few = settings.get_profile("few")
identifiers = st.text("0123456789abcdef", min_size=32, max_size=32)
names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
sizes = st.integers(0, MOST)


def handed_out(document: str = "d" * 32, size: int = MOST) -> Upload:
    """What the API hands out, with a file of this size."""
    form = S3Objects(S3, BUCKET, "derived").upload_form(keys.upload("default", document), MOST, 600)
    return Upload(BUCKET, tuple(form.fields.items()), (("file", size),))


def signed(policy: object, **fields: str) -> Upload:
    """A form with a policy of one's own, signed as the API's are."""
    request = AWSRequest("POST", "http://127.0.0.1:1")
    request.context["s3-presign-post-fields"] = dict(fields)
    request.context["s3-presign-post-policy"] = policy
    S3SigV4PostAuth(Credentials(ACCESS_KEY, ACCESS_KEY), "s3", "us-east-1").add_auth(request)
    return Upload(BUCKET, tuple(request.context["s3-presign-post-fields"].items()), (("file", 10),))


def with_field(form: Upload, name: str, value: str) -> Upload:
    return replace(form, fields=tuple((n, value if n == name else v) for n, v in form.fields))


def code(form: Upload, later: timedelta = timedelta()) -> str:
    refused = violation(form, datetime.now(UTC) + later)
    return refused.code if refused else "stored"


@few
@given(document=identifiers, size=sizes)
def test_what_the_api_hands_out_is_good_for_its_key_and_size(document, size):
    assert code(handed_out(document, size)) == "stored"


@few
@given(size=st.integers(MOST + 1, 1 << 50))
def test_a_larger_file_is_refused(size):
    assert code(handed_out(size=size)) == "EntityTooLarge"


@few
@given(key=st.one_of(names, st.just("../../evil"), st.just("inbox/x"), st.just("${filename}")))
def test_any_other_key_is_refused(key):
    assert code(with_field(handed_out(), "key", key)) == "AccessDenied"


@few
@given(st.data())
def test_a_form_without_one_of_its_fields_is_refused(data):
    form = handed_out()
    gone = data.draw(st.sampled_from([name for name, _ in form.fields]))
    left = tuple(field for field in form.fields if field[0] != gone)
    assert code(replace(form, fields=left)) != "stored"


@few
@given(st.data())
def test_a_form_with_one_of_its_values_changed_is_refused(data):
    form = handed_out()
    name, value = data.draw(st.sampled_from(form.fields))
    other = data.draw(names.filter(lambda text: text != value))
    assert code(with_field(form, name, other)) != "stored"


@few
@given(
    name=st.one_of(
        st.sampled_from(
            ["Content-Type", "acl", "tagging", "x-amz-meta-a", "success_action_status"]
        ),
        st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12),
    ),
    value=names,
)
def test_a_form_with_a_field_more_is_refused(name, value):
    form = handed_out()
    more = replace(form, fields=(*form.fields, (name, value)))
    assert (code(more) == "stored") is name.startswith("x-ignore-")


@few
@given(st.data())
def test_no_field_may_come_twice_in_whatever_case(data):
    form = handed_out()
    name, value = data.draw(st.sampled_from(form.fields))
    twin = "".join(data.draw(st.sampled_from([c.upper(), c.lower()])) for c in name)
    again = (twin, data.draw(st.one_of(st.just(value), names)))
    at = data.draw(st.integers(0, len(form.fields)))
    fields = (*form.fields[:at], again, *form.fields[at:])
    assert code(replace(form, fields=fields)) == "InvalidArgument"


@pytest.mark.parametrize(
    "files", [(), (("other", 1),), (("file", 1), ("file", 1)), (("file", 1), ("other", 1))]
)
def test_a_form_holds_exactly_one_file(files):
    assert code(replace(handed_out(), files=files)) == "InvalidArgument"


def test_a_file_that_comes_as_a_mere_field_is_refused():
    form = handed_out()
    assert code(replace(form, fields=(*form.fields, ("file", "x")))) == "InvalidArgument"


@few
@given(bucket=names.filter(lambda name: name != BUCKET))
def test_another_bucket_is_refused(bucket):
    assert code(replace(handed_out(), bucket=bucket)) == "AccessDenied"


@few
@given(seconds=st.integers(700, 10**8))
def test_a_form_is_good_for_its_time_only(seconds):
    assert code(handed_out(), timedelta(seconds=seconds)) == "AccessDenied"


@few
@given(st.integers(0, 10**9))
def test_a_policy_that_was_widened_is_not_the_one_that_was_signed(most):
    form = handed_out(size=most + 1)
    policy = json.loads(base64.b64decode(dict(form.fields)["policy"]))
    policy["conditions"] = [["starts-with", "$key", ""], ["content-length-range", 0, 1 << 50]]
    wider = base64.b64encode(json.dumps(policy).encode()).decode()
    assert code(with_field(form, "policy", wider)) == "SignatureDoesNotMatch"


starts = st.text("ab/", max_size=4)


@few
@given(
    prefix=starts,
    key=starts.filter(bool),
    kind=st.sampled_from(["image/png", "image/jpeg", "text/html"]),
    least=st.integers(0, 20),
    most=st.integers(0, 20),
)
def test_a_form_passes_where_each_of_its_conditions_holds(prefix, key, kind, least, most):
    conditions = [
        {"bucket": BUCKET},
        ["starts-with", "$key", prefix],
        ["Starts-With", "$Content-Type", "image/"],
        ["content-length-range", least, str(most)],
    ]
    policy = {
        "expiration": (datetime.now(UTC) + timedelta(1)).isoformat(),
        "conditions": conditions,
    }
    form = signed(policy, key=key, **{"Content-Type": kind})

    holds = key.startswith(prefix) and kind != "text/html" and least <= 10 <= most
    assert (code(form) == "stored") is holds


documents = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), names),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["expiration", "conditions", "key", "bucket"]), inner),
    ),
    max_leaves=12,
)
operators = st.sampled_from(["eq", "starts-with", "content-length-range", "matches", 7])
oddities = st.lists(
    st.one_of(documents, st.tuples(operators, documents, documents).map(list)), max_size=4
)


@few
@given(conditions=oddities)
def test_no_policy_breaks_the_reader(conditions):
    expiration = "2999-01-01T00:00:00Z"
    form = signed({"expiration": expiration, "conditions": conditions}, key="k")
    assert code(form) != "stored"


@pytest.mark.parametrize(
    "policy",
    [
        [],
        {},
        {"expiration": 7, "conditions": []},
        {"expiration": "2999-01-01", "conditions": []},
        {"expiration": "2999-01-01T00:00:00Z", "conditions": 7},
        {"expiration": "2999-01-01T00:00:00Z", "conditions": [["matches", "$key", "k"]]},
        {"expiration": "2999-01-01T00:00:00Z", "conditions": [["eq", "key", "k"]]},
        {"expiration": "2999-01-01T00:00:00Z", "conditions": [{"key": "k", "acl": "x"}]},
    ],
)
def test_a_policy_that_makes_no_sense_is_said_so(policy):
    text = base64.b64encode(json.dumps(policy).encode()).decode()
    request_fields = dict(handed_out().fields) | {"policy": text}
    assert code(_signed_text(text, request_fields)) == "InvalidPolicyDocument"


def test_a_policy_nested_without_end_is_no_policy():
    text = base64.b64encode(b"[" * 100_000).decode()
    assert code(_signed_text(text, dict(handed_out().fields))) == "InvalidPolicyDocument"


def _signed_text(text: str, fields: dict[str, str]) -> Upload:
    auth = S3SigV4PostAuth(Credentials(ACCESS_KEY, ACCESS_KEY), "s3", "us-east-1")
    request = AWSRequest("POST", "http://127.0.0.1:1")
    request.context["timestamp"] = fields["x-amz-date"]
    signature = auth.signature(text, request)
    fields = fields | {"policy": text, "x-amz-signature": signature}
    return Upload(BUCKET, tuple(fields.items()), (("file", 10),))
