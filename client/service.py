"""The HTTP API as a Python object. The only module that speaks HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin

import httpx

from client import answers
from client.errors import CliError, Refused, Unreachable, Usage
from client.reader import PASSWORD
from fanfold.model import Output, State

_WEBHOOKS = "/v1/webhooks"
_MAXIMUM_TRIES = 5
_PAUSE = 0.2
"""Seconds before the second try; doubled each time, so five tries wait 3 seconds in all."""
_MAXIMUM_LISTED = 100
"""Maximum of documents in one answer of the service."""
_TIMEOUT = httpx.Timeout(30.0, read=60.0)
_NO_PROXY = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}
"""The embedded service is on this machine, where no proxy of the environment leads."""


class Service:
    """A running Fanfold. Every method raises Refused or Unreachable, nothing of httpx's."""

    lasting = True

    def __init__(
        self,
        endpoint: str,
        auth: httpx.Auth | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.endpoint = endpoint.rstrip("/")
        if not self.endpoint.startswith(("http://", "https://")):
            raise Usage(f"The endpoint {endpoint} does not begin with http:// or https://.")
        self._api = httpx.Client(
            base_url=self.endpoint,
            auth=auth,
            timeout=_TIMEOUT,
            transport=transport,
            mounts=_NO_PROXY,
        )
        # Presigned addresses carry their own authority: another signature would be an error.
        self._storage = httpx.Client(timeout=_TIMEOUT, transport=transport, mounts=_NO_PROXY)
        self._answered = False

    def close(self) -> None:
        """Close the connections."""
        self._api.close()
        self._storage.close()

    def submit(
        self, path: Path, options: Mapping[str, Any], *, name: str = "", key: str = ""
    ) -> str:
        """Hand in a file of any size and return the document's id.

        ``name`` is the file's own where none is given. The same ``key`` is the same document.
        """
        chosen = {name: value for name, value in options.items() if name != PASSWORD}
        wish = {"name": name or path.name, "size": path.stat().st_size, "options": chosen}
        if options.get(PASSWORD):
            wish[PASSWORD] = options[PASSWORD]
        headers = {"Idempotency-Key": key} if key else None
        told = self._call(
            self._api.build_request("POST", "/v1/documents", json=wish, headers=headers)
        ).json()
        if "upload" not in told:
            return str(told["id"])  # that key's file is there already
        form = answers.upload(told)
        with path.open("rb") as file, _network(form.url):
            answer = self._storage.post(
                form.url, data=dict(form.fields), files={"file": ("document", file)}
            )
        if answer.is_error:
            raise Refused("UPLOAD_REFUSED", f"The upload was refused with {answer.status_code}.")
        return form.document

    def status(self, document: str) -> answers.Status:
        """Return a document's state and what is known of its pages.

        Which pages of a long document failed is asked for once it has ended.
        """
        told = self._get(f"/v1/documents/{document}").json()
        found = answers.status(told)
        if not found.state.live and found.pages.failed:
            failed = (*found.failed_pages, *self._failed_beyond(told.get("next")))
            found = replace(found, failed_pages=failed)
        return found

    def _failed_beyond(self, link: str | None) -> Iterator[answers.FailedPage]:
        while link:
            # From the host on: it has what the endpoint's path has.
            told = self._get(urljoin(self.endpoint, link)).json()
            yield from answers.failed_pages(told)
            link = told.get("next")

    def retry(self, document: str, pages: str, options: Mapping[str, Any]) -> State:
        """Have pages read anew, the failed ones where ``pages`` is empty; return the state."""
        wish = {"pages": pages, "options": dict(options)}
        return self._post(f"/v1/documents/{document}/retry", json=wish)

    def unlock(self, document: str, password: str) -> State:
        """Have a document opened that failed for want of a password; return its state."""
        return self._post(f"/v1/documents/{document}/password", json={PASSWORD: password})

    def cancel(self, document: str) -> State:
        """Stop a document; return its state."""
        return self._post(f"/v1/documents/{document}/cancel")

    def delete(self, document: str) -> None:
        """Remove a document and everything made of it."""
        self._call(self._api.build_request("DELETE", f"/v1/documents/{document}"))

    def listing(
        self, *, state: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> answers.Listing:
        """Return the newest documents, or those that ``cursor`` continues with."""
        given = {"limit": str(limit), "state": state, "cursor": cursor}
        query = {name: value for name, value in given.items() if value}
        return answers.listing(self._get("/v1/documents", **query).json())

    def newest(self, name: str) -> answers.Status | None:
        """Return the newest document of a name, looking through all of them."""
        cursor = None
        while True:
            listed = self.listing(limit=_MAXIMUM_LISTED, cursor=cursor)
            for found in listed.documents:
                if found.name == name:
                    return found
            if not (cursor := listed.cursor):
                return None

    def search(self, query: str, limit: int) -> answers.Findings:
        """Search all documents that have ended; Refused where the service has no index."""
        told = self._get("/v1/search", q=query, limit=str(limit)).json()
        return answers.findings(told)

    def search_in(self, document: str, query: str) -> Iterator[answers.Finding]:
        """Search the pages of a document that are done, one range after the other."""
        pages: str | None = ""
        while pages is not None:
            chosen = {"pages": pages} if pages else {}
            told = self._get(f"/v1/documents/{document}/search", q=query, **chosen).json()
            yield from (
                answers.Finding(hit["page"], " … ".join(hit["lines"])) for hit in told["hits"]
            )
            pages = told.get("next_pages")

    def languages(self) -> list[str]:
        """Return the languages that may be asked for."""
        return [str(name) for name in self._get("/v1/languages").json()["languages"]]

    def webhooks(self) -> list[dict[str, Any]]:
        """Return the webhooks of the caller's tenant."""
        return list(self._get("/v1/webhooks").json()["webhooks"])

    def create_webhook(self, url: str, events: Sequence[str], name: str) -> dict[str, Any]:
        """Have an address told of ends; what is returned has its ``secret``."""
        wish = {"url": url, "events": list(events), "name": name}
        return dict(self._call(self._api.build_request("POST", _WEBHOOKS, json=wish)).json())

    def rotate_webhook(self, webhook: str) -> dict[str, Any]:
        """Give a webhook another ``secret``."""
        path = f"{_WEBHOOKS}/{webhook}/secret"
        return dict(self._call(self._api.build_request("POST", path)).json())

    def remove_webhook(self, webhook: str) -> dict[str, Any]:
        """Take a webhook away."""
        path = f"{_WEBHOOKS}/{webhook}"
        return dict(self._call(self._api.build_request("DELETE", path)).json())

    def webhook_attempts(self, webhook: str) -> list[dict[str, Any]]:
        """Return what was sent to a webhook of late."""
        return list(self._get(f"{_WEBHOOKS}/{webhook}/attempts").json()["attempts"])

    def page(self, document: str, number: int) -> dict[str, Any]:
        """Return one page's result; Refused as NOT_READY until that page is done."""
        return dict(self._get(f"/v1/documents/{document}/pages/{number}").json())

    def fetch(self, document: str, output: Output, target: BinaryIO) -> None:
        """Write a result to ``target``."""
        answer = self._get(f"/v1/documents/{document}/result", format=output.value)
        link = answer.headers["location"]
        with _network(link), self._storage.stream("GET", link) as download:
            if download.is_error:
                raise Unreachable(f"The result cannot be read: HTTP {download.status_code}.")
            for chunk in download.iter_bytes():
                target.write(chunk)

    def _post(self, path: str, json: Mapping[str, Any] | None = None) -> State:
        return State(self._call(self._api.build_request("POST", path, json=json)).json()["state"])

    def _get(self, path: str, **query: str) -> httpx.Response:
        return self._call(self._api.build_request("GET", path, params=query or None))

    def _call(self, request: httpx.Request) -> httpx.Response:
        """Call the API; again, after a pause, where it says that this may help."""
        for attempt in range(_MAXIMUM_TRIES - 1):
            try:
                return self._once(request)
            except Unreachable:
                # Nobody there at all is said at once; one who answered before may come back.
                if not self._answered:
                    raise
            except Refused as error:
                if not error.retryable or error.code == "NOT_READY":
                    raise
            time.sleep(_PAUSE * 2**attempt)
        return self._once(request)

    def _once(self, request: httpx.Request) -> httpx.Response:
        with _network(self.endpoint):
            answer = self._api.send(request)
        if answer.is_error:
            raise _error(answer, self.endpoint)
        self._answered = True
        return answer


@contextmanager
def _network(address: str) -> Iterator[None]:
    try:
        yield
    except httpx.InvalidURL as error:
        raise Unreachable(f"{address} is not an address: {error}") from error
    except httpx.HTTPError as error:
        raise Unreachable(
            f"No answer from {httpx.URL(address).netloc.decode()}: {error}"
        ) from error


def _error(answer: httpx.Response, endpoint: str) -> CliError:
    try:
        data = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return _foreign(answer, endpoint)
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return Unreachable(f"{endpoint} wants a token that it knows: set FANFOLD_TOKEN.")
    why = answers.reason(data)
    return Refused(
        why.code, " ".join(filter(None, (why.message, why.hint))), retryable=why.retryable
    )


def _foreign(answer: httpx.Response, endpoint: str) -> CliError:
    if answer.status_code in (401, 403):
        return Unreachable(f"{endpoint} refuses these credentials (HTTP {answer.status_code}).")
    return Unreachable(f"{endpoint} does not answer like Fanfold (HTTP {answer.status_code}).")
