"""Functions that do one thing each, for the tests of the embedded cloud."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path


def _write(entry):
    with Path(os.environ["JOURNAL"]).open("a") as journal:
        journal.write(json.dumps(entry) + "\n")


def _count(record):
    return int(record["attributes"]["ApproximateReceiveCount"])


def note(event, context):
    """Write down what came."""
    for record in event["Records"]:
        _write({"record": record, "pid": os.getpid(), "seconds": _seconds(context)})


def _seconds(context):
    return context.get_remaining_time_in_millis() / 1000


def surroundings(event, context):
    """Write down the environment, the context and the folder for temporary files."""
    _write(
        {
            "environment": dict(os.environ),
            "temporary": tempfile.gettempdir(),
            "request": context.aws_request_id,
            "name": context.function_name,
            "memory": context.memory_limit_in_mb,
            "arn": context.invoked_function_arn,
        }
    )


def fail_odd(event, context):
    """Report the records with an odd body as failed, as long as they are new."""
    _write({"bodies": [record["body"] for record in event["Records"]]})
    odd = [r for r in event["Records"] if int(r["body"]) % 2 and _count(r) == 1]
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in odd]}


def raise_always(event, context):
    """Fail, and say so."""
    _write({"counts": [_count(record) for record in event["Records"]]})
    raise RuntimeError("never")


def nap(event, context):
    """Take two seconds."""
    (record,) = event["Records"]
    _write({"began": _count(record)})
    time.sleep(2)
    _write({"ended": _count(record)})


def die_first(event, context):
    """Be killed by the first delivery."""
    (record,) = event["Records"]
    _write({"count": _count(record), "pid": os.getpid()})
    if _count(record) == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def leave_child(event, context):
    """Start a child in a session of its own, and hang."""
    child = subprocess.Popen(["sleep", "300"], start_new_session=True)
    _write({"pid": os.getpid(), "child": child.pid})
    time.sleep(300)


def stubborn(event, context):
    """Start a child that will not end, and be like it."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the child inherits it
    leave_child(event, context)


def hoard(event, context):
    """Take more and more memory."""
    (record,) = event["Records"]
    _write({"count": _count(record)})
    if _count(record) == 1:
        hoarded = [bytearray(b"x" * 400_000_000)]
        time.sleep(30)
        del hoarded


def fill(event, context):
    """Write as many bytes into a file for temporary use as the message says."""
    (record,) = event["Records"]
    path = Path(tempfile.gettempdir()) / record["messageId"]
    try:
        path.write_bytes(bytes(int(record["body"])))
    except OSError as error:
        _write({"errno": error.errno})
        raise
    _write({"written": path.stat().st_size})


def front(event, context):
    """Answer as the query asks."""
    query = event.get("queryStringParameters") or {}
    answer = {"statusCode": 200, "headers": {"Content-Type": "application/json"}}
    match query.get("do"):
        case "raise":
            raise RuntimeError("no")
        case "sleep":
            time.sleep(1)
        case "nonsense":
            return {"hello": "there"}
        case "bytes":
            body = base64.b64encode(bytes(range(256))).decode()
            return answer | {"body": body, "isBase64Encoded": True}
        case "cookies":
            cookies = {"Set-Cookie": ["a=1", "b=2"]}
            return {"statusCode": 303, "multiValueHeaders": cookies, "body": ""}
    return answer | {"body": json.dumps(event)}
