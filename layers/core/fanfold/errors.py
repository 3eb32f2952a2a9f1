"""The one error tree.

Each class carries a stable ``code``, whether trying again may help (``retryable``), the HTTP
``status`` it maps to and, where there is one, a ``hint`` that says what a person can do.

FanfoldError
├── RequestError                    the caller's request cannot be met
│   ├── InvalidRequest      400 INVALID_REQUEST
│   ├── InvalidPageRange    400 INVALID_PAGE_RANGE
│   ├── UnknownLanguage     400 UNKNOWN_LANGUAGE
│   ├── Unauthorized        401 UNAUTHORIZED
│   ├── Forbidden           403 FORBIDDEN
│   ├── NotFound            404 NOT_FOUND
│   ├── MethodNotAllowed    405 METHOD_NOT_ALLOWED
│   ├── NotReady            409 NOT_READY          (retryable: the work is still going on)
│   ├── NoResult            409 NO_RESULT
│   ├── ExpiredResult       410 EXPIRED_RESULT
│   ├── NothingToRetry      409 NOTHING_TO_RETRY
│   ├── AlreadyEnded        409 ALREADY_ENDED
│   ├── KeyReused           409 IDEMPOTENCY_KEY_REUSED
│   ├── PayloadTooLarge     413 PAYLOAD_TOO_LARGE
│   ├── UnsupportedBody     415 UNSUPPORTED_BODY
│   ├── QuotaExceeded       429 QUOTA_EXCEEDED     (retryable: after ``retry_after`` seconds)
│   └── SearchUnsupported   404 SEARCH_UNSUPPORTED
├── DocumentError                   the whole document ends FAILED with this reason
│   ├── EmptyFile               EMPTY_FILE
│   ├── InvalidFolderOptions    INVALID_FOLDER_OPTIONS  (of a dropped file's folder)
│   ├── UnsupportedType         UNSUPPORTED_TYPE
│   ├── DamagedFile             DAMAGED_FILE
│   ├── PasswordRequired        PASSWORD_REQUIRED
│   ├── UnsupportedEncryption   UNSUPPORTED_ENCRYPTION
│   ├── TooLarge                TOO_LARGE
│   ├── TooManyPages            TOO_MANY_PAGES
│   ├── NoPages                 NO_PAGES
│   ├── PagesOutOfRange         PAGES_OUT_OF_RANGE
│   ├── ImageTooLarge           IMAGE_TOO_LARGE
│   ├── SourceMissing           SOURCE_MISSING
│   ├── AllPagesFailed          ALL_PAGES_FAILED
│   ├── Undeliverable           UNDELIVERABLE      (a step kept dying on the document)
│   └── Stalled                 STALLED            (no progress for too long, resumed in vain)
├── PageError                       one page fails; the document goes on
│   ├── PageUnreadable          PAGE_UNREADABLE
│   ├── PageDamaged             PAGE_DAMAGED       (nothing of it can be read)
│   ├── RenderFailed            RENDER_FAILED
│   ├── RecognitionFailed       RECOGNITION_FAILED
│   ├── PixelsExceeded          PIXELS_EXCEEDED    (heavier)
│   ├── PageTimeout             TIMEOUT            (heavier)
│   ├── OutOfMemory             OUT_OF_MEMORY      (heavier)
│   ├── LanguageMissing         LANGUAGE_MISSING
│   ├── DiskFull                DISK_FULL          (heavier)
│   ├── WorkerKilled            WORKER_KILLED
│   └── PageLost                PAGE_LOST
└── ServiceError                    ours or the cloud's fault; the message is delivered again
    ├── Unavailable         503 UNAVAILABLE        (retryable)
    └── BadMessage              BAD_MESSAGE        (ends in the dead-letter queue)

``heavier`` page errors are tried once more in the heavy lane before they count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class FanfoldError(Exception):
    """Base of everything this package raises on purpose.

    ``str(error)`` is the sentence for people; it never holds document text or secrets.
    """

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    message: ClassVar[str] = "Something went wrong on our side."
    hint: ClassVar[str | None] = None

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class RequestError(FanfoldError):
    """The caller's request cannot be met as it is."""

    code = "INVALID_REQUEST"
    status = 400
    message = "The request is not valid."


class InvalidRequest(RequestError):
    """A field is missing, unknown or of the wrong form."""


class InvalidPageRange(RequestError):
    """The page selection cannot be read."""

    code = "INVALID_PAGE_RANGE"
    message = "The page selection cannot be read."
    hint = "Write pages as 1-3,7,10-end."


class UnknownLanguage(RequestError):
    """A language was asked for that is not installed."""

    code = "UNKNOWN_LANGUAGE"
    message = "A language was asked for that is not installed."


class Unauthorized(RequestError):
    """Nobody is known who would be asking."""

    code = "UNAUTHORIZED"
    status = 401
    message = "These credentials are not accepted."
    hint = "Show a token: Authorization: Bearer …"


class Forbidden(RequestError):
    """The token at hand is not for this."""

    code = "FORBIDDEN"
    status = 403
    message = "This token is not for that."


class MethodNotAllowed(RequestError):
    """What is there takes other methods; ``allowed`` names them."""

    code = "METHOD_NOT_ALLOWED"
    status = 405
    message = "This cannot be done here."

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        super().__init__(f"What is here takes {', '.join(allowed)}." if allowed else None)
        self.allowed = tuple(allowed)


class NotFound(RequestError):
    """No such document, page or route for this caller."""

    code = "NOT_FOUND"
    status = 404
    message = "There is nothing here."


class NotReady(RequestError):
    """What was asked for is still being made."""

    code = "NOT_READY"
    status = 409
    retryable = True
    message = "This is still being worked on."


class NoResult(RequestError):
    """The work has ended and there is no such result."""

    code = "NO_RESULT"
    status = 409
    message = "The document ended without this result."


class ExpiredResult(RequestError):
    """What was asked for was kept for its time, which is over."""

    code = "EXPIRED_RESULT"
    status = 410
    message = "The document and its results were kept as long as they are kept here, and are gone."
    hint = "Send the document again."


class NothingToRetry(RequestError):
    """There is no page that a retry would read, and no other output to make."""

    code = "NOTHING_TO_RETRY"
    status = 409
    message = "There is nothing to retry: no page failed."
    hint = 'Name the pages to read anew: {"pages": "3,7-9"}.'


class AlreadyEnded(RequestError):
    """The document has ended: there is nothing left to cancel."""

    code = "ALREADY_ENDED"
    status = 409
    message = "The document has ended; there is nothing left to cancel."


class KeyReused(RequestError):
    """An Idempotency-Key came again with another request."""

    code = "IDEMPOTENCY_KEY_REUSED"
    status = 409
    message = "This Idempotency-Key belongs to another request."
    hint = "Use a new key for a new document."


class PayloadTooLarge(RequestError):
    """The body is larger than the API can take directly."""

    code = "PAYLOAD_TOO_LARGE"
    status = 413
    message = "The body is too large to be sent directly."
    hint = "POST JSON to /v1/documents and upload to the address it returns."


class UnsupportedBody(RequestError):
    """The body's content type is one that does not carry files intact."""

    code = "UNSUPPORTED_BODY"
    status = 415
    message = "This content type does not carry files intact."
    hint = "Send -H 'Content-Type: application/pdf' (or image/png, …) with --data-binary."


class QuotaExceeded(RequestError):
    """A tenant has had its share; ``retry_after`` is how many seconds there is no more."""

    code = "QUOTA_EXCEEDED"
    status = 429
    retryable = True
    message = "There is no more for this tenant just now."

    def __init__(self, message: str | None = None, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SearchUnsupported(RequestError):
    """There is no index of all documents here."""

    code = "SEARCH_UNSUPPORTED"
    status = 404
    message = "All documents together can be searched on one machine only."
    hint = "Search within one: /v1/documents/ID/search?q=…"


class DocumentError(FanfoldError):
    """The whole document ends FAILED with this as its reason."""

    code = "DOCUMENT_FAILED"
    status = 422
    message = "The document cannot be read."


class EmptyFile(DocumentError):
    """The file has no bytes."""

    code = "EMPTY_FILE"
    message = "The file is empty (0 bytes)."


class InvalidFolderOptions(DocumentError):
    """The options of a dropped file's folder are none."""

    code = "INVALID_FOLDER_OPTIONS"
    message = "The folder's fanfold.toml is not understood."
    hint = "Mend it, and drop the file again."


class UnsupportedType(DocumentError):
    """The content is not one of the formats we read."""

    code = "UNSUPPORTED_TYPE"
    message = "The file is not a PDF or an image of a known format."
    hint = "PDF, PNG, JPEG, TIFF, WebP, BMP, JPEG 2000 and GIF are read."


class DamagedFile(DocumentError):
    """The format is known but the file cannot be opened."""

    code = "DAMAGED_FILE"
    message = "The file is damaged and cannot be opened."


class PasswordRequired(DocumentError):
    """The PDF opens only with a password."""

    code = "PASSWORD_REQUIRED"
    message = "The PDF opens only with a password."
    hint = (
        "Send its password along (fanfold extract --password-file FILE), or afterwards"
        " (POST …/password, fanfold unlock ID)."
    )


class UnsupportedEncryption(DocumentError):
    """The PDF uses an encryption scheme nobody here can open."""

    code = "UNSUPPORTED_ENCRYPTION"
    message = "The PDF uses an encryption that cannot be opened."


class TooLarge(DocumentError):
    """The file is larger than the limit."""

    code = "TOO_LARGE"
    message = "The file is larger than the limit."


class TooManyPages(DocumentError):
    """The document has more pages than the limit."""

    code = "TOO_MANY_PAGES"
    message = "The document has more pages than the limit."
    hint = "Choose pages with the option pages=1-1000, or split the document."


class NoPages(DocumentError):
    """The document has no pages at all."""

    code = "NO_PAGES"
    message = "The document has no pages."


class PagesOutOfRange(DocumentError):
    """None of the selected pages exists."""

    code = "PAGES_OUT_OF_RANGE"
    message = "None of the selected pages exists in the document."


class ImageTooLarge(DocumentError):
    """An image has more pixels than can be decoded safely."""

    code = "IMAGE_TOO_LARGE"
    message = "The image has more pixels than can be decoded safely."


class SourceMissing(DocumentError):
    """The original was removed while it was being read."""

    code = "SOURCE_MISSING"
    message = "The original was removed before it was read."


class AllPagesFailed(DocumentError):
    """Not one page could be read."""

    code = "ALL_PAGES_FAILED"
    message = "Not one page could be read; each page names its reason."


class Undeliverable(DocumentError):
    """A step died on this document again and again."""

    code = "UNDELIVERABLE"
    retryable = True
    message = "A step died on this document again and again."


class Stalled(DocumentError):
    """The document made no progress and could not be resumed."""

    code = "STALLED"
    retryable = True
    message = "The document made no progress and could not be resumed."


class PageError(FanfoldError):
    """One page fails; the rest of the document goes on.

    ``heavier``: more memory or time may help, so the heavy lane tries once more.
    """

    code = "PAGE_FAILED"
    status = 422
    message = "The page could not be read."
    heavier: ClassVar[bool] = False


class PageUnreadable(PageError):
    """The page cannot be cut out of the document or opened by the renderer."""

    code = "PAGE_UNREADABLE"
    message = "The page is damaged and cannot be opened."


class PageDamaged(PageError):
    """The page is broken in the file, and not one word of it is left."""

    code = "PAGE_DAMAGED"
    message = "The page is damaged in the file: nothing of it could be read."


class RenderFailed(PageError):
    """The renderer gave no picture of the page."""

    code = "RENDER_FAILED"
    message = "The page could not be drawn."


class RecognitionFailed(PageError):
    """The recogniser ended with an error."""

    code = "RECOGNITION_FAILED"
    retryable = True
    message = "The text recognition ended with an error."


class PixelsExceeded(PageError):
    """The page has too many pixels even at the lowest useful resolution."""

    code = "PIXELS_EXCEEDED"
    message = "The page is too large to be drawn at a readable resolution."
    heavier = True


class PageTimeout(PageError):
    """The page took longer than the step may last."""

    code = "TIMEOUT"
    retryable = True
    message = "The page took longer than it may."
    heavier = True


class OutOfMemory(PageError):
    """The page needs more memory than the step has."""

    code = "OUT_OF_MEMORY"
    retryable = True
    message = "The page needs more memory than there is."
    heavier = True


class LanguageMissing(PageError):
    """The data of a language was removed after the document was taken in."""

    code = "LANGUAGE_MISSING"
    retryable = True
    message = "The data of a language that was asked for is no longer there."


class DiskFull(PageError):
    """The page needs more temporary space than the step has."""

    code = "DISK_FULL"
    retryable = True
    message = "The page needs more temporary space than there is."
    heavier = True


class WorkerKilled(PageError):
    """The worker that read the page was killed, in the heavy lane too."""

    code = "WORKER_KILLED"
    retryable = True
    message = "The worker was killed while reading the page, in the heavy lane too."


class PageLost(PageError):
    """The page's message was lost and resuming did not bring it back."""

    code = "PAGE_LOST"
    retryable = True
    message = "The page got lost between two steps and could not be resumed."


class ServiceError(FanfoldError):
    """Ours or the cloud's fault: the message is delivered again."""

    code = "INTERNAL"
    retryable = True


class Unavailable(ServiceError):
    """A service we depend on refused or did not answer in time."""

    code = "UNAVAILABLE"
    status = 503
    message = "A service we depend on is not available right now."


class BadMessage(ServiceError):
    """A queue message that nobody here can read; it ends in the dead-letter queue."""

    code = "BAD_MESSAGE"
    retryable = False
    message = "The message cannot be read."


def _tree(root: type[FanfoldError]) -> dict[str, type[FanfoldError]]:
    found = {root.code: root}
    for child in root.__subclasses__():
        found |= {code: kind for code, kind in _tree(child).items() if code not in found}
    return found


def by_code(code: str) -> type[FanfoldError]:
    """Return the class that carries ``code``; FanfoldError itself where none does."""
    return _tree(FanfoldError).get(code, FanfoldError)
