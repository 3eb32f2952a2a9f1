"""Webhooks and their log, in the one DynamoDB table.

WEBHOOK  pk ``WEBHOOKS#{tenant}``    sk ``{webhook}``
ATTEMPT  pk ``WEBHOOK#{webhook}``    sk ``{moment}#{number}#{event id}``, for a week.

Neither has the attributes that the table's indexes sort by, so none lists them.
"""

from __future__ import annotations

from collections.abc import Sequence

from boto3.dynamodb.conditions import Key

from fanfold import webhooks
from fanfold.aws.items import seconds
from fanfold.aws.table import Table
from fanfold.webhooks import Attempt, Webhook

_LOG_KEPT = 7 * 24 * 3600 * 1000
"""How long an attempt is known, in milliseconds."""


class DynamoWebhooks:
    """The WebhookStore of the ports on one DynamoDB table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, webhook: Webhook) -> None:
        """Write a webhook."""
        self._table.put({**_key(webhook.tenant, webhook.id), **webhooks.webhook_map(webhook)})

    def get(self, tenant: str, webhook: str) -> Webhook | None:
        """Read a webhook as of now."""
        item = self._table.get(_key(tenant, webhook), consistent=True)
        return webhooks.webhook_from(tenant, webhook, item) if item else None

    def of(self, tenant: str) -> Sequence[Webhook]:
        """Read a tenant's webhooks: a few, so one answer holds them."""
        found = self._table.query(
            KeyConditionExpression=Key("pk").eq(_key(tenant, "")["pk"]), ConsistentRead=True
        )
        return [webhooks.webhook_from(tenant, str(one["sk"]), one) for one in found["Items"]]

    def remove(self, webhook: Webhook) -> None:
        """Remove a webhook."""
        self._table.delete([_key(webhook.tenant, webhook.id)])

    def note(
        self, webhook: Webhook, *, failing_since: int | None, off_at: int | None, off_reason: str
    ) -> None:
        """Note how a webhook fares, unless it is gone."""
        self._table.update(
            _key(webhook.tenant, webhook.id),
            "SET #failing_since = :since, #off_at = :off, #off_reason = :reason",
            condition="attribute_exists(#url)",
            values={":since": failing_since, ":off": off_at, ":reason": off_reason},
        )

    def log(self, webhook: str, attempt: Attempt) -> None:
        """Write a try to deliver something."""
        key = {
            "pk": f"WEBHOOK#{webhook}",
            "sk": f"{attempt.moment:013}#{attempt.number}#{attempt.event_id}",
        }
        until = {"ttl": seconds(attempt.moment + _LOG_KEPT)}
        self._table.put({**key, **webhooks.attempt_map(attempt), **until})

    def attempts(self, webhook: str, limit: int) -> Sequence[Attempt]:
        """Read the last tries, the newest first."""
        found = self._table.query(
            KeyConditionExpression=Key("pk").eq(f"WEBHOOK#{webhook}"),
            ScanIndexForward=False,
            Limit=limit,
        )
        return [webhooks.attempt_from(item) for item in found["Items"]]


def _key(tenant: str, webhook: str) -> dict[str, str]:
    return {"pk": f"WEBHOOKS#{tenant}", "sk": webhook}
