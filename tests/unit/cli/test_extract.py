from __future__ import annotations

import pytest

from cli import command, extract
from cli.progress import Silent
from client.errors import Exit, Refused
from fanfold.model import Mode, Output
from tests.unit.client.service_stand_in import EMPTY, PARTIAL, SUCCEEDED, StandIn, error, pages

RUNNING = {"state": "PROCESSING", "pages": pages(0, 1)}


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch):
    monkeypatch.setattr(extract, "_MINIMUM_PAUSE", 0)
    monkeypatch.setattr(extract, "_MAXIMUM_PAUSE", 0)


@pytest.fixture
def files(tmp_path):
    def make(*names):
        paths = [tmp_path / name for name in names]
        for path in paths:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"%PDF")
        return paths

    return make


@pytest.fixture
def stand_in():
    return StandIn(results={"txt": b"words\n", "json": b"{}", "pdf": b"%PDF"})


def wish(paths, folder=None, output=None, show=False):
    return command.Wish(
        paths, (output,) if output else (), folder, show, command.options("", "", Mode.AUTO)
    )


def test_documents_come_in_the_order_of_the_call_whichever_ends_first(stand_in, files):
    paths = files("slow.pdf", "fast.pdf")
    stand_in.lives = {"slow.pdf": [RUNNING] * 5 + [SUCCEEDED], "fast.pdf": [SUCCEEDED]}

    ended = list(extract.read_all(stand_in.service(), paths, {}, Silent()))

    assert [path.name for path, _ in ended] == ["slow.pdf", "fast.pdf"]
    assert "d1" in stand_in.looks[:2]


def test_only_so_many_documents_are_under_way_at_once(stand_in, files):
    paths = files(*(f"{n}.pdf" for n in range(5)))
    stand_in.lives = {path.name: [RUNNING, RUNNING, SUCCEEDED] for path in paths}
    batch = extract.Batch(paths, window=2)
    running = []

    while len(batch.ended) < len(paths):
        extract.advance(stand_in.service(), batch, {})
        running.append(len(batch.live))

    assert max(running) == 2


def test_a_file_that_is_too_large_fails_alone(stand_in, files):
    large, small = files("large.pdf", "small.pdf")
    stand_in.lives = {"small.pdf": [SUCCEEDED]}
    stand_in.faults = [error(422, "TOO_LARGE")]

    ended = dict(extract.read_all(stand_in.service(), [large, small], {}, Silent()))

    assert ended[large].reason.code == "TOO_LARGE"
    assert extract.exit_code(ended[small]) is Exit.OK


def test_a_wrong_option_ends_the_call(stand_in, files):
    stand_in.faults = [error(400, "UNKNOWN_LANGUAGE")]

    with pytest.raises(Refused):
        list(extract.read_all(stand_in.service(), files("a.pdf"), {}, Silent()))


def test_text_goes_to_standard_output_and_nothing_else(stand_in, files, capfdbinary):
    stand_in.lives = {"a.pdf": [SUCCEEDED]}

    code = command.extract(stand_in.service(), wish(files("a.pdf")), Silent())

    assert capfdbinary.readouterr() == (b"words\n", b"")
    assert code is Exit.OK
    assert stand_in.wishes[0]["options"] == {"mode": "auto", "outputs": ["txt"]}


def test_several_texts_carry_their_names(stand_in, files, capfdbinary):
    paths = files("a.pdf", "b.pdf")
    stand_in.lives = {"a.pdf": [SUCCEEDED], "b.pdf": [SUCCEEDED]}

    command.extract(stand_in.service(), wish(paths), Silent())

    text = capfdbinary.readouterr().out.decode()
    assert text == "".join(f"==> {path} <==\nwords\n" for path in paths)


def test_the_worst_document_decides_the_exit_code(stand_in, files, capfd):
    stand_in.lives = {"a.pdf": [PARTIAL], "b.pdf": [EMPTY], "c.pdf": [SUCCEEDED]}

    code = command.extract(stand_in.service(), wish(files("a.pdf", "b.pdf", "c.pdf")), Silent())

    assert code is Exit.FAILED
    said = capfd.readouterr().err
    assert "a.pdf: 1 of 2 pages, 1 failed" in said
    assert "page 2: TIMEOUT: Too long." in said
    assert "b.pdf: FAILED: EMPTY_FILE: The file is empty (0 bytes)." in said
    assert "c.pdf" not in said


def test_a_folder_gets_every_format_and_the_call_says_where(stand_in, files, tmp_path, capfd):
    stand_in.lives = {"a.pdf": [SUCCEEDED]}
    folder = tmp_path / "out"

    command.extract(stand_in.service(), wish(files("a.pdf"), folder), Silent())

    assert sorted(path.name for path in folder.iterdir()) == ["a.json", "a.pdf", "a.txt"]
    out, said = capfd.readouterr()
    assert out == ""
    assert all(str(path) in said for path in folder.iterdir())


def test_a_format_that_could_not_be_made_is_named(stand_in, files, tmp_path, capfd):
    stand_in.lives = {"a.pdf": [PARTIAL]}

    command.extract(stand_in.service(), wish(files("a.pdf"), tmp_path / "out"), Silent())

    assert "there is no pdf result" in capfd.readouterr().err


def test_one_format_in_a_folder_asks_the_service_for_no_more(stand_in, files, tmp_path):
    stand_in.lives = {"a.pdf": [SUCCEEDED]}

    command.extract(
        stand_in.service(), wish(files("a.pdf"), tmp_path / "out", Output.JSON), Silent()
    )

    assert stand_in.wishes[0]["options"]["outputs"] == ["json"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.json"]


def test_a_broken_download_leaves_no_half_result(stand_in, files, tmp_path):
    stand_in.lives = {"a.pdf": [SUCCEEDED]}
    stand_in.results = {"txt": b"words\n"}

    with pytest.raises(KeyError):
        command.extract(stand_in.service(), wish(files("a.pdf"), tmp_path / "out"), Silent())

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.txt"]
