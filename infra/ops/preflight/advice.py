"""What stands in the way of a deployment, in sentences, each with what to set or do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from infra.ops.preflight.account import LINKED_ROLES, Account
from infra.ops.preflight.wanted import Wanted

WITHOUT_LAMBDA = frozenset({"use1-az3"})
"""Ids of zones in whose subnets Lambda runs no functions; AWS has no call that tells them."""
LEAST_PAGES = 2
"""Minimum of PageConcurrency: an event source has no less."""
_CONCURRENCY_QUOTA = "L-B99A9384"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know before a deployment; ``stops`` where it fails or crawls otherwise."""

    says: str
    do: str
    stops: bool = True


def findings(account: Account, wanted: Wanted) -> Iterator[Finding]:
    """Yield what an account lacks."""
    yield from _concurrency(account, wanted)
    if wanted.zones:
        yield from _region(account, wanted)
        yield from _zones(account, wanted)
    yield from _log_role(account, wanted)
    yield from _linked_roles(account, wanted)


def _concurrency(account: Account, wanted: Wanted) -> Iterator[Finding]:
    needed = wanted.pages + wanted.others
    if account.concurrency >= needed:
        return
    room = account.concurrency - wanted.others
    says = (
        f"{account.concurrency} functions run at once in this account and region;"
        f" PageConcurrency {wanted.pages} and {wanted.others} of the other steps are {needed}."
        " Beyond the limit all functions of the account are throttled."
    )
    more = (
        "aws service-quotas request-service-quota-increase --service-code lambda"
        f" --quota-code {_CONCURRENCY_QUOTA} --desired-value {max(needed, 1000)}"
    )
    if room >= LEAST_PAGES:
        yield Finding(says, f"set PageConcurrency={room}, or ask for more:\n  {more}")
    else:
        yield Finding(
            says, f"ask for more, and set PageConcurrency={LEAST_PAGES} until then:\n  {more}"
        )


def _region(account: Account, wanted: Wanted) -> Iterator[Finding]:
    if account.region not in wanted.regions:
        yield Finding(
            f"infra/aws/network.yaml does not know the prefix lists of {account.region}.",
            "add a line there (docs/network.md, “A region that is not in the list”)",
        )


def _zones(account: Account, wanted: Wanted) -> Iterator[Finding]:
    good = [
        zone.name
        for zone in account.zones
        if zone.id not in WITHOUT_LAMBDA
        and (zone.name in account.sqs_zones or not wanted.sqs_endpoint)
    ]
    first = tuple(zone.name for zone in account.zones[: wanted.zones])
    chosen = wanted.zone_names or first
    if len(chosen) == wanted.zones and set(chosen) <= set(good):
        return
    bad = [name for name in chosen if name not in good]
    reason = (
        f"{', '.join(bad)} has no Lambda or no endpoint for SQS, or is no zone here"
        if bad
        else (f"ZoneNames are {len(chosen)}, Zones is {wanted.zones}")
    )
    if len(good) < wanted.zones:
        yield Finding(f"{reason}.", "take another region: this one has too few zones for Zones")
    else:
        yield Finding(f"{reason}.", f"set ZoneNames={','.join(good[: wanted.zones])}")


def _log_role(account: Account, wanted: Wanted) -> Iterator[Finding]:
    match wanted.log_role, account.log_role:
        case "create", role if role:
            yield Finding(
                f"API Gateway has a role for its logs already, which would be replaced: {role}.",
                "set ApiLogRole=existing",
            )
        case "existing", "":
            yield Finding("API Gateway has no role for its logs here.", "set ApiLogRole=create")
        case "none", role:
            better = "existing" if role else "create"
            yield Finding(
                "The API's accesses are not logged.",
                f"ApiLogRole={better} turns that on",
                stops=False,
            )


def _linked_roles(account: Account, wanted: Wanted) -> Iterator[Finding]:
    needed = {"AWSServiceRoleForAPIGateway"} if wanted.domain else set()
    for name in sorted(needed - account.linked_roles):
        yield Finding(
            f"There is no {name}. A deployment that may (iam:CreateServiceLinkedRole) makes it.",
            f"aws iam create-service-linked-role --aws-service-name {LINKED_ROLES[name]}",
            stops=False,
        )
