import io
import zipfile

import pytest

from fanfold.ocr.document.signatures import guess, image_name, other_name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe1", "JPEG"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"BM\x36\0\0\0\0\0\0\0", "BMP"),
        (b"BMW and other cars", None),
        (b"%PDF-1.7", None),
    ],
)
def test_pictures_are_known_by_their_first_bytes(head, name):
    assert image_name(head) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Microsoft Office document"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "an HTML page"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC or AVIF photo"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "a video"),
        (b"%!PS-Adobe-3.0", "a PostScript file"),
        (b"hello", None),
    ],
)
def test_what_people_send_instead_is_named(head, name):
    assert other_name(head, "/nowhere") == name


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("word/document.xml", "a Microsoft Word document"),
        ("content.xml", "an OpenDocument file"),
        ("a.pdf", "a ZIP archive"),
    ],
)
def test_what_is_zipped_is_named_by_its_members(tmp_path, member, name):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, "x")
    path = tmp_path / "file"
    path.write_bytes(buffer.getvalue())
    assert other_name(buffer.getvalue()[:1024], str(path)) == name


def test_the_rest_is_told_apart_as_text_and_not():
    assert guess("Größe, ".encode() * 200) == "a text file"
    assert guess("aä".encode()[:-1]) == "a text file"
    assert guess(b"\x00\x01\x02") == "a file of an unknown format"
