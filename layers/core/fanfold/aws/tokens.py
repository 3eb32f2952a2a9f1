"""Tokens and what tenants have had, in the one DynamoDB table.

TOKEN  pk ``TOKENS``              sk ``{sha256}``: one partition, so that they can be listed.
DAY    pk ``DAY#{tenant}#{day}``  sk ``DAY``: the bytes of a day.

Neither has the attributes that the table's indexes sort by, so none lists them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from boto3.dynamodb.conditions import Key

from fanfold.access import Token, token_from, token_map
from fanfold.aws.items import seconds
from fanfold.aws.table import Table
from fanfold.ports import Clock

_TOKENS = "TOKENS"
_DAY_KEPT = 7 * 24 * 3600 * 1000
"""How long a day is known after it, in milliseconds: for people to look at."""


class DynamoTokens:
    """The TokenStore of the ports on one DynamoDB table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, token: Token) -> None:
        """Write a new token."""
        self._table.put({**_key(token.digest), **token_map(token)})

    def get(self, digest: str) -> Token | None:
        """Read a token as of now."""
        item = self._table.get(_key(digest), consistent=True)
        return token_from(digest, item) if item else None

    def all(self) -> Sequence[Token]:
        """Read every token."""
        found: list[Token] = []
        start: dict[str, Any] = {}
        while True:
            answer = self._table.query(
                KeyConditionExpression=Key("pk").eq(_TOKENS), ConsistentRead=True, **start
            )
            found += [token_from(str(item["sk"]), item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def revoke(self, token: Token, moment: int) -> Token:
        """Note that a token is revoked, if it is not; return it as it is now."""
        after = self._table.update(
            _key(token.digest),
            "SET #revoked_at = :moment",
            condition="attribute_not_exists(#revoked_at)",
            values={":moment": moment},
        )
        return token_from(token.digest, after.item) if after.item else token

    def used(self, token: Token, moment: int) -> None:
        """Note that a token was shown."""
        self._table.update(
            _key(token.digest),
            "SET #used_at = :moment",
            condition="attribute_not_exists(#revoked_at)",
            values={":moment": moment},
        )


class DynamoLedger:
    """The Ledger of the ports on one DynamoDB table."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def charge(self, tenant: str, day: str, size: int, limit: int) -> bool:
        """Add bytes to a tenant's day, all or, beyond the limit, none.

        An answer that gets lost on its way has the same bytes added twice.
        """
        if size > limit:
            return False
        key = {"pk": f"DAY#{tenant}#{day}", "sk": "DAY"}
        fresh = {**key, "bytes": size, "ttl": seconds(self._clock.now() + _DAY_KEPT)}
        return self._table.put_new(fresh) or self._add(key, size, limit)

    def _add(self, key: dict[str, str], size: int, limit: int) -> bool:
        return self._table.update(
            key,
            "ADD #bytes :size",
            condition="#bytes <= :room",
            values={":size": size, ":room": limit - size},
        ).applied


def _key(digest: str) -> dict[str, str]:
    return {"pk": _TOKENS, "sk": digest}
