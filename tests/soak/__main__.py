"""Run the service for minutes, with people, hostile files and killed workers; look what grows.

    python -m tests.soak [--minutes 10] [--seed 1]

Prints a line for each half minute, what became of the documents and a verdict.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from random import Random

import psutil

from cli import tools
from cli.service import Service
from infra.local.clients import Clients
from infra.local.cloud import Cloud
from infra.local.names import Place
from tests.data.samples import ensure
from tests.soak import measures
from tests.soak.measures import Sample
from tests.soak.people import People

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
KILL_EVERY = 15.0
"""Seconds between two workers' deaths, on average."""
SETTLE = 240.0
"""Seconds within which everything must have ended after the last document was sent."""
GROWTH = 0.10
"""Share by which memory may differ between the last third and the one before: noise."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    found = tools.find()
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = str(Path(folder) / "tmp")  # of this process; workers are told theirs
        Path(tempfile.tempdir).mkdir()
        with Cloud(
            TEMPLATE,
            parameters={"Languages": "+".join(tools.languages(found))},
            workers=2,
            environment=found.environment,
            log=Path(folder) / "log",
        ) as cloud:
            people = People(Service(cloud.api_url), ensure(), Path(folder), wish.seed)
            samples, kills = live(people, wish.minutes, wish.seed, Path(tempfile.tempdir))
            left = rest(people, cloud)
        stray = [path.name for path in Path(tempfile.tempdir).iterdir()]
    orphans = [str(one) for one in psutil.Process().children(recursive=True)]
    tempfile.tempdir = None
    return verdict(people, samples, kills, [*left, *stray, *orphans], wish.minutes)


def live(people: People, minutes: float, seed: int, temporary: Path) -> tuple[list[Sample], int]:
    """Let people act and workers die until the time is over."""
    random, samples, kills = Random(seed), [], 0
    began, told, died = time.monotonic(), -1.0, time.monotonic()
    while (now := (time.monotonic() - began) / 60) < minutes:
        people.act(sending=True)
        if time.monotonic() - died > random.expovariate(1 / KILL_EVERY):
            kills += _kill(random)
            died = time.monotonic()
        if now - told >= 0.1:
            samples.append(measures.look(now, temporary))
            told = now
            if len(samples) % 5 == 1:
                print(_line(samples[-1], people), flush=True)
        time.sleep(0.2)
    return samples, kills


def _kill(random: Random) -> int:
    """Kill one of our own workers."""
    with suppress(psutil.NoSuchProcess, IndexError):
        random.choice(measures.workers()).send_signal(signal.SIGKILL)
        return 1
    return 0


def rest(people: People, cloud: Cloud) -> list[str]:
    """Wait for the end of everything, delete it, and return what is left."""
    deadline = time.monotonic() + SETTLE
    clients = Clients(Place(cloud.aws_url))
    # The last message of a document is deleted after the document has ended.
    while people.live or people.ended or _waiting(clients):
        people.act(sending=False)
        if time.monotonic() > deadline:
            break
        time.sleep(0.2)
    found = [f"stands still: {document}" for document in people.live]
    objects = clients.s3().list_object_versions(Bucket=cloud.bucket)
    keys = [one["Key"] for one in objects.get("Versions", ())]
    found += [f"object {key}" for key in keys if not any(torn in key for torn in people.torn)]
    items = clients.dynamodb().scan(TableName=cloud.table)["Items"]
    # A deleted document's META stays for a while, so that late workers stay locked out.
    found += [f"item {one['pk']['S']}" for one in items if _counts(one)]
    return found + _waiting(clients)


def _waiting(clients: Clients) -> list[str]:
    """Name the queues that hold messages."""
    sqs, found = clients.sqs(), []
    for url in sqs.list_queues().get("QueueUrls", ()):
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        waiting = int(told["ApproximateNumberOfMessages"])
        flying = int(told["ApproximateNumberOfMessagesNotVisible"])
        found += [f"{waiting + flying} messages in {url}"] if waiting + flying else []
    return found


def _counts(item: dict) -> bool:
    """Whether an item should be gone; what has a time to live goes by itself on AWS."""
    return "ttl" not in item and item.get("state", {}).get("S") != "DELETED"


def _line(sample: Sample, people: People) -> str:
    return (
        f"{sample.minutes:5.1f} min  service {sample.service:5.0f} MB  worker {sample.workers:4.0f}"
        f" MB  {sample.descriptors:4} descriptors  {sample.files:4} files  {sample.zombies} zombies"
        f"  {people.pages:5} pages"
    )


def verdict(
    people: People, samples: list[Sample], kills: int, left: list[str], minutes: float
) -> int:
    """Print what it came to; return the exit code."""
    ends = ", ".join(f"{count} {end}" for end, count in people.ends.most_common())
    print(f"ended: {ends}; {kills} workers killed; {people.pages / minutes:.0f} pages a minute")
    wrong = [f"left: {thing}" for thing in left]
    for name in ("service", "workers", "descriptors", "files", "zombies"):
        grown, slope = measures.growth(samples, name), measures.slope(samples, name)
        print(f"{name}: {grown:+.1%} from the second third to the last, {slope:+.2f} a minute")
        if grown > GROWTH and slope > 0:
            wrong.append(f"{name} grows")
    print("\n".join(wrong) or "nothing grows, nothing is left, every document ended")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
