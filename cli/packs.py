"""`fanfold languages add`: from Debian's packages into a deployment's bucket."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3
from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError

from client.errors import Unreachable, Usage
from fanfold import keys

_BUILD = Path(__file__).parent.parent / "layers" / "ocr" / "build.sh"


def add(names: Sequence[str], bucket: str) -> Iterator[str]:
    """Put languages into ``bucket`` and yield the names by which they can be asked for.

    ``names`` as Debian's packages have them (``pol``, ``chi_sim``). Raises Usage
    for one that there is no package of and Unreachable where the bucket cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="fanfold-") as folder:
        for pack in fetch(names, Path(folder)):
            language = pack.relative_to(folder).with_suffix("").as_posix()
            try:
                boto3.client("s3").upload_file(str(pack), bucket, keys.language_pack(language))
            except (BotoCoreError, ClientError, S3UploadFailedError) as error:
                raise Unreachable(f"The bucket {bucket} cannot be written: {error}") from error
            yield language


def fetch(names: Sequence[str], folder: Path) -> list[Path]:
    """Write the data of languages into ``folder``; raise Usage for what cannot be had."""
    wanted = {"ARCH": "x86_64", "PACKS": "yes", "LANGUAGES": " ".join(names), "OUT": str(folder)}
    done = subprocess.run(
        ["bash", str(_BUILD)],
        env={**os.environ, **wanted},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise Usage(said or f"{_BUILD.name} ended with {done.returncode}.")
    return sorted(folder.rglob("*.traineddata"))
