import hashlib
import json

from fanfold.formats import manifest
from fanfold.formats.media import MEDIA
from fanfold.model import Output
from tests.unit.formats.builders import document, failed

TEXT = manifest.ResultFile(Output.TEXT, "text.txt", 5, "aa")
PDF = manifest.ResultFile(Output.PDF, "document.pdf", 9, "bb")


def test_it_lists_each_file_with_what_is_needed_to_check_it():
    data = json.loads(manifest.render(document(), {}, [TEXT], []))
    assert data["files"] == [
        {
            "format": "txt",
            "name": "text.txt",
            "media_type": "text/plain; charset=utf-8",
            "size": 5,
            "sha256": "aa",
        }
    ]


def test_it_names_the_failed_pages_in_order_and_why():
    data = json.loads(manifest.render(document(), {}, [], [failed(9, "PAGE_LOST"), failed(2)]))
    assert [(each["page"], each["error"]["code"]) for each in data["failed_pages"]] == [
        (2, "TIMEOUT"),
        (9, "PAGE_LOST"),
    ]


def test_it_says_what_was_asked_for():
    data = json.loads(manifest.render(document(), {}, [], []))
    assert data["document"]["options"] == {
        "languages": "eng",
        "mode": "auto",
        "pages": "",
        "outputs": ["txt", "md", "json", "pdf"],
        "codes": "auto",
        "unseen": False,
        "engine": "auto",
        "pictures": False,
    }


def test_two_assemblers_write_the_same_bytes():
    one = manifest.render(document(), {}, [TEXT, PDF], [failed(2), failed(9)])
    other = manifest.render(document(), {}, [PDF, TEXT], [failed(9), failed(2)])
    assert one == other
    assert b"1700000" not in one


def test_a_file_is_described_by_its_bytes(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"hello")
    assert manifest.describe(Output.TEXT, "text.txt", path) == manifest.ResultFile(
        Output.TEXT, "text.txt", 5, hashlib.sha256(b"hello").hexdigest()
    )


def test_every_output_has_a_media_type_and_a_suffix():
    assert set(MEDIA) == set(Output)
    assert all(media.suffix.startswith(".") for media in MEDIA.values())
