"""A page that kills the child is given up; the pages behind it are cut by another child."""

from pathlib import Path

import pytest

from fanfold.errors import DamagedFile, OutOfMemory, PageTimeout, PageUnreadable
from fanfold.model import Limits
from fanfold.ocr.isolation import journal
from fanfold.ocr.isolation.sandbox import Answer
from fanfold.ocr.isolation.tool import SandboxedTool
from fanfold.settings import Engine


class DeadlySandbox:
    """Cuts pages until one that kills; ``deadly`` maps those to the error that results."""

    def __init__(self, deadly):
        self.deadly, self.runs = deadly, []

    def run(self, job):
        self.runs.append(job)
        for page in job.arguments["pages"]:
            if page in self.deadly:
                raise self.deadly[page]
            journal.note(Path(job.arguments["folder"]), page, None)


def cut(sandbox, folder, pages, seconds=60.0):
    tool = SandboxedTool(sandbox, Engine(seconds=seconds), Limits())
    return {each.page: each.error for each in tool.cut(Path("x"), "application/pdf", pages, folder)}


def test_pages_behind_a_deadly_one_are_cut(tmp_path):
    deadly = {2: OutOfMemory(), 3: PageUnreadable()}
    ends = cut(DeadlySandbox(deadly), tmp_path, [1, 2, 3, 4])
    assert ends == {1: None, 2: "OUT_OF_MEMORY", 3: "PAGE_UNREADABLE", 4: None}


def test_a_child_may_take_half_of_the_time_that_is_left(tmp_path):
    sandbox = DeadlySandbox({1: PageTimeout()})
    assert cut(sandbox, tmp_path, [1, 2])[1] == "TIMEOUT"
    assert [job.seconds for job in sandbox.runs] == pytest.approx([30, 30], abs=1)


def test_when_the_time_is_up_the_rest_is_given_up(tmp_path):
    assert cut(DeadlySandbox({}), tmp_path, [1, 2], seconds=0.5) == {1: "TIMEOUT", 2: "TIMEOUT"}


def test_wrapping_images_and_writing_their_pdf_share_the_time_of_one_child():
    given = []

    class Quick:
        def run(self, job):
            given.append(job.seconds)
            return Answer([], 1, 1)

    tool = SandboxedTool(Quick(), Engine(seconds=60), Limits())
    for spent in (0, 45, 70):
        tool.graft([Path("x")], {}, Path("y"), spent)
    assert given == [60, 15, 1]


def test_what_an_earlier_use_of_the_folder_left_is_forgotten(tmp_path):
    journal.note(tmp_path, 1, "TIMEOUT")
    assert cut(DeadlySandbox({}), tmp_path, [1]) == {1: None}


def test_a_line_that_was_cut_off_does_not_count(tmp_path):
    journal.note(tmp_path, 1, None)
    with (tmp_path / "cut.jsonl").open("a") as file:
        file.write("[2, nu")
    assert journal.read(tmp_path) == {1: None}


@pytest.mark.parametrize("error", [PageTimeout(), OutOfMemory(), PageUnreadable()])
def test_a_document_that_kills_whoever_opens_it_is_damaged(error):
    class Deadly:
        def run(self, job):
            raise error

    with pytest.raises(DamagedFile):
        SandboxedTool(Deadly(), Engine(), Limits()).probe(Path("x"))
