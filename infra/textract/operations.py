"""Textract's operations: six of them, each with the parameters and answers of Amazon's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from client.answers import Status
from client.service import Service
from fanfold.model import State
from infra.textract.deposits import Deposits
from infra.textract.errors import TextractError, invalid
from infra.textract.jobs import Job, Jobs, job
from infra.textract.requests import Request
from infra.textract.results import Results
from infra.textract.stores import Store

Answer = dict[str, Any]
_MOST = 1000
"""Maximum of blocks in one answer, and as many as come where nobody says how many."""
_MODEL = "fanfold"
_VERSIONS = {True: "AnalyzeDocumentModelVersion", False: "DetectDocumentTextModelVersion"}
_STATES = {State.SUCCEEDED: "SUCCEEDED", State.PARTIAL: "PARTIAL_SUCCESS"}
_PREFIX = "textract_output"
"""Where results are stored below a bucket if nobody says it, as Amazon has it."""


class Operations:
    """What can be asked of the service at ``url``; documents that are named lie in ``store``."""

    def __init__(self, url: str, store: Store, temporary: Path | None = None) -> None:
        self._service = Service(url)
        self._jobs = Jobs(self._service, store, temporary=temporary)
        self._results = Results(self._jobs, temporary)
        self._deposits = Deposits(
            self._jobs, store, lambda one, first: self._part(one, first, _MOST)
        )
        self._all: Mapping[str, Callable[[Request], Answer]] = {
            "DetectDocumentText": lambda asked: self._read(asked, analysis=False),
            "AnalyzeDocument": lambda asked: self._read(asked, analysis=True),
            "StartDocumentTextDetection": lambda asked: self._start(asked, analysis=False),
            "StartDocumentAnalysis": lambda asked: self._start(asked, analysis=True),
            "GetDocumentTextDetection": lambda asked: self._get(asked, analysis=False),
            "GetDocumentAnalysis": lambda asked: self._get(asked, analysis=True),
        }

    def close(self) -> None:
        """Let everything go."""
        self._deposits.close()
        self._service.close()
        self._results.close()

    def __call__(self, asked: Request) -> Answer:
        """Answer a request; raise TextractError."""
        if asked.operation not in self._all:
            raise TextractError(
                "UnknownOperationException", f"{asked.operation} is not what this service does."
            )
        return self._all[asked.operation](asked)

    def _read(self, asked: Request, *, analysis: bool) -> Answer:
        features = asked.features()
        with self._jobs.read(asked.document()) as found:
            blocks = self._results.everything(Job(found.id, analysis, features))
        return {
            "DocumentMetadata": {"Pages": found.pages.total},
            "Blocks": blocks,
            _VERSIONS[analysis]: _MODEL,
        }

    def _start(self, asked: Request, *, analysis: bool) -> Answer:
        features, place = asked.features(), asked.location()
        output = asked.parameters.get("OutputConfig")
        token = asked.parameters.get("ClientRequestToken", "")
        # One token is one document, whatever is asked of it.
        one = Job(self._jobs.start(place, token), analysis, features)
        if output:
            self._deposits.later(one, output["S3Bucket"], output.get("S3Prefix", _PREFIX))
        return {"JobId": one.id}

    def _get(self, asked: Request, *, analysis: bool) -> Answer:
        one = job(asked.parameters["JobId"], analysis=analysis)
        most = asked.parameters.get("MaxResults", _MOST)
        if not 1 <= most <= _MOST:
            raise invalid(f"MaxResults is 1 to {_MOST}.")
        return self._part(one, _first(asked.parameters.get("NextToken", "0")), most)

    def _part(self, one: Job, first: int, most: int) -> Answer:
        """Return what is known of a job: its state, and if it ended well some of its blocks."""
        found = self._jobs.status(one.document)
        version = {_VERSIONS[one.analysis]: _MODEL}
        if found.state.live:
            return {"JobStatus": "IN_PROGRESS", **version}
        if found.state not in _STATES:
            why = f"{found.reason.code}: {found.reason.message}" if found.reason else found.state
            return {"JobStatus": "FAILED", "StatusMessage": str(why), **version}
        blocks = self._results.blocks(one, found.ended_at)
        if first and first >= len(blocks.starts):
            raise invalid("There is no such NextToken.")
        end, warnings = first + most, list(_warnings(found))
        return {
            "DocumentMetadata": {"Pages": found.pages.total},
            "JobStatus": _STATES[found.state],
            "Blocks": blocks.part(first, most),
            **({"NextToken": str(end)} if end < len(blocks.starts) else {}),
            **({"Warnings": warnings} if warnings else {}),
            **version,
        }


def _first(token: str) -> int:
    if not token.isdecimal():
        raise invalid("There is no such NextToken.")
    return int(token)


def _warnings(found: Status) -> Iterator[Answer]:
    codes = sorted({page.reason.code for page in found.failed_pages})
    for code in codes:
        pages = sorted(page.number for page in found.failed_pages if page.reason.code == code)
        yield {"ErrorCode": code, "Pages": pages}
