"""Objects on S3."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from fanfold import names
from fanfold.aws.sdk import code_of, healing
from fanfold.keys import RESULTS, UPLOADS, is_derived
from fanfold.ports import ObjectInfo, UploadForm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopySourceTypeDef, ObjectIdentifierTypeDef

_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "404", "NotFound", "MethodNotAllowed"})
_TAKEN = frozenset({"PreconditionFailed"})
_MARKER = frozenset({"405"})
"""HEAD's answer for a delete marker."""
_OWNER = "fanfold-document"
"""The object metadata that names the document."""
_UNSAYABLE = re.compile(r"[\x00-\x1f\ufffe\uffff]")
"""What a key may hold and XML may not, in which many are deleted at once."""
_MAXIMUM_REQUESTS = 8
"""Maximum of requests under way at once."""
_MAXIMUM_AHEAD = 32
"""Maximum of small objects that are read before they are asked for."""


class _Described(TypedDict):
    ContentType: str
    Metadata: dict[str, str]


class S3Objects:
    """Two buckets: that of what people give and get, and that of what is made of it.

    Only the first keeps versions; nobody is told of objects of the second (``derived``).
    """

    def __init__(self, client: S3Client, bucket: str, derived: str) -> None:
        self._client = client
        self._bucket = bucket
        self._derived = derived

    @property
    def bucket(self) -> str:
        """The name of the bucket of originals."""
        return self._bucket

    def _home(self, key: str) -> str:
        """Return the bucket of a key, or of what begins with it."""
        return self._derived if is_derived(key) else self._bucket

    def put(self, key: str, data: bytes, media_type: str, *, owner: str = "") -> ObjectInfo:
        """Write an object."""
        with healing():
            answer = self._client.put_object(
                Bucket=self._home(key), Key=key, Body=data, **_described(media_type, owner)
            )
        return ObjectInfo(key, len(data), answer.get("VersionId"))

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        """Write an object from a file, whatever its size."""
        with healing():
            self._client.upload_file(
                str(path), self._home(key), key, ExtraArgs={"ContentType": media_type}
            )

    def put_files(self, files: Mapping[str, Path], media_type: str) -> None:
        """Write many small objects from files, several at a time."""
        with ThreadPoolExecutor(_MAXIMUM_REQUESTS) as pool:
            done = [
                pool.submit(self.put, key, path.read_bytes(), media_type)
                for key, path in files.items()
            ]
        for future in done:
            future.result()

    def put_new(self, key: str, data: bytes, media_type: str) -> bool:
        """Write an object if there is none; False if there is."""
        try:
            with healing():
                self._client.put_object(
                    Bucket=self._home(key),
                    Key=key,
                    Body=data,
                    ContentType=media_type,
                    IfNoneMatch="*",
                )
        except ClientError as error:
            if code_of(error) in _TAKEN:
                return False
            raise
        return True

    def get(self, key: str) -> bytes | None:
        """Read a small object whole; None if it is not there."""
        try:
            with healing():
                answer = self._client.get_object(Bucket=self._home(key), Key=key)
                return answer["Body"].read()
        except ClientError as error:
            if code_of(error) in _MISSING:
                return None
            raise

    def get_many(self, keys: Iterable[str]) -> Iterator[bytes | None]:
        """Read small objects in the order of ``keys``, some ahead."""
        ahead: deque[Future[bytes | None]] = deque()
        with ThreadPoolExecutor(_MAXIMUM_REQUESTS) as pool:
            for key in keys:
                ahead.append(pool.submit(self.get, key))
                if len(ahead) >= _MAXIMUM_AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

    def download(self, key: str, version: str | None, path: Path) -> bool:
        """Write an object's bytes to ``path``; False if it is not there."""
        extra = {"VersionId": version} if version else None
        try:
            with healing():
                self._client.download_file(self._home(key), key, str(path), ExtraArgs=extra)
        except ClientError as error:
            if code_of(error) in _MISSING:
                return False
            raise
        return True

    def copy(
        self, key: str, target: str, media_type: str, *, version: str | None = None, owner: str = ""
    ) -> bool:
        """Copy an object, from one bucket to the other as well; False if it is not there.

        Its tags are not copied: they would need rights of their own.
        """
        described = {
            **_described(media_type, owner),
            "MetadataDirective": "REPLACE",
            "TaggingDirective": "REPLACE",
        }
        source: CopySourceTypeDef = {"Bucket": self._home(key), "Key": key}
        if version:
            source["VersionId"] = version
        try:
            with healing():
                self._client.copy(source, self._home(target), target, ExtraArgs=described)
        except ClientError as error:
            if code_of(error) in _MISSING:
                return False
            raise
        return True

    def list_keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys below ``prefix``, in order."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._home(prefix), Prefix=prefix
        )
        with healing():
            for page in pages:
                yield from (thing["Key"] for thing in page.get("Contents", []))

    def delete(self, key: str, version: str | None = None) -> None:
        """Remove one version of an object, or all of them."""
        if version:
            self._delete_batch([{"Key": key, "VersionId": version}])
            return
        for batch in self._versions(key):
            self._delete_batch([thing for thing in batch if thing["Key"] == key])
            if any(thing["Key"] != key for thing in batch):
                return  # listed in order: the exact key comes before those it is a prefix of

    def hide(self, key: str) -> None:
        """Delete an object without naming a version: where versions are kept, they stay."""
        with healing():
            self._client.delete_object(Bucket=self._home(key), Key=key)

    def delete_owned(self, key: str, owner: str) -> None:
        """Remove the versions of an object that were written for ``owner``."""
        for batch in self._versions(key):
            mine = [thing for thing in batch if thing["Key"] == key]
            self._delete_batch([thing for thing in mine if self._owner(thing) == owner])
            if len(mine) < len(batch):
                return  # as in delete

    def _owner(self, version: ObjectIdentifierTypeDef) -> str:
        """Return the document that a version was written for; empty where nobody says so."""
        try:
            with healing():
                found = self._client.head_object(
                    Bucket=self._home(version["Key"]),
                    Key=version["Key"],
                    VersionId=version["VersionId"],
                )
        except ClientError as error:
            if code_of(error) in _MISSING | _MARKER:
                return ""
            raise
        # Metadata come as headers, whose case says nothing: S3 has small letters, others have not.
        return {name.lower(): value for name, value in found["Metadata"].items()}.get(_OWNER, "")

    def delete_prefix(self, prefix: str) -> int:
        """Remove everything below ``prefix`` with all versions."""
        gone: set[str] = set()
        for batch in self._versions(prefix):
            self._delete_batch(batch)
            gone.update(thing["Key"] for thing in batch)
        return len(gone)

    def _versions(self, prefix: str) -> Iterator[list[ObjectIdentifierTypeDef]]:
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self._home(prefix), Prefix=prefix
        )
        with healing():
            for page in pages:
                found: list[Any] = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                yield [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]

    def _delete_batch(self, batch: list[ObjectIdentifierTypeDef]) -> None:
        said = [thing for thing in batch if not _UNSAYABLE.search(thing["Key"])]
        with healing():
            for thing in batch:
                if thing not in said:
                    key, version = thing["Key"], thing["VersionId"]
                    self._client.delete_object(Bucket=self._home(key), Key=key, VersionId=version)
            if said:
                self._delete_at_once(said)

    def _delete_at_once(self, batch: list[ObjectIdentifierTypeDef]) -> None:
        """Delete by one call, which succeeds even where it deletes nothing: each refusal counts.

        What lies below one prefix is in one bucket.
        """
        answer = self._client.delete_objects(
            Bucket=self._home(batch[0]["Key"]), Delete={"Objects": batch, "Quiet": True}
        )
        for refused in answer.get("Errors", ()):
            code, why = refused.get("Code", ""), refused.get("Message", "")
            raise ClientError({"Error": {"Code": code, "Message": why}}, "DeleteObjects")

    def link(self, key: str, file_name: str, media_type: str, seconds: int) -> str:
        """Return a presigned link that downloads the object under ``file_name``."""
        return self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._home(key),
                "Key": key,
                "ResponseContentType": media_type,
                # RFC 6266: an attachment is never shown inside our origin.
                "ResponseContentDisposition": names.attachment(file_name),
            },
            ExpiresIn=seconds,
        )

    def upload_form(self, key: str, max_bytes: int, seconds: int) -> UploadForm:
        """Return a presigned POST for exactly this key and at most ``max_bytes``."""
        form = self._client.generate_presigned_post(
            self._home(key),
            key,
            Conditions=[["content-length-range", 0, max_bytes]],
            ExpiresIn=seconds,
        )
        return UploadForm(form["url"], form["fields"], int((time.time() + seconds) * 1000))

    def origins(self) -> tuple[str, ...]:
        """Return where links and forms lead: scheme and host of both buckets."""
        links = (self.link(prefix, "", "", 1) for prefix in (UPLOADS, RESULTS))
        places = (urlsplit(link) for link in links)
        return tuple(dict.fromkeys(f"{place.scheme}://{place.netloc}" for place in places))


def _described(media_type: str, owner: str) -> _Described:
    """Return what S3 keeps with an object."""
    return {"ContentType": media_type, "Metadata": {_OWNER: owner} if owner else {}}
