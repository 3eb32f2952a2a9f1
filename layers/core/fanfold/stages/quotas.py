"""Quotas: how much of a day and of the workers a tenant may have before others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fanfold.errors import QuotaExceeded
from fanfold.model import MEGABYTE, Limits, State
from fanfold.ports import Clock, DocumentStore, Ledger

_AT_ONCE = 100
_SOON = 60
"""Seconds after which pages may have ended."""
_UNDER_WAY = (State.PROCESSING, State.QUEUED, State.UPLOADING)


@dataclass(frozen=True, slots=True)
class Quotas:
    """Lets documents in, as long as their tenant has not had its share."""

    store: DocumentStore
    ledger: Ledger
    clock: Clock
    limits: Limits

    def check_pages(self, tenant: str) -> None:
        """Raise QuotaExceeded where so many of a tenant's pages are under way already.

        A document whose pages nobody has counted is one page. What is let in is read whole.
        """
        most = self.limits.tenant_pages
        if most and self._under_way(tenant, most) >= most:
            raise QuotaExceeded(f"At most {most} pages are under way for a tenant.", _SOON)

    def take_bytes(self, tenant: str, size: int | None) -> None:
        """Take a document's bytes from its tenant's day; raise QuotaExceeded if too few are left.

        ``size`` None is a form that takes any document: the largest that there may be. Days begin
        at midnight, UTC.
        """
        most = self.limits.tenant_day_bytes
        if not most:
            return
        now = datetime.fromtimestamp(self.clock.now() / 1000, UTC)
        wanted = self.limits.document_bytes if size is None else size
        if not self.ledger.charge(tenant, now.date().isoformat(), wanted, most):
            raise QuotaExceeded(
                f"A tenant sends at most {most / MEGABYTE:g} MB a day.", _seconds_left(now)
            )

    def _under_way(self, tenant: str, most: int) -> int:
        """Count pages, no further than to ``most``."""
        pages = 0
        for state in _UNDER_WAY:
            cursor: str | None = ""
            while cursor is not None and pages < most:
                found = self.store.list(tenant, state=state, cursor=cursor, limit=_AT_ONCE)
                pages += sum(max(1, document.pages_total) for document in found.documents)
                cursor = found.cursor
        return pages


def _seconds_left(now: datetime) -> int:
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((tomorrow - now).total_seconds()) + 1
