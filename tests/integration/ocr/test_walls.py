"""A program taken over by a document tries what it should not be able to do.

A stand-in for tesseract does the trying; where a wall cannot be on a machine, `fanfold doctor`
says so, and what it would keep out is not tried.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from functools import cache

import pytest

from fanfold.errors import PageError
from fanfold.model import Mode
from fanfold.ocr.isolation.reader import SandboxedReader
from fanfold.ocr.isolation.sandbox import Sandbox, held
from fanfold.ocr.isolation.tessdata import Tessdata
from fanfold.ports import ReadRequest
from fanfold.settings import Engine
from tests.data import pdfs, prose

TRY = {
    "grep -z canary /proc/{pid}/environ": "no environment of its parents",
    "cat {outside}/secret": "no other files",
    "ls {outside}": "no other files",
    "echo x > {outside}/written": "no other files",
    "echo x >> {page}": "no other files",
    "rm {page}": "no other files",
    "ln {outside}/secret {out}/secret": "no other files",
    "kill -0 {pid}": "no other files",
    "exec 3<>/dev/tcp/127.0.0.1/{port}": "no TCP",
    "exec 3<>/dev/udp/127.0.0.1/{port} && echo x >&3": "no network",
    "{connect}('{outside}/socket')\"": "no sockets",
    "{connect}('\\0{outside}')\"": "no sockets",
    "su -c true nobody": "no new privileges",
    "chown nobody {out}": "no new privileges",
    "mount -t tmpfs none {out}": "no new privileges",
    "chroot / true": "no new privileges",
}
"""What is tried in a shell, and the wall before it."""


CONNECT = f'{sys.executable} -c "import socket; socket.socket(socket.AF_UNIX).connect'
"""The beginning of a command that reaches a UNIX socket, by a path or by an abstract name."""


@cache
def walls(folder) -> dict[str, bool]:
    return held(Engine(), folder)


@pytest.fixture
def taken_over(tmp_path):
    """Read a page while a program does ``body``; return what it wrote among the results."""
    outside, out, page = tmp_path / "outside", tmp_path / "out", tmp_path / "page.pdf"
    outside.mkdir()
    out.mkdir()
    (outside / "secret").write_text("secret")
    page.write_bytes(pdfs.save(pdfs.typed((prose.NOTICE,), (0, 0, 595, 160))))

    def read(body, **names):
        tool = tmp_path / "bin" / "tesseract"
        tool.parent.mkdir()
        places = {"outside": outside, "out": out, "page": page}
        filled = body.format(pid=os.getpid(), connect=CONNECT, **places, **names)
        tool.write_text(f'#!/bin/bash\n({filled}) && echo done > "{out}/did"\nexit 1\n')
        tool.chmod(0o755)
        engine = Engine(tesseract=str(tool))
        sandbox = Sandbox(engine, tmp_path / "work")
        reader = SandboxedReader(sandbox, engine, Tessdata(engine, tmp_path / "packs"))
        try:
            with pytest.raises(PageError):
                reader.read(page, ReadRequest(1, "eng", Mode.OCR), out)
        finally:
            sandbox.close()
        return sorted(path.name for path in out.iterdir())

    return read


def test_it_may_write_where_results_go(taken_over):
    assert taken_over("true") == ["did"]


@pytest.mark.parametrize("attempt", TRY)
def test_it_cannot(attempt, taken_over, tmp_path, tmp_path_factory):
    if not walls(tmp_path_factory.getbasetemp())[TRY[attempt]]:
        pytest.skip(f"this kernel or user has no such wall, see fanfold doctor: {TRY[attempt]}")
    outside = tmp_path / "outside"
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        listening(f"{outside}/socket"),
        listening(f"\0{outside}"),
    ):
        assert taken_over(attempt, port=server.getsockname()[1]) == []


@contextmanager
def listening(address):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        yield


def test_root_s_child_cannot_read_what_its_parent_was_told(taken_over):
    """Without Landlock, too: the parent has rights that the child gave up."""
    program = (
        "from fanfold.ocr.isolation import walls\n"
        "import pathlib, sys\n"
        "walls.give_up_privileges()\n"
        "try: pathlib.Path(f'/proc/{sys.argv[1]}/environ').read_bytes()\n"
        "except PermissionError: sys.exit(0)\n"
        "sys.exit(1)"
    )
    if os.geteuid() != 0:
        pytest.skip("only root has rights to give up: run the tests as root")
    assert (
        subprocess.run([sys.executable, "-c", program, str(os.getpid())], check=False).returncode
        == 0
    )
