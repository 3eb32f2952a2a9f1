"""AWS signatures, for a deployed API that asks for them in the place of tokens."""

from __future__ import annotations

from collections.abc import Generator

import botocore.session
import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError

from client import addresses
from client.errors import Unreachable


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
        region = addresses.aws_region(endpoint) or session.get_config_variable("region")
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
