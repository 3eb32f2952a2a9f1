from __future__ import annotations

from io import BytesIO

import httpx
import pytest

from client.errors import Unreachable
from client.service import Service
from client.signing import Signed
from fanfold.model import Output

ENDPOINT = "https://abc.execute-api.eu-central-1.amazonaws.com/prod"


@pytest.fixture
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session")


def test_the_api_is_called_with_a_signature_and_storage_without(credentials):
    seen = {}

    def answer(request: httpx.Request) -> httpx.Response:
        seen[request.url.host] = request.headers
        if request.url.host == "storage.test":
            return httpx.Response(200, content=b"words")
        return httpx.Response(303, headers={"location": "https://storage.test/x"})

    service = Service(ENDPOINT, Signed(ENDPOINT), httpx.MockTransport(answer))
    service.fetch("d0", Output.TEXT, BytesIO())

    scope = "/eu-central-1/execute-api/aws4_request"
    assert scope in seen["abc.execute-api.eu-central-1.amazonaws.com"]["authorization"]
    assert not {"authorization", "x-amz-security-token"} & set(seen["storage.test"])


def test_without_credentials_the_call_ends_in_words(monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    with pytest.raises(Unreachable, match="needs AWS credentials"):
        Signed(ENDPOINT)
