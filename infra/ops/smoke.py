"""Run a document through a deployed stack: ``python -m infra.ops.smoke --stack fanfold``.

One page that only tesseract can read goes through the API, and one through the drop folder. What
it made it removes again. Ends with 1 and a sentence where something is not as it should be.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import boto3
import httpx
from botocore.exceptions import BotoCoreError, ClientError
from PIL import Image, ImageDraw, ImageFont

from client.errors import CliError
from client.service import Service
from client.signing import Signed
from client.token import Bearer
from fanfold.access import TENANT, Scope
from fanfold.model import USUAL_OUTPUTS, Output, State
from infra.ops.stacks import NoSuchStack, outputs
from infra.ops.tokens import of_stack

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")
WORDS = ("Smoke", "without", "fire")
_PAUSE = 1.0


class Failed(Exception):
    """The stack does not do what it is there for."""


def main(arguments: list[str] | None = None) -> int:
    """Run the smoke test and say how it went."""
    asked = _arguments(arguments)
    try:
        found = outputs(boto3.client("cloudformation"), asked.stack)
        with tempfile.TemporaryDirectory(prefix="fanfold-smoke-") as folder:
            page = Path(folder) / "smoke.png"
            draw(page)
            with _calling(asked.stack, found) as auth:
                by_api(found["ApiUrl"], page, asked.seconds, auth)
            by_inbox(boto3.client("s3"), found["BucketName"], page, asked.seconds)
    except KeyError as error:
        return _complain(f"The stack {asked.stack} has no output {error}.")
    except (Failed, NoSuchStack, CliError, httpx.HTTPError, BotoCoreError, ClientError) as error:
        return _complain(str(error))
    print(f"smoke: {asked.stack} reads documents")
    return 0


def draw(path: Path) -> None:
    """Draw a page (A6 at 150 dpi) that says WORDS; it has no text layer."""
    image = Image.new("L", (620, 874), 255)
    font = ImageFont.load_default(56)
    for number, word in enumerate(WORDS):
        ImageDraw.Draw(image).text((80, 120 + 110 * number), word, fill=0, font=font)
    image.save(path)


@contextmanager
def _calling(stack: str, found: Mapping[str, str]) -> Iterator[httpx.Auth]:
    """Give what the API asks of its callers: a token, revoked in the end, or a signature."""
    if found["ApiAuth"] == "AWS_IAM":
        yield Signed(found["ApiUrl"])
        return
    tokens = of_stack(stack)
    text, made = tokens.create(TENANT, "smoke", (Scope.READ, Scope.WRITE))
    try:
        yield Bearer(text)
    finally:
        tokens.revoke(made.id)


def by_api(url: str, page: Path, seconds: float, auth: httpx.Auth) -> None:
    """Send the page to the API as a client would; read its text; delete it."""
    health = httpx.get(f"{url}/health", timeout=30)
    if health.status_code != httpx.codes.OK:
        raise Failed(f"{url}/health answers {health.status_code}.")
    with closing(Service(url, auth)) as service:
        document = service.submit(page, {"languages": "eng"})
        try:
            _read(service, document, seconds)
        finally:
            service.delete(document)
    print(f"smoke: {url} read a page")


def _read(service: Service, document: str, seconds: float) -> None:
    status = _wait(lambda: _ended(service, document), f"The document {document} ends", seconds)
    if status is not State.SUCCEEDED:
        raise Failed(f"The document {document} ended as {status}.")
    text = BytesIO()
    service.fetch(document, Output.TEXT, text)
    _check(text.getvalue().decode())


def _ended(service: Service, document: str) -> State | None:
    state = service.status(document).state
    return None if state.live else state


def by_inbox(s3: S3Client, bucket: str, page: Path, seconds: float) -> None:
    """Drop the page into the folder, wait for all results beside it, read the text; remove all."""
    name = f"smoke/{uuid.uuid4().hex}.png"
    s3.put_object(Bucket=bucket, Key=f"inbox/{name}", Body=page.read_bytes())
    try:
        target = f"outbox/{name}."
        wanted = {f"{target}{output}" for output in USUAL_OUTPUTS}
        _wait(lambda: wanted <= _keys(s3, bucket, target) or None, f"{target}* appear", seconds)
        found = s3.get_object(Bucket=bucket, Key=f"{target}{Output.TEXT}")
        _check(found["Body"].read().decode())
    finally:
        _remove(s3, bucket, f"inbox/{name}")
        _remove(s3, bucket, f"outbox/{name}.")
    print(f"smoke: s3://{bucket}/inbox/ read a page")


def _keys(s3: S3Client, bucket: str, prefix: str) -> set[str]:
    found = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return {one["Key"] for one in found}


def _remove(s3: S3Client, bucket: str, prefix: str) -> None:
    for key in _keys(s3, bucket, prefix):
        s3.delete_object(Bucket=bucket, Key=key)


def _check(text: str) -> None:
    missing = [word for word in WORDS if word.lower() not in text.lower()]
    if missing:
        raise Failed(f"The text lacks “{' '.join(missing)}”.")


def _wait(look: Callable[[], T | None], what: str, seconds: float) -> T:
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise Failed(f"Waited {seconds:.0f} s in vain: {what}.")
        time.sleep(_PAUSE)
    return found


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="smoke", description="Run a document through a stack.")
    parser.add_argument("--stack", required=True, help="name of the deployed stack")
    parser.add_argument("--seconds", type=float, default=300, help="patience for each document")
    return parser.parse_args(arguments)


def _complain(sentence: str) -> int:
    print(f"smoke: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
