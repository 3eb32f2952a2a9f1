"""What one machine answers over HTTP, and what it keeps over deaths and restarts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from io import BytesIO
from typing import Any

import httpx
import pikepdf
import psutil
import pytest
from pikepdf import Dictionary, Name, String

from fanfold.bootstrap import SystemClock
from fanfold.disk import stores
from fanfold.stages.removal import Removal
from tests.data import packed, pdfs
from tests.integration.machine.conftest import Service, until


def workers(service: Service) -> list[psutil.Process]:
    family = psutil.Process(service.process.pid).children()
    return [one for one in family if "infra.machine.worker" in one.cmdline()]


def test_a_body_of_any_size_is_taken(service: Service, samples, tmp_path):
    large = tmp_path / "large.pdf"
    large.write_bytes((samples / "native.pdf").read_bytes() + b"\n%" + b"x" * 80_000_000)
    document = service.send(large, mode="native")
    status = service.ended(document)
    assert (status["state"], status["name"]) == ("SUCCEEDED", "large.pdf")
    assert service.send(large, mode="native") == document  # the same bytes, read before


def test_a_result_is_sent_whole_or_in_part(service: Service, samples):
    document = service.send(samples / "native.pdf")
    service.ended(document)
    redirect = service.client.get(f"/v1/documents/{document}/result?format=pdf")
    link = redirect.headers["Location"]
    whole = httpx.get(link)
    assert whole.content.startswith(b"%PDF")
    assert whole.headers["Content-Disposition"].startswith("attachment;")
    part = httpx.get(link, headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, whole.content[5:10])
    tail = httpx.get(link, headers={"Range": "bytes=-4"})
    assert tail.content == whole.content[-4:]
    beyond = httpx.get(link, headers={"Range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == 416
    assert httpx.get(link.replace("name=", "name=x")).status_code == 403


def test_list_and_status_count_alike_what_should_be_looked_at(service: Service, tmp_path):
    source = tmp_path / "broken.pdf"
    whole = packed.scanned("jpeg")
    picture = whole.index(b"\xff\xda")
    source.write_bytes(whole[: picture + 200] + bytes(600) + whole[picture + 800 :])
    status = service.ended(service.send(source, pages="1-2"))
    (listed,) = (
        one
        for one in service.client.get("/v1/documents").json()["documents"]
        if one["id"] == status["id"]
    )
    pages = status["page_states"]
    read = [page for page in pages if page["state"] == "done"]
    lost = [page for page in pages if page["state"] == "failed"]
    assert {page["page"] for page in [*read, *lost] if page.get("damage") or page.get("error")}
    assert listed["damage"] == status["damage"]
    assert status["damage"] == Counter(code for page in read for code in page.get("damage", ()))
    assert status["concerns"] == Counter(one for page in read for one in page.get("concerns", ()))
    assert status["review"] == [page["page"] for page in read if page["review"]]
    assert (listed["pages"]["done"], listed["pages"]["failed"]) == (len(read), len(lost))


def test_scripts_of_a_pdf_are_told_and_kept(service: Service, tmp_path):
    pdf = pdfs.typed(["a page"], (0, 0, 420, 300))
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    file = tmp_path / "script.pdf"
    file.write_bytes(pdfs.save(pdf))
    id_ = service.send(file)

    status = service.ended(id_)
    assert (status["state"], status["active_content"]) == (
        "SUCCEEDED",
        ["JAVASCRIPT", "OPEN_ACTION"],
    )
    kept = service.client.get(
        f"/v1/documents/{id_}/result", params={"format": "pdf"}, follow_redirects=True
    )
    with pikepdf.open(BytesIO(kept.content)) as result:
        assert Name.JavaScript == result.Root.OpenAction.S


def test_an_upload_form_takes_one_file_that_is_not_too_large(service: Service, samples):
    data = (samples / "native.pdf").read_bytes()
    wish = {"name": "a.pdf", "size": len(data), "options": {"mode": "native", "pages": "1"}}
    told = service.client.post("/v1/documents", json=wish).json()
    form = told["upload"]
    more = {"file": data + b"%"}
    assert httpx.post(form["url"], data=form["fields"], files=more).status_code == 400
    forged = {**form["fields"], "key": "uploads/default/" + "0" * 32}
    assert httpx.post(form["url"], data=forged, files={"file": data}).status_code == 403
    assert httpx.post(form["url"], data=form["fields"], files={"file": data}).status_code == 204
    assert service.ended(told["id"])["state"] == "SUCCEEDED"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
@pytest.mark.parametrize("path", ["/health", "/v1/documents", "/files/results/x"])
def test_web_pages_from_elsewhere_read_nothing(service: Service, path: str, headers):
    assert httpx.get(service.url + path, headers=headers).status_code == 403


def test_who_listens_for_others_wants_the_token_it_showed_once(start):
    service = start("--host", "127.0.0.2")
    assert httpx.get(f"{service.url}/health").status_code == 200
    assert httpx.get(f"{service.url}/v1/documents").status_code == 401
    wrong = {"Authorization": "Bearer nonsense"}
    assert httpx.get(f"{service.url}/v1/documents", headers=wrong).status_code == 401
    said = service.process.stdout
    lines = [said.readline() for _ in range(8)]
    token = next(lines[n + 1].strip() for n, line in enumerate(lines) if "token" in line)
    right = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{service.url}/v1/documents", headers=right).status_code == 200
    assert token.encode() not in (service.data / "database").read_bytes()


def test_a_killed_service_goes_on_where_it_was(start, samples):
    first = start()
    document = first.send(samples / "scan.pdf", mode="ocr")
    until(lambda: first.status(document)["pages"]["done"] >= 1)
    family = psutil.Process(first.process.pid).children(recursive=True)
    first.kill()
    assert not psutil.wait_procs(family, timeout=20)[1]

    second = start()
    status = second.ended(document)
    assert (status["state"], status["pages"]["failed"]) == ("SUCCEEDED", 0)
    assert len(second.text(document).split("\f")) == status["pages"]["total"]


def test_a_killed_worker_is_missed_and_its_page_read_by_another(start, samples):
    service = start()
    document = service.send(samples / "scan.pdf", mode="ocr")
    for _ in range(2):
        victim = until(lambda: workers(service))[0]
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait(timeout=20)
    status = service.ended(document)
    assert (status["state"], status["pages"]["failed"]) == ("SUCCEEDED", 0)


def test_a_data_folder_has_one_service_and_says_which(start):
    service = start()
    command = (sys.executable, "-m", "cli", "up", "--data", str(service.data), "--port", "0")
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 2
    assert f"held by process {service.process.pid} at {service.url}" in second.stderr


def test_what_is_deleted_is_out_of_sight_and_goes_from_the_disk(start, samples):
    service = start()
    document = service.send(samples / "native.pdf")
    service.ended(document)
    assert service.client.delete(f"/v1/documents/{document}").status_code == 202
    assert service.client.get(f"/v1/documents/{document}").status_code == 404
    have = stores.build(service.data, stores.database(service.data), SystemClock(), None)
    deleted = have.documents.get(document)
    assert deleted
    Removal(have.documents, have.objects)(deleted)  # as the sweep does within five minutes
    left = [path for path in (service.data / "objects").rglob("*") if document in str(path)]
    assert left == []


def test_the_command_line_asks_the_running_service_unless_told_not_to(
    samples, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("FANFOLD_ENDPOINT", raising=False)
    service = Service(tmp_path / "fanfold")
    try:
        extract = (sys.executable, "-m", "cli", "extract", str(samples / "native.pdf"))
        alone = subprocess.run([*extract, "--no-service"], capture_output=True, check=True)
        assert service.client.get("/v1/documents").json()["documents"] == []
        asked = subprocess.run(extract, capture_output=True, check=True)
        assert asked.stdout == alone.stdout
        assert len(service.client.get("/v1/documents").json()["documents"]) == 1
    finally:
        service.stop()


def test_doctor_looks_at_the_data_while_the_service_works_and_when_it_does_not(start, samples):
    service = start()
    doctor = (sys.executable, "-m", "cli", "doctor", "--json", "--data", str(service.data))

    def told() -> tuple[int, dict[str, Any]]:
        done = subprocess.run(doctor, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout)["data"]

    document = service.send(samples / "scan.pdf", mode="ocr")
    until(lambda: service.status(document)["pages"]["done"] >= 1)
    assert (told()[0], told()[1]["problems"]) == (0, [])
    service.ended(document)
    service.stop()
    code, found = told()
    assert (code, found["documents"], found["leftovers"], found["problems"]) == (0, 1, 0, [])
    next((service.data / "objects" / "results").rglob("text.txt")).unlink()
    code, found = told()
    assert code == 1 and "text.txt is missing" in found["problems"][0]


def test_a_backup_that_was_made_at_work_goes_on_elsewhere_to_the_same_text(
    start, samples, tmp_path
):
    service, copy, place = start(), tmp_path / "copy", tmp_path / "elsewhere"
    document = service.send(samples / "scan.pdf", mode="ocr")
    until(lambda: service.status(document)["pages"]["done"] >= 1)
    fanfold = (sys.executable, "-m", "cli")
    for command, folder in (("backup", service.data), ("restore", place)):
        call = (*fanfold, command, str(copy), "--data", str(folder))
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "sound" in done.stdout, done.stderr
    assert service.ended(document)["state"] == "SUCCEEDED"
    other = Service(place)
    try:
        assert other.ended(document)["state"] == "SUCCEEDED"
        assert other.text(document) == service.text(document)
    finally:
        other.stop()
