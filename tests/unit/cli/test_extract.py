from __future__ import annotations

import json

import pytest

from cli import command, extract, inputs, wishes
from cli.progress import Silent
from cli.report import Report
from client.errors import Exit, Interrupted, Refused, Usage
from fanfold.model import USUAL_OUTPUTS, Mode, Output
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


def wish(paths, folder=None, output=None, **others):
    given = [inputs.file(path) for path in paths]
    formats = (output,) if output else ()
    return wishes.wish(given, formats, folder, wishes.options("", "", Mode.AUTO), **others)


def read(service, wish, **report):
    return command.extract(service, wish, Silent(), Report(**report))


def read_all(stand_in, paths, *, in_order):
    batch = extract.Batch([inputs.file(path) for path in paths])
    return extract.read_all(stand_in.service(), batch, {}, Silent(), in_order=in_order)


@pytest.mark.parametrize(
    ("in_order", "names"), [(True, ["slow.pdf", "fast.pdf"]), (False, ["fast.pdf", "slow.pdf"])]
)
def test_documents_come_as_they_end_or_in_the_order_of_the_call(stand_in, files, in_order, names):
    paths = files("slow.pdf", "fast.pdf")
    stand_in.lives = {"slow.pdf": [RUNNING] * 5 + [SUCCEEDED], "fast.pdf": [SUCCEEDED]}

    ended = list(read_all(stand_in, paths, in_order=in_order))

    assert [item.path.name for item, _ in ended] == names
    assert "d1" in stand_in.looks[:2]


def test_only_so_many_documents_are_under_way_at_once(stand_in, files):
    paths = files(*(f"{n}.pdf" for n in range(5)))
    stand_in.lives = {path.name: [RUNNING, RUNNING, SUCCEEDED] for path in paths}
    batch = extract.Batch([inputs.file(path) for path in paths], window=2)
    running = []

    while len(batch.ended) < len(paths):
        extract.advance(stand_in.service(), batch, {})
        running.append(len(batch.live))

    assert max(running) == 2


def test_a_file_that_is_too_large_fails_alone(stand_in, files):
    large, small = files("large.pdf", "small.pdf")
    stand_in.lives = {"small.pdf": [SUCCEEDED]}
    stand_in.faults = [error(422, "TOO_LARGE")]

    ended = dict(read_all(stand_in, [large, small], in_order=True))

    assert [status.reason and status.reason.code for status in ended.values()] == [
        "TOO_LARGE",
        None,
    ]
    assert extract.exit_code(ended[inputs.file(small)]) is Exit.OK


def test_a_wrong_option_ends_the_call(stand_in, files):
    stand_in.faults = [error(400, "UNKNOWN_LANGUAGE")]

    with pytest.raises(Refused):
        list(read_all(stand_in, files("a.pdf"), in_order=True))


def test_text_goes_to_standard_output_and_nothing_else(stand_in, files, capfdbinary):
    stand_in.lives = {"a.pdf": [SUCCEEDED]}

    code = read(stand_in.service(), wish(files("a.pdf")))

    assert capfdbinary.readouterr() == (b"words\n", b"")
    assert code is Exit.OK
    assert stand_in.wishes[0]["options"] == {"mode": "auto", "outputs": ["txt"]}


def test_several_texts_carry_their_names(stand_in, files, capfdbinary):
    paths = files("a.pdf", "b.pdf")
    stand_in.lives = {"a.pdf": [SUCCEEDED], "b.pdf": [SUCCEEDED]}

    read(stand_in.service(), wish(paths))

    text = capfdbinary.readouterr().out.decode()
    assert text == "".join(f"==> {path} <==\nwords\n" for path in paths)


def test_the_worst_document_decides_the_exit_code(stand_in, files, capfd):
    stand_in.lives = {"a.pdf": [PARTIAL], "b.pdf": [EMPTY], "c.pdf": [SUCCEEDED]}

    code = read(stand_in.service(), wish(files("a.pdf", "b.pdf", "c.pdf")))

    assert code is Exit.FAILED
    said = capfd.readouterr().err
    assert "a.pdf: 1 of 2 pages, 1 failed" in said
    assert "page 2: TIMEOUT: Too long." in said
    assert "b.pdf: FAILED: EMPTY_FILE: The file is empty (0 bytes)." in said
    assert "c.pdf" not in said


def test_a_folder_gets_every_format_and_the_call_says_where(stand_in, files, tmp_path, capfd):
    stand_in.lives = {"a.pdf": [SUCCEEDED]}
    folder = tmp_path / "out"

    read(stand_in.service(), wish(files("a.pdf"), folder))

    assert sorted(path.name for path in folder.iterdir()) == ["a.json", "a.pdf", "a.txt"]
    out, said = capfd.readouterr()
    assert out == ""
    assert all(str(path) in said for path in folder.iterdir())


def test_a_format_that_could_not_be_made_is_named(stand_in, files, tmp_path, capfd):
    stand_in.lives = {"a.pdf": [PARTIAL]}

    read(stand_in.service(), wish(files("a.pdf"), tmp_path / "out"))

    assert "there is no pdf result" in capfd.readouterr().err


def test_one_format_in_a_folder_asks_the_service_for_no_more(stand_in, files, tmp_path):
    stand_in.lives = {"a.pdf": [SUCCEEDED]}

    read(stand_in.service(), wish(files("a.pdf"), tmp_path / "out", Output.JSON))

    assert stand_in.wishes[0]["options"]["outputs"] == ["json"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.json"]


def test_a_broken_download_leaves_no_half_result(stand_in, files, tmp_path):
    stand_in.lives = {"a.pdf": [SUCCEEDED]}
    stand_in.results = {"txt": b"words\n"}

    with pytest.raises(KeyError):
        read(stand_in.service(), wish(files("a.pdf"), tmp_path / "out"))

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.txt"]


def test_results_go_below_a_folder_as_the_documents_lie(stand_in, files, tmp_path):
    files("in/b.png", "in/notes.txt", "in/Thumbs.db", "in/.hidden.pdf")
    deep = tmp_path / "in" / "2026"
    deep.mkdir()
    (deep / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "in" / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    stand_in.lives = {"a.pdf": [SUCCEEDED], "b.png": [SUCCEEDED]}

    with inputs.found([tmp_path / "in"]) as found:
        asked = wishes.wish(found.inputs, [Output.TEXT], tmp_path / "out", {})
        read(stand_in.service(), asked)

    out = tmp_path / "out"
    assert sorted(p.relative_to(out).as_posix() for p in out.rglob("*.*")) == [
        "2026/a.txt",
        "b.txt",
    ]
    assert [path.name for path in found.left_out] == ["notes.txt"]


def test_one_result_goes_into_a_file_whose_name_says_its_format(stand_in, files, tmp_path):
    stand_in.lives = {"a.pdf": [SUCCEEDED]}
    target = tmp_path / "new" / "searchable.pdf"

    read(stand_in.service(), wish(files("a.pdf"), target))

    assert target.read_bytes() == b"%PDF"
    assert stand_in.wishes[0]["options"]["outputs"] == ["pdf"]


def test_a_zip_by_itself_holds_what_is_usual(files, tmp_path):
    asked = wish(files("a.pdf"), tmp_path / "all.zip")

    assert asked.outputs() == (*USUAL_OUTPUTS, Output.ZIP)


@pytest.mark.parametrize(
    ("names", "target", "output", "why"),
    [
        (("a.pdf", "b.pdf"), "one.txt", None, "one file"),
        (("a.pdf",), "one.txt", Output.PDF, "result in txt"),
        (("a.pdf",), "a.pdf", None, "overwritten"),
        (("a.pdf", "other"), "other", None, "no folder"),
    ],
)
def test_a_file_for_results_that_makes_no_sense_is_wrong_usage(
    files, tmp_path, names, target, output, why
):
    with pytest.raises(Usage, match=why):
        wish(files(*names), tmp_path / target, output)


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_read(files, tmp_path):
    (blocked,) = files("blocked")

    with pytest.raises(Usage, match="cannot be written"):
        wish(files("a.pdf"), blocked / "out")


def test_what_has_all_of_its_results_is_left_out_if_asked_for(stand_in, files, tmp_path):
    paths = files("a.pdf", "b.pdf", "c.pdf")
    for name in ("a.txt", "a.json", "b.txt"):
        (tmp_path / "out").mkdir(exist_ok=True)
        (tmp_path / "out" / name).touch()
    given = [inputs.file(path) for path in paths]

    asked = wishes.wish(given, [Output.TEXT, Output.JSON], tmp_path / "out", {}, skip=True)

    assert [item.path.name for item in asked.inputs] == ["b.pdf", "c.pdf"]


def test_a_result_that_cannot_be_written_fails_alone(stand_in, files, tmp_path, capsys):
    stand_in.lives = {"a.pdf": [SUCCEEDED], "b.pdf": [SUCCEEDED]}
    asked = wish(files("a.pdf", "b.pdf"), tmp_path / "out", Output.TEXT)
    (tmp_path / "out" / "a.txt.part").mkdir()

    assert read(stand_in.service(), asked) is Exit.UNWRITABLE
    assert "a.pdf: " in (said := capsys.readouterr().err)
    assert "a.txt.part cannot be written: Is a directory" in said
    assert (tmp_path / "out" / "b.txt").exists()


def test_programs_get_a_line_of_json_about_each_document(stand_in, files, tmp_path, capsys):
    stand_in.lives = {"a.pdf": [PARTIAL], "b.pdf": [EMPTY]}
    paths = files("a.pdf", "b.pdf")

    read(stand_in.service(), wish(paths, tmp_path / "out", Output.TEXT), as_json=True)

    out, said = capsys.readouterr()
    first, second = (json.loads(line) for line in out.splitlines())
    assert said == ""
    assert first["results"] == {"txt": str(tmp_path / "out" / "a.txt")}
    assert (first["state"], first["failed_pages"][0]["code"]) == ("PARTIAL", "TIMEOUT")
    assert (second["file"], second["reason"]["code"]) == (str(paths[1]), "EMPTY_FILE")


def test_quiet_says_what_went_wrong_and_nothing_else(stand_in, files, tmp_path, capsys):
    stand_in.lives = {"a.pdf": [SUCCEEDED], "b.pdf": [EMPTY]}

    read(
        stand_in.service(), wish(files("a.pdf", "b.pdf"), tmp_path / "out", Output.TEXT), quiet=True
    )

    assert [line.rpartition("/")[2] for line in capsys.readouterr().err.splitlines()] == [
        "b.pdf: FAILED: EMPTY_FILE: The file is empty (0 bytes)."
    ]


@pytest.mark.parametrize(
    ("lasting", "said"),
    [
        (True, ["\n  d0  ", "fanfold follow", "1 document was not read"]),
        (False, [f"{extract.WINDOW + 1} documents were not read"]),
    ],
)
def test_an_interruption_says_what_is_left_and_how_to_go_on(
    stand_in, files, tmp_path, monkeypatch, lasting, said
):
    names = [f"{number}.pdf" for number in range(extract.WINDOW + 1)]
    stand_in.lives = {name: [RUNNING] for name in names}
    monkeypatch.setattr(extract, "pauses", interrupted)
    service = stand_in.service()
    service.lasting = lasting
    asked = wish(files(*names), tmp_path / "out")

    with pytest.raises(Interrupted) as caught:
        read(service, asked)

    assert all(words in str(caught.value) for words in (*said, "--skip-existing"))


def interrupted():
    raise KeyboardInterrupt
    yield
