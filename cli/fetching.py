"""`fanfold get` and `follow`: documents that a service has, by their ids or their names."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path, PurePath

from cli import command, wishes
from cli.extract import exit_code, pauses
from cli.inputs import Input
from cli.progress import Meter, Silent, tally
from cli.report import Report
from client.answers import Status
from client.errors import Exit, Usage
from client.service import Service
from fanfold import names
from fanfold.model import Output

__all__ = ["exit_code", "follow", "get", "named", "search"]

_ID = re.compile(r"[0-9a-f]{32}")


def named(service: Service, document: str) -> Status:
    """Return a document by its id, else the newest of that name; raise Refused or Usage."""
    if _ID.fullmatch(document):
        return service.status(document)
    found = service.newest(document)
    if found is None:
        raise Usage(f"There is no document called {document}; `fanfold list` shows what there is.")
    return service.status(found.id)


def follow(service: Service, status: Status, meter: Meter) -> Status:
    """Wait until a document has ended, and return its last status."""
    waits = pauses()
    while status.state.live:
        meter.show(tally([status], 1))
        next(waits)
        status = service.status(status.id)
    return status


def get(
    service: Service, status: Status, formats: Sequence[Output], out: Path | None, report: Report
) -> Exit:
    """Fetch the results of an ended document; raise Usage where there is none of what is asked."""
    if status.state.live:
        raise Usage(f"{status.name} is {status.state}: `fanfold follow {status.id}` waits for it.")
    missing = [output for output in formats or ([] if out else [Output.TEXT])
               if status.results and output not in status.results]  # fmt: skip
    if missing:
        made = ", ".join(status.results)
        raise Usage(f"{status.name} has no result in {', '.join(missing)}; there are {made}.")
    item = Input(Path(status.id), status.name, PurePath(names.saved(status.name, "")))
    wish = wishes.wish([item], formats or (status.results if out else ()), out, {})
    return command.deliver(service, wish, report, [(item, status)], Silent())


def search(service: Service, query: str, document: str | None, limit: int) -> Exit:
    """Print the pages that have a query."""
    if document:
        one = named(service, document)
        pages = list(service.search_in(one.id, query))
        found, behind = [(one, pages)] if pages else [], 0
    else:
        told = service.search(query, limit)
        found, behind = [(one, list(pages)) for one, pages in told.documents], told.behind
    for status, findings in found:
        for finding in findings:
            text = " ".join(finding.text.split())
            sys.stdout.write(f"{status.id}\t{status.name}\t{finding.page}\t{text}\n")
    if behind:
        sys.stderr.write(f"{behind} documents are not searched yet\n")
    return Exit.OK if found else Exit.NOTHING_FOUND
