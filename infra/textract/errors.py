"""Errors as Textract names them."""

from __future__ import annotations

from http import HTTPStatus

from client.errors import Refused
from fanfold.model import Reason


class TextractError(Exception):
    """What an SDK raises as the exception called ``name``."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name

    @property
    def status(self) -> HTTPStatus:
        """The HTTP status: whose fault it is."""
        ours = self.name == "InternalServerError"
        return HTTPStatus.INTERNAL_SERVER_ERROR if ours else HTTPStatus.BAD_REQUEST


def invalid(message: str) -> TextractError:
    """Return the error of a parameter that cannot be meant."""
    return TextractError("InvalidParameterException", message)


def missing(message: str) -> TextractError:
    """Return the error of an S3Object that is not there."""
    return TextractError("InvalidS3ObjectException", message)


_REFUSALS = {
    "IDEMPOTENCY_KEY_REUSED": "IdempotentParameterMismatchException",
    "NOT_FOUND": "InvalidJobIdException",
    "EXPIRED_RESULT": "InvalidJobIdException",
    "TOO_LARGE": "DocumentTooLargeException",
    "PAYLOAD_TOO_LARGE": "DocumentTooLargeException",
    "QUOTA_EXCEEDED": "ProvisionedThroughputExceededException",
    "UNAVAILABLE": "ThrottlingException",
    "FORBIDDEN": "AccessDeniedException",
}
_FAILURES = {
    "TOO_LARGE": "DocumentTooLargeException",
    "TOO_MANY_PAGES": "DocumentTooLargeException",
    "IMAGE_TOO_LARGE": "DocumentTooLargeException",
    "PIXELS_EXCEEDED": "DocumentTooLargeException",
    "EMPTY_FILE": "InvalidParameterException",
    "UNSUPPORTED_TYPE": "UnsupportedDocumentException",
    "PASSWORD_REQUIRED": "UnsupportedDocumentException",
    "UNSUPPORTED_ENCRYPTION": "UnsupportedDocumentException",
    "DAMAGED_FILE": "BadDocumentException",
    "PAGE_DAMAGED": "BadDocumentException",
    "PAGE_UNREADABLE": "BadDocumentException",
    "NO_PAGES": "BadDocumentException",
}


def refused(error: Refused) -> TextractError:
    """Return the error for a request that the service refused."""
    return TextractError(_REFUSALS.get(error.code, "InvalidParameterException"), str(error))


def failed(reason: Reason | None) -> TextractError:
    """Return the error for a document, or its one page, that could not be read."""
    if reason is None:
        return TextractError("InternalServerError", "The document was not read.")
    name = _FAILURES.get(reason.code, "InternalServerError")
    return TextractError(name, f"{reason.code}: {reason.message}")
