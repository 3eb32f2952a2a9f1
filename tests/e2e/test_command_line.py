from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from client.errors import Exit
from fanfold.model import State
from tests.data.samples import SAMPLES
from tests.e2e.accuracy import recall
from tests.e2e.conftest import wait_for

FANFOLD = (sys.executable, "-m", "cli")
DEAD = "http://127.0.0.1:9"
ODD = {
    **dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"), DEAD),
    **{"AWS_PROFILE": "nobodys", "AWS_REGION": "ap-south-1", "AWS_ENDPOINT_URL": DEAD},
    **{"TESSDATA_PREFIX": "/nowhere", "HOME": "/nowhere", "LC_ALL": "tr_TR.UTF-8"},
    "TZ": "Pacific/Kiritimati",
}
"""What a user may have set for purposes of their own."""


@pytest.fixture
def fanfold(place):
    """Call the command line on the running service."""
    environment = os.environ | {"FANFOLD_ENDPOINT": place.api_url}

    def call(*arguments, given=b"", stdout=subprocess.PIPE):
        command = [*FANFOLD, *map(str, arguments)]
        run = subprocess.run(
            command, env=environment, input=given, stdout=stdout, stderr=subprocess.PIPE,
            timeout=120, check=False,
        )  # fmt: skip
        said = (told.decode() if told else "" for told in (run.stdout, run.stderr))
        return subprocess.CompletedProcess(command, run.returncode, *said)

    return call


def test_text_goes_to_the_pipe_and_nothing_else_is_said(fanfold, samples):
    run = fanfold("extract", samples / "scan.pdf")

    assert (run.returncode, run.stderr) == (Exit.OK, "")
    assert recall(SAMPLES["scan.pdf"].words, run.stdout) >= 0.95


def test_results_of_several_files_lie_beside_one_another(fanfold, samples, tmp_path):
    run = fanfold("extract", samples / "native.pdf", samples / "page.png", "-o", tmp_path)

    assert (run.returncode, run.stdout) == (Exit.OK, "")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        f"{stem}.{form}" for stem in ("native", "page") for form in ("txt", "md", "json", "pdf")
    }
    assert all(str(tmp_path / name) in run.stderr for name in names)


def test_missing_pages_and_failed_documents_show_in_the_exit_code(fanfold, samples):
    partial = fanfold("extract", samples / "one-bad-page.pdf")
    failed = fanfold("extract", samples / "locked-user.pdf", samples / "native.pdf")

    assert partial.returncode == Exit.PARTIAL
    assert "page 2: PIXELS_EXCEEDED" in partial.stderr
    assert failed.returncode == Exit.FAILED
    assert "PASSWORD_REQUIRED" in failed.stderr
    assert recall(SAMPLES["native.pdf"].words, failed.stdout) == 1


def test_a_refused_option_is_wrong_usage(fanfold, samples):
    run = fanfold("extract", samples / "native.pdf", "--lang", "xyz")

    assert run.returncode == Exit.USAGE
    assert "there are" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_status_and_list_tell_what_became_of_a_document(fanfold, samples):
    fanfold("extract", samples / "native.pdf")

    newest = fanfold("list", "--limit", "1").stdout.split("\t")
    status = fanfold("status", newest[0])

    assert newest[1:4] == ["SUCCEEDED", "2", "2"]
    assert newest[-1] == "native.pdf\n"
    assert status.stdout == f"{newest[0]}  SUCCEEDED  2 of 2 pages  native.pdf\n"


@pytest.mark.parametrize("command", ["up", "cloud"])
def test_a_service_serves_until_it_is_interrupted_and_leaves_no_process(command, tmp_path):
    own = {"up": ("--data", tmp_path), "cloud": ("--aws-port", "0")}[command]
    up = subprocess.Popen(
        [*FANFOLD, command, "--port", "0", *own], stdout=subprocess.PIPE, text=True
    )
    try:
        api_url = wait_for(lambda: re.search(r"API +(http\S+)", up.stdout.readline()))[1]
        assert httpx.get(f"{api_url}/health").json()["status"] == "ok"
        family = psutil.Process(up.pid).children(recursive=True)
    finally:
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=30)

    assert up.returncode == Exit.OK
    assert not psutil.wait_procs(family, timeout=10)[1]


def test_what_the_user_has_set_for_aws_and_proxies_is_not_in_the_way(samples):
    run = subprocess.run(
        [*FANFOLD, "extract", samples / "page.png", "--no-service"],
        env=os.environ | ODD,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (run.returncode, run.stderr) == (Exit.OK, "")
    assert recall(SAMPLES["page.png"].words, run.stdout) >= 0.95


def test_a_folder_a_pipe_and_a_file_for_the_result(fanfold, samples, tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    shutil.copy(samples / "native.pdf", tmp_path / "in" / "deep" / "letter.pdf")
    out = tmp_path / "out"

    folder = fanfold("extract", tmp_path / "in", "-o", out, "-f", "txt", "--json")
    piped = fanfold("extract", "-", given=(samples / "page.png").read_bytes())
    again = fanfold("extract", tmp_path / "in", "-o", out, "-f", "txt", "--skip-existing")
    one = fanfold("extract", samples / "native.pdf", "-o", tmp_path / "one.md", "-q")

    told = json.loads(folder.stdout)
    assert told["results"] == {"txt": str(out / "deep" / "letter.txt")}
    assert recall(SAMPLES["native.pdf"].words, (out / "deep" / "letter.txt").read_text()) == 1
    assert recall(SAMPLES["page.png"].words, piped.stdout) >= 0.95
    assert again.stderr == "1 skipped: their results are there\n"
    assert recall(SAMPLES["native.pdf"].words, (tmp_path / "one.md").read_text()) == 1
    assert {run.returncode for run in (folder, piped, again, one)} == {Exit.OK}
    assert one.stderr == ""


def test_a_document_is_followed_and_fetched_by_its_name(fanfold, samples, tmp_path):
    named = tmp_path / "only this.png"
    shutil.copy(samples / "page.png", named)
    fanfold("extract", named)

    followed = fanfold("follow", named.name)
    got = fanfold("get", named.name)

    assert followed.stdout.endswith("SUCCEEDED  1 of 1 page  only this.png\n")
    assert recall(SAMPLES["page.png"].words, got.stdout) >= 0.95


def test_a_pipe_that_nobody_reads_ends_quietly(place):
    environment = os.environ | {"FANFOLD_ENDPOINT": place.api_url}
    with subprocess.Popen(
        [*FANFOLD, "languages"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        run.stdout.close()
        said = run.stderr.read()

    assert (run.returncode, said) == (Exit.CLOSED_PIPE, b"")


def test_a_full_disk_is_said_in_one_line(fanfold, samples):
    with Path("/dev/full").open("wb") as full:
        run = fanfold("extract", samples / "native.pdf", stdout=full)

    assert run.returncode == Exit.UNWRITABLE
    assert run.stderr.splitlines()[-1].endswith("No space left on device")


def test_an_interruption_names_what_the_service_goes_on_with(
    place, fanfold, reader, samples, tmp_path
):
    for number in range(20):
        content = (samples / "scan.pdf").read_bytes() + b"%%%d\n" % number
        (tmp_path / f"{number}.pdf").write_bytes(content)  # else the first is taken for them all
    environment = os.environ | {"FANFOLD_ENDPOINT": place.api_url}
    with subprocess.Popen(  # whoever runs the tests in the background has it ignored
        ["env", "--default-signal=INT", *FANFOLD, "extract", tmp_path, "-o", tmp_path / "out"],
        env=environment, stderr=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        wait_for(lambda: reader.service.newest("15.pdf"))
        run.send_signal(signal.SIGINT)
        said = run.stderr.read()

    ids = re.findall(r"^  ([0-9a-f]{32})  ", said, re.MULTILINE)
    assert run.returncode == Exit.INTERRUPTED
    assert ids
    for each in ids:  # those that the service has not ended meanwhile
        stopped = fanfold("cancel", each).stdout == f"{each}  CANCELLED\n"
        assert reader.wait(each).state is (State.CANCELLED if stopped else State.SUCCEEDED)
