"""Webhooks and their log, in SQLite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from sqlite3 import Connection

from fanfold import webhooks
from fanfold.disk.database import Database
from fanfold.webhooks import Attempt, Webhook

_LOG_KEPT = 7 * 24 * 3600 * 1000
"""How long an attempt is known, in milliseconds."""


class DiskWebhooks:
    """The WebhookStore of the ports in one SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, webhook: Webhook) -> None:
        """Write a webhook."""
        with self._database.changing() as connection:
            _put(connection, webhook)

    def get(self, tenant: str, webhook: str) -> Webhook | None:
        """Read a webhook as of now."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT record FROM webhooks WHERE tenant = ? AND id = ?", (tenant, webhook)
            ).fetchone()
        return webhooks.webhook_from(tenant, webhook, json.loads(row[0])) if row else None

    def of(self, tenant: str) -> Sequence[Webhook]:
        """Read a tenant's webhooks."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, record FROM webhooks WHERE tenant = ?", (tenant,)
            ).fetchall()
        return [webhooks.webhook_from(tenant, id_, json.loads(record)) for id_, record in rows]

    def remove(self, webhook: Webhook) -> None:
        """Remove a webhook, and its log with it."""
        with self._database.changing() as connection:
            connection.execute(
                "DELETE FROM webhooks WHERE tenant = ? AND id = ?", (webhook.tenant, webhook.id)
            )
            connection.execute("DELETE FROM attempts WHERE webhook = ?", (webhook.id,))

    def note(
        self, webhook: Webhook, *, failing_since: int | None, off_at: int | None, off_reason: str
    ) -> None:
        """Note how a webhook fares, unless it is gone."""
        with self._database.changing() as connection:
            found = self.get(webhook.tenant, webhook.id)
            if found:
                fares = replace(
                    found, failing_since=failing_since, off_at=off_at, off_reason=off_reason
                )
                _put(connection, fares)

    def log(self, webhook: str, attempt: Attempt) -> None:
        """Write a try to deliver something."""
        record = json.dumps(webhooks.attempt_map(attempt))
        with self._database.changing() as connection:
            connection.execute(
                "INSERT INTO attempts VALUES (?, ?, ?)", (webhook, attempt.moment, record)
            )
            connection.execute(
                "DELETE FROM attempts WHERE moment < ?", (attempt.moment - _LOG_KEPT,)
            )

    def attempts(self, webhook: str, limit: int) -> Sequence[Attempt]:
        """Read the last tries, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT record FROM attempts WHERE webhook = ?"
                " ORDER BY moment DESC, rowid DESC LIMIT ?",
                (webhook, limit),
            ).fetchall()
        return [webhooks.attempt_from(json.loads(record)) for (record,) in rows]


def _put(connection: Connection, webhook: Webhook) -> None:
    record = json.dumps(webhooks.webhook_map(webhook))
    connection.execute(
        "INSERT OR REPLACE INTO webhooks VALUES (?, ?, ?)", (webhook.tenant, webhook.id, record)
    )
