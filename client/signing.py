"""AWS signatures for a deployed API, which asks for them until tokens exist."""

from __future__ import annotations

import re
from collections.abc import Generator

import botocore.session
import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError

from client.errors import Unreachable

_API_HOST = re.compile(r"\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?$")


def is_aws(endpoint: str) -> bool:
    """Whether ``endpoint`` is an API Gateway address, which is signed without being asked."""
    return _API_HOST.search(httpx.URL(endpoint).host) is not None


class Signed(httpx.Auth):
    """Signs each request with the credentials that the AWS CLI would use."""

    requires_request_body = True

    def __init__(self, endpoint: str) -> None:
        session = botocore.session.get_session()
        try:
            credentials = session.get_credentials()
        except BotoCoreError as error:
            raise Unreachable(f"The AWS credentials cannot be used: {error}") from error
        if credentials is None:
            raise Unreachable("This endpoint needs AWS credentials and there are none.")
        match = _API_HOST.search(httpx.URL(endpoint).host)
        region = match["region"] if match else session.get_config_variable("region")
        if not region:
            raise Unreachable("No AWS region is set for signing: set AWS_REGION.")
        self._signer = SigV4Auth(credentials, "execute-api", region)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the signature's headers."""
        kept = {
            name: value
            for name, value in request.headers.items()
            if name in ("host", "content-type")
        }
        signed = AWSRequest(request.method, str(request.url), data=request.content, headers=kept)
        self._signer.add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        yield request
