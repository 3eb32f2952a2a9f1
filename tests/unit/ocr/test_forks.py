from __future__ import annotations

import os
import signal
import sys

from fanfold.ocr.isolation import fork


def test_work_that_ends_well_leaves_what_it_wrote(tmp_path):
    end = fork.run((tmp_path / "done").touch)
    assert (end.status, end.words) == (0, "")
    assert (tmp_path / "done").exists()


def test_work_that_crashes_leaves_this_process_alone():
    assert fork.run(lambda: os.kill(os.getpid(), signal.SIGKILL)).status == -signal.SIGKILL


def test_what_work_raises_can_be_told_from_its_words():
    def starve() -> None:
        raise MemoryError

    end = fork.run(starve)
    assert end.status == 1
    assert "MemoryError" in end.words


def test_of_endless_complaints_the_beginning_is_kept():
    end = fork.run(lambda: print("out of memory " * 100_000, file=sys.stderr))
    assert end.status == 0
    assert end.words.startswith("out of memory")
    assert len(end.words) < 10_000


def test_work_that_takes_more_cpu_than_it_may_is_ended():
    def spin() -> None:
        while True:
            pass

    before = fork.spent()
    assert fork.run(spin, seconds=0.2).status == -signal.SIGXCPU
    assert fork.spent() - before < 2
