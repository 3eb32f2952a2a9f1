"""The S3 key layout: build and parse. Nothing else knows a prefix.

inbox/{any path}                   dropped by people; data, never a path on disk
inbox/{folder/}fanfold.toml        what is wished for the files of a folder; no document
uploads/{tenant}/{document}        target of presigned uploads and of direct bodies
work/{document}/{run}/{page}.pdf   one-page sources
work/{document}/{run}/early/{page}.json  pages that the heavy lane is to read better
work/{document}/{run}/parts/{part}/{file}  what the parts of a long document are folded into
secrets/{document}/{run}           its password, encrypted, until the file was opened
webhooks/{tenant}/{webhook}        what its events are signed with, encrypted
unlocked/{document}/original.pdf   a copy of an original that wants a password
pages/{document}/{run}/{page}.zip  what a page leaves: its result, its text layer, its picture
results/{document}/{run}/{file}    the folded results
done/{path}, failed/{path}         originals of inbox documents that have ended, if asked for
outbox/{path}{suffix}              results of inbox documents, beside the same path
outbox/{path}.error.json           why one failed
tessdata/{language}.traineddata    languages beyond those of the OCR layer
unreadable/{step}/{digest}.json    dead letters of a step's queue that nobody can read

What lies below DERIVED can be made again from an original; on AWS it has a bucket of its own,
without versions and without news of its objects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from fanfold.model import Output

INBOX = "inbox/"
UPLOADS = "uploads/"
WORK = "work/"
PAGES = "pages/"
RESULTS = "results/"
OUTBOX = "outbox/"
DONE_WELL = "done/"
FAILED_ONES = "failed/"
TESSDATA = "tessdata/"
SECRETS = "secrets/"
WEBHOOKS = "webhooks/"
UNLOCKED = "unlocked/"
UNREADABLE = "unreadable/"

DERIVED = (WORK, PAGES, RESULTS, SECRETS, UNLOCKED)
"""Prefixes of what is made of documents, and of what goes with them."""

MANIFEST = "manifest.json"
ERROR_SUFFIX = ".error.json"
RESULT_FILES = {
    Output.TEXT: "text.txt",
    Output.MARKDOWN: "document.md",
    Output.JSON: "document.json",
    Output.PDF: "document.pdf",
    Output.HOCR: "document.hocr",
    Output.ALTO: "document.alto.xml",
    Output.TSV: "document.tsv",
    Output.TEXTRACT: "textract.json",
    Output.CSV: "tables.csv.zip",
    Output.XLSX: "tables.xlsx",
    Output.CHUNKS: "chunks.jsonl",
    Output.ZIP: "document.zip",
}

FOLDER_OPTIONS = "fanfold.toml"
FOLDER_OPTIONS_BYTES = 64 * 1024
"""Maximum of what such a file may hold."""

_PACK = ".traineddata"
_LITTER = (
    *("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "folder.htt"),
    *("$recycle.bin", "system volume information", "icon\r", "__macosx", "lost+found"),
    *("@eadir", "#recycle"),
)
"""Names, in small letters, of files and folders that no person dropped."""

_HALF_WRITTEN = (".part", ".partial", ".tmp", ".crdownload", ".filepart", "~")


class Upload(NamedTuple):
    """What an ``uploads/`` key says."""

    tenant: str
    document: str


def upload(tenant: str, document: str) -> str:
    """Return the key an upload must be written to."""
    return f"{UPLOADS}{tenant}/{document}"


def parse_upload(key: str) -> Upload | None:
    """Return tenant and document of an ``uploads/`` key, or None for any other key."""
    parts = key.removeprefix(UPLOADS).split("/")
    if not key.startswith(UPLOADS) or len(parts) != len(Upload._fields) or not all(parts):
        return None
    return Upload(*parts)


def inbox_path(key: str) -> str | None:
    """Return the path below ``inbox/``, or None where the key is not a dropped document.

    Folders, hidden files (a segment that starts with a dot), what file managers and programs
    leave beside people's files, and the names that transfer tools give half-written files are not
    documents.
    """
    path = key.removeprefix(INBOX)
    if not key.startswith(INBOX) or not path or path.endswith("/"):
        return None
    if any(_is_none_of_theirs(segment) for segment in path.split("/")):
        return None
    return None if path.lower().endswith(_HALF_WRITTEN) else path


def folder_options(key: str) -> Iterator[str]:
    """Yield where a dropped file's options may be, in the order in which they are looked for."""
    folders = key.removeprefix(INBOX).split("/")[:-1]
    for depth in range(len(folders), -1, -1):
        yield INBOX + "/".join((*folders[:depth], FOLDER_OPTIONS))


def _is_none_of_theirs(segment: str) -> bool:
    if segment == FOLDER_OPTIONS:
        return True
    return segment.startswith((".", "~$")) or segment.lower() in _LITTER


def inbox_document(key: str, version: str | None) -> str:
    """Return the document id of a dropped file: the same event twice is the same document."""
    return hashlib.sha256(f"{key}\0{version or ''}".encode()).hexdigest()[:32]


def keyed_document(tenant: str, key: str) -> str:
    """Return the document id of a request with an Idempotency-Key: one document per key."""
    return hashlib.sha256(f"key\0{tenant}\0{key}".encode()).hexdigest()[:32]


def work_page(document: str, run: int, page: int) -> str:
    """Return the key of a one-page source."""
    return f"{WORK}{document}/{run}/{page:05}.pdf"


def early_page(document: str, run: int, page: int) -> str:
    """Return the key of what the ordinary lane has read of a page for the heavy one."""
    return f"{WORK}{document}/{run}/early/{page:05}.json"


def parts(document: str, run: int) -> str:
    """Return the prefix of a run's folded parts."""
    return f"{WORK}{document}/{run}/parts/"


def part(document: str, run: int, number: int, file: str) -> str:
    """Return the key of something that a part of a long document was folded into."""
    return f"{parts(document, run)}{number:04}/{file}"


def password(document: str, run: int) -> str:
    """Return the key of the password that a run of a document opens its file with."""
    return f"{SECRETS}{document}/{run}"


def webhook(tenant: str, webhook: str) -> str:
    """Return the key of the secrets that a webhook's events are signed with."""
    return f"{WEBHOOKS}{tenant}/{webhook}"


def unlocked(document: str) -> str:
    """Return the key of a copy that opens without the password that its original wants."""
    return f"{UNLOCKED}{document}/original.pdf"


def page_result(document: str, run: int, page: int) -> str:
    """Return the key of what a page leaves (``pagezip``)."""
    return f"{PAGES}{document}/{run}/{page:05}.zip"


def page_results(document: str, run: int) -> str:
    """Return the prefix of a run's page results."""
    return f"{PAGES}{document}/{run}/"


def result(document: str, run: int, file: str) -> str:
    """Return the key of a folded result; ``file`` as in RESULT_FILES, or MANIFEST."""
    return f"{RESULTS}{document}/{run}/{file}"


def outbox(path: str, suffix: str) -> str:
    """Return the outbox key for an inbox path; ``suffix`` with its dot (``.txt``)."""
    return f"{OUTBOX}{path}{suffix}"


def put_away(path: str, *, good: bool) -> str:
    """Return where the original of an inbox path is put away."""
    return f"{DONE_WELL if good else FAILED_ONES}{path}"


def unreadable(step: str, body: str) -> str:
    """Return the key of a message that nobody can read: the same message twice is one."""
    digest = hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()
    return f"{UNREADABLE}{step}/{digest[:32]}.json"


def language_pack(language: str) -> str:
    """Return the key of a language's data, as tesseract names it (``deu``, ``script/Fraktur``)."""
    return f"{TESSDATA}{language}{_PACK}"


def parse_language_pack(key: str) -> str | None:
    """Return the language of a ``tessdata/`` key, None for any other key."""
    if not key.startswith(TESSDATA) or not key.endswith(_PACK):
        return None
    return key.removeprefix(TESSDATA).removesuffix(_PACK) or None


def document_prefixes(document: str) -> tuple[str, ...]:
    """Return the prefixes that hold everything derived from a document."""
    return tuple(f"{prefix}{document}/" for prefix in DERIVED)


def is_derived(key: str) -> bool:
    """Return whether a key is that of something made of a document, and not of an original."""
    return key.startswith(DERIVED)
