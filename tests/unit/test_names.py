"""Names are shown and saved as people meant them, and do nothing else."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanfold import names

ODD = st.text(st.characters(), max_size=300)  # also halves of surrogate pairs


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("Größe + 100%.pdf", "Größe + 100%.pdf"),
        ("تقرير سنوي.pdf", "تقرير سنوي.pdf"),
        ("<img src=x onerror=a()>.pdf", "<img src=x onerror=a()>.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\scan.pdf", "scan.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066a\u2067b\u200f.pdf", "ab.pdf"),
        ("a\x1b[31m\x07b\0.pdf", "a[31mb.pdf"),
        ("a\r\nSet-Cookie: b", "a  Set-Cookie: b"),
        ("at 9.41\u202fAM\u3000x\u00a0y.pdf", "at 9.41 AM x y.pdf"),
        ("👨\u200d👩\u200d👧.pdf", "👨\u200d👩\u200d👧.pdf"),
        ("\u0645\u06cc\u200c\u062e.pdf", "\u0645\u06cc\u200c\u062e.pdf"),
        ("a\udc80b.pdf", "ab.pdf"),
        ("x" * 1000, "x" * 255),
        ("", "document"),
        (None, "document"),
        (" \u200d\n", "document"),
        ("folder/", "document"),
    ],
)
def test_a_name_is_shown_without_what_would_mislead(given, seen):
    assert names.shown(given) == seen


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("scan.pdf", "scan.txt"),
        ("two.dots.pdf", "two.dots.txt"),
        ("name.", "name.txt"),
        (".hidden.pdf", "hidden.txt"),
        (".pdf", "pdf.txt"),
        ("..", "document.txt"),
        ("...pdf", "document.txt"),
        ("-rf --help.pdf", "_rf --help.txt"),
        ('a"; filename="evil.exe.pdf', "a_; filename=_evil.exe.txt"),
        ("a<b>c:d|e?f*g.pdf", "a_b_c_d_e_f_g.txt"),
        ("invoice\u202efdp.exe.pdf", "invoicefdp.exe.txt"),
        ("CON.txt", "_CON.txt"),
        ("aux", "_aux.txt"),
        ("com¹.tar.gz", "_com¹.tar.txt"),
        ("console.pdf", "console.txt"),
    ],
)
def test_a_result_is_saved_under_its_document_s_name(name, file):
    assert names.saved(name, ".txt") == file


@given(name=ODD)
def test_a_saved_name_suits_every_file_system(name):
    file = names.saved(name, ".json")
    assert len(file.encode()) <= 255
    assert re.fullmatch(r"""[^-.\s\0-\x1f<>:"/\\|?*][^\0-\x1f<>:"/\\|?*]*\.json""", file)
    assert not file.removesuffix(".json").endswith((" ", "."))


def test_no_character_of_a_saved_name_is_cut_in_half():
    assert names.saved("😀" * 250, ".txt") == "😀" * 62 + ".txt"


def test_an_attachment_is_named_whole_and_for_old_clients():
    assert names.attachment("Größe 1.txt") == (
        "attachment; filename=\"Gr__e 1.txt\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.txt"
    )


@given(name=ODD)
def test_nothing_gets_out_of_the_header_of_an_attachment(name):
    file = names.saved(name, ".txt")
    header = re.fullmatch(
        r"attachment; filename=\"([A-Za-z0-9 ._()+,=@-]+)\"; filename\*=UTF-8''([\w.~%-]+)",
        names.attachment(file),
        re.ASCII,
    )
    assert header
    assert unquote(header[2]) == file
