"""Have programs made for Amazon Textract read from this service, as they come from their packages.

    python -m tests.interop.textract_clients        (make interop-textract)

LangChain's loader reads a picture on one machine; on the rehearsal it reads an object of S3, too,
and `s3-ocr` reads all PDFs of a bucket. They are installed into an environment of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli import tools
from infra.machine.machine import Machine, Wish
from infra.machine.steps import Setup
from infra.rehearsal.clients import Clients
from infra.rehearsal.cloud import Cloud
from infra.template import TEMPLATE
from infra.template.names import Place
from infra.textract.objects import over_s3
from tests.data.samples import SAMPLES, ensure
from tests.e2e.accuracy import recall

ENVIRONMENT = Path("build/interop/textract")
BUCKET = "papers"
_LOADER = """
import sys
from langchain_community.document_loaders import AmazonTextractPDFLoader
for page in AmazonTextractPDFLoader(sys.argv[1], region_name="us-east-1").load():
    print(page.page_content)
"""
_SECONDS = 120
_ENOUGH = 0.95
"""Minimum of the words of a sample that a client says."""


def main() -> None:
    """Run every client; exit with 1 where one does not say what there is to read."""
    samples = ensure()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        found = [*_on_one_machine(here, samples), *_on_the_rehearsal(here, samples)]
    for name, share in found:
        print(f"{name:50}{share:6.3f} {'ok' if share >= _ENOUGH else 'TOO FEW'}")
    sys.exit(any(share < _ENOUGH for _, share in found))


def _on_one_machine(folder: Path, samples: Path) -> Iterator[tuple[str, float]]:
    setup = Setup(folder / "data", "eng", tools.find().environment)
    with Machine(setup, Wish()) as machine:
        text = _loaded(samples / "page.png", _addresses(machine.url))
        yield "one machine: LangChain's loader, a picture", _share("page.png", text)


def _on_the_rehearsal(folder: Path, samples: Path) -> Iterator[tuple[str, float]]:
    with _cloud(folder) as cloud:
        known = _addresses(cloud.api_url, cloud.aws_url)
        s3 = Clients(Place(aws_url=cloud.aws_url)).s3()
        s3.create_bucket(Bucket=BUCKET)
        s3.upload_file(str(samples / "scan.pdf"), BUCKET, "scan.pdf")
        text = _loaded(f"s3://{BUCKET}/scan.pdf", known)
        yield "rehearsal: LangChain's loader, an object of S3", _share("scan.pdf", text)
        yield "rehearsal: s3-ocr, a bucket", _share("scan.pdf", _of_bucket(known))


@contextmanager
def _cloud(folder: Path) -> Iterator[Cloud]:
    found = tools.find()
    with Cloud(
        TEMPLATE,
        parameters={"Languages": "eng"},
        environment=found.environment,
        log=folder / "log",
        front=over_s3,
    ) as cloud:
        yield cloud


def _of_bucket(known: dict[str, str]) -> str:
    _run(known, "s3-ocr", "start", BUCKET, "--all")
    until = time.monotonic() + _SECONDS
    while not (text := _run(known, "s3-ocr", "text", BUCKET, "scan.pdf")).strip():
        if time.monotonic() > until:
            break
    return text


def _loaded(place: Path | str, known: dict[str, str]) -> str:
    return _run(known, "python", "-W", "ignore", "-c", _LOADER, str(place))


def _share(sample: str, text: str) -> float:
    return float(recall(SAMPLES[sample].words, text))


def _addresses(textract: str, s3: str = "") -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL_TEXTRACT": textract,
        **({"AWS_ENDPOINT_URL_S3": s3} if s3 else {}),
        "AWS_ACCESS_KEY_ID": "anyone",
        "AWS_SECRET_ACCESS_KEY": "anything",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def _run(known: dict[str, str], program: str, *arguments: str) -> str:
    command = [str((ENVIRONMENT / "bin" / program).absolute()), *arguments]
    done = subprocess.run(
        command, env={**os.environ, **known}, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
