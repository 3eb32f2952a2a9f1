"""How a document ends for its owner: its reason on the record, and what lies in the outbox."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fanfold import errors, keys
from fanfold.formats.media import MEDIA
from fanfold.messages import NotifyMessage, encode_news
from fanfold.model import Document, Output, Reason, State, Told
from fanfold.ports import DocumentStore, ObjectStore, Queue
from fanfold.webhooks import News

_MAXIMUM_KEY_BYTES = 1024  # of UTF-8: S3's limit


def reason_of(error: errors.FanfoldError) -> Reason:
    """Return what an error says, as a value."""
    return Reason(error.code, str(error), error.retryable, error.hint)


def reason_for(code: str) -> Reason:
    """Return what the error class with this code says."""
    return reason_of(errors.by_code(code)())


def is_dropped(document: Document) -> bool:
    """Return whether a document came through the drop folder."""
    return document.source is not None and keys.inbox_path(document.source.key) is not None


def is_watched(document: Document) -> bool:
    """Return whether somebody is to hear of a document's end, so that it is not over with it."""
    return is_dropped(document) or document.told is not Told.NOTHING


def outbox_key(document: Document, output: Output) -> str | None:
    """Return where a dropped document's result goes; None for uploads and for overlong paths."""
    return _beside(document, MEDIA[output].suffix)


def error_key(document: Document) -> str | None:
    """Return where a dropped document's reason goes; None as for ``outbox_key``."""
    return _beside(document, keys.ERROR_SUFFIX)


def outbox_keys(document: Document) -> tuple[str, ...]:
    """Return every key that a dropped document may have in the outbox."""
    results = (outbox_key(document, output) for output in Output)
    return tuple(filter(None, (*results, error_key(document))))


def _beside(document: Document, suffix: str) -> str | None:
    path = keys.inbox_path(document.source.key) if document.source else None
    if path is None:
        return None
    key = keys.outbox(path, suffix)
    return key if len(key.encode()) <= _MAXIMUM_KEY_BYTES else None


def news_of(document: Document) -> News:
    """Return the news that a document has ended."""
    return News(
        tenant=document.tenant,
        document=document.id,
        run=document.run,
        at=document.ended_at or document.updated_at,
        state=document.state.value,
        code=document.reason.code if document.reason else "",
        total=document.pages_total,
        done=document.pages_done,
        failed=document.pages_failed,
    )


@dataclass(frozen=True, slots=True)
class Endings:
    """Tells owners how their documents ended; ``moves`` originals of dropped files away then."""

    store: DocumentStore
    objects: ObjectStore
    notify: Queue
    moves: bool = False

    def fail(self, document: Document, error: errors.FanfoldError) -> None:
        """End a live document as FAILED, unless it has gone on since it was read."""
        self.store.fail(document, reason_of(error), watched=is_watched(document))
        self.publish(document)

    def publish(self, document: Document) -> None:
        """Put what became of a dropped file beside it, and tell webhooks; then nothing is left.

        Of documents that have ended only, so that a late worker cannot contradict them. Whoever
        comes by does it, since the one who ended the document may be dead; ``deadline`` says that
        it is still to be done. ``outbox/{path}.error.json`` says why where there is a reason.
        """
        now = self.store.get(document.id) if is_watched(document) else None
        if now is None or now.run != document.run or now.deadline is None:
            return
        if now.state.finished:
            self._publish(now)

    def _publish(self, document: Document) -> None:
        """Write each key once: a death between two writes to one would leave the first for good.

        Webhooks are told after that: what they then look for is there.
        """
        if is_dropped(document):
            self._put_beside(document)
        if document.told is not Told.NOTHING:
            news = NotifyMessage(news_of(document))
            self.notify.send([encode_news(news)], group=document.tenant)
        if not self.store.bury(document):
            self._mend(document)

    def _put_beside(self, document: Document) -> None:
        results = document.results if document.results_run == document.run else ()
        for output in results:
            beside = outbox_key(document, output)
            key = keys.result(document.id, document.run, keys.RESULT_FILES[output])
            if beside:
                self.objects.copy(key, beside, MEDIA[output].type, owner=document.id)
        if document.reason:
            self._note(document, document.reason)
        self._clear(document)
        if self.moves:
            self._put_away(document)

    def _clear(self, document: Document) -> None:
        """Take away what a file of the same name left before: none of it is this one's.

        Beside a reason nothing stays that is no result, whatever was asked for before.
        """
        for output in Output if document.reason else document.options.outputs:
            beside = outbox_key(document, output)
            if beside and output not in document.results:
                self.objects.hide(beside)
        error = error_key(document)
        if error and not document.reason:
            self.objects.hide(error)

    def _put_away(self, document: Document) -> None:
        """Copy the original to where those that ended well lie, or the others; then hide it.

        Its version stays below, for another run. A file that was dropped under the same name since
        is hidden with it, early: its news is on the way, and its own end puts it away.
        """
        source = document.source
        path = keys.inbox_path(source.key) if source else None
        if source is None or path is None:
            return
        good = document.state is not State.FAILED
        media_type = source.media_type or "application/octet-stream"
        self.objects.copy(
            source.key,
            keys.put_away(path, good=good),
            media_type,
            version=source.version,
            owner=document.id,
        )
        if document.run > 1:
            self.objects.hide(keys.put_away(path, good=not good))
        self.objects.hide(source.key)

    def _mend(self, document: Document) -> None:
        """Put a later run's end over what was just written: the later one may have been first."""
        now = self.store.get(document.id)
        if now and now.run != document.run and now.state.finished:
            self._publish(now)

    def _note(self, document: Document, reason: Reason) -> None:
        key = error_key(document)
        if key:
            error = {"code": reason.code, "message": reason.message, "retryable": reason.retryable}
            body = {"document": document.id, "state": document.state.value, "error": error}
            data = json.dumps(body, ensure_ascii=False, indent=2).encode()
            self.objects.put(key, data, MEDIA[Output.JSON].type, owner=document.id)
