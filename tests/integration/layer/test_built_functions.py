"""What `make build` made: small enough for Lambda, and whole without this checkout.

Python 3.13 is looked for on PATH and in PYTHON313; Lambda has no other.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from infra.sam.flow import denies
from tests.aws import create_table
from tests.infra.stack import ROOT, load

BUILT = ROOT / ".aws-sam" / "build"
LARGEST = 250_000_000  # bytes, function and layers, unzipped
EVENTS = ROOT / "events"
FUNCTIONS = [name for name, _ in load().of("AWS::Lambda::Function")]
SAMPLES = {
    "ApiFunction": "api-list",
    "AuthorizeFunction": "authorize",
    "IntakeFunction": "intake",
    "SplitFunction": "split",
    "PageFunction": "page",
    "PageHeavyFunction": "page-heavy",
    "AssembleFunction": "assemble",
    "LostFunction": "lost-heavy",
    "SweepFunction": "sweep",
}
RUN = """
import importlib, json, sys
class Context:
    function_name = "f"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    aws_request_id = "r"
    def get_remaining_time_in_millis(self):
        return 60000
name, event = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8"))
answer = importlib.import_module(name).handler(event, Context())
import fanfold
print("\\n" + json.dumps([answer, fanfold.__file__], default=int))
"""
TRIAL = "from fanfold.ocr.recognise.neural import trial; print(trial.passed())"


@pytest.fixture(scope="module")
def built() -> Path:
    if not BUILT.exists():
        pytest.skip("nothing built: make build")
    return BUILT


def parts(built: Path, function: str) -> list[Path]:
    """Return the folders that Lambda would lay over one another for a function."""
    layers = load().properties(function)["Layers"]
    return [
        built / function,
        *(built / load().id_of(layer).rstrip("0123456789abcdef") for layer in layers),
    ]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_and_its_layers_are_small_enough(built: Path, function: str) -> None:
    files = [file for part in parts(built, function) for file in part.rglob("*") if file.is_file()]
    assert 0 < sum(file.stat().st_size for file in files) < LARGEST


@pytest.fixture(scope="module")
def account() -> Iterator[dict[str, str]]:
    """Give the environment of a function of an account on moto that holds nothing yet."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "FANFOLD_BUCKET": "the-bucket",
        "FANFOLD_DERIVED_BUCKET": "the-derived-bucket",
        "FANFOLD_TABLE": "the-table",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        create_table("the-table")
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="the-bucket")
        s3.create_bucket(Bucket="the-derived-bucket")
        s3.put_bucket_versioning(Bucket="the-bucket", VersioningConfiguration={"Status": "Enabled"})
        sqs = boto3.client("sqs")
        for step in ("intake", "split", "page", "heavy", "assemble"):
            url = sqs.create_queue(QueueName=step)["QueueUrl"]
            environment[f"FANFOLD_{step.upper()}_QUEUE_URL"] = url
        yield environment
    server.stop()


@pytest.fixture(scope="module")
def python() -> str:
    candidates = (os.environ.get("PYTHON313"), shutil.which("python3.13"))
    for candidate in filter(None, candidates):
        if (
            subprocess.run([candidate, "--version"], capture_output=True, check=False).returncode
            == 0
        ):
            return candidate
    pytest.skip("Lambda runs functions on Python 3.13: install it, or name it in PYTHON313")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_runs_its_event_with_nothing_but_what_was_built(
    built: Path, account: dict[str, str], python: str, tmp_path: Path, function: str
) -> None:
    handler = load().properties(function)["Handler"].rpartition(".")[0]
    paths = [
        part / "python" if (part / "python").is_dir() else part for part in parts(built, function)
    ]
    done = subprocess.run(
        [python, "-S", "-P", "-c", RUN, handler, str(EVENTS / f"{SAMPLES[function]}.json")],
        env={
            **account,
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "PATH": os.defpath,
            "FANFOLD_LANE": "heavy" if function == "PageHeavyFunction" else "",
            "FANFOLD_WORKSPACE": str(tmp_path / "work"),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer, package = json.loads(done.stdout.splitlines()[-1])
    assert Path(package).is_relative_to(built)
    if function == "ApiFunction":
        assert answer["statusCode"] == 200
        assert "documents" in json.loads(answer["body"])
    elif function == "AuthorizeFunction":
        assert denies(answer) == ""
    elif function == "SweepFunction":
        assert answer is None
    else:
        assert answer == {"batchItemFailures": []}


def test_the_heavy_lane_reads_with_the_second_reader_that_was_built(
    built: Path, python: str, tmp_path: Path
) -> None:
    paths = [
        part / "python" if (part / "python").is_dir() else part
        for part in parts(built, "PageHeavyFunction")
    ]
    done = subprocess.run(
        [python, "-S", "-P", "-c", TRIAL],
        env={"PYTHONPATH": os.pathsep.join(map(str, paths)), "PATH": os.defpath},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
