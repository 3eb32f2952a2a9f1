"""What every ObjectStore must do."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest


def test_an_object_is_read_as_it_was_written(objects):
    info = objects.put("pages/d/1/00001.json", b"{}", "application/json")
    assert (info.key, info.size) == ("pages/d/1/00001.json", 2)
    assert objects.get("pages/d/1/00001.json") == b"{}"


def test_what_is_not_there_is_a_value_not_an_error(objects, tmp_path: Path):
    assert objects.get("nothing") is None
    assert not objects.download("nothing", None, tmp_path / "x")
    assert not objects.download("nothing", "v1", tmp_path / "x")
    objects.delete("nothing")
    assert objects.delete_prefix("nothing/") == 0


def test_a_version_stays_what_it_was(objects, tmp_path: Path):
    first = objects.put("uploads/default/d", b"first", "application/pdf")
    objects.put("uploads/default/d", b"second", "application/pdf")
    assert objects.download("uploads/default/d", first.version, tmp_path / "first")
    assert objects.download("uploads/default/d", None, tmp_path / "latest")
    assert (tmp_path / "first").read_bytes() == b"first"
    assert (tmp_path / "latest").read_bytes() == b"second"


def test_files_are_stored_one_by_one_and_many_at_a_time(objects, tmp_path: Path):
    paths = {f"work/d/1/{n}.pdf": tmp_path / str(n) for n in range(20)}
    for key, path in paths.items():
        path.write_text(key)
    objects.put_files(paths, "application/pdf")
    objects.put_file("results/d/1/text.txt", tmp_path / "3", "text/plain")
    assert list(objects.get_many(paths)) == [key.encode() for key in paths]
    assert objects.get("results/d/1/text.txt") == b"work/d/1/3.pdf"


def test_many_objects_come_in_the_order_asked_for_with_gaps_as_none(objects):
    for n in range(50):
        objects.put(f"k{n}", str(n).encode(), "text/plain")
    wanted = [*range(49, -1, -1), 99]
    found = list(objects.get_many(f"k{n}" for n in wanted))
    assert found == [*(str(n).encode() for n in range(49, -1, -1)), None]


def test_a_new_object_is_written_once(objects):
    assert objects.put_new("results/d/1/manifest.json", b"first", "application/json")
    assert not objects.put_new("results/d/1/manifest.json", b"second", "application/json")
    assert objects.get("results/d/1/manifest.json") == b"first"


def test_what_was_written_for_one_document_is_removed_and_what_is_anothers_stays(
    objects,
):
    objects.put("results/a/1/text.txt", b"of a", "text/plain")
    objects.put("outbox/it.txt", b"of nobody", "text/plain")
    objects.put("outbox/it.txt", b"of b", "text/plain", owner="b")
    assert objects.copy("results/a/1/text.txt", "outbox/it.txt", "text/plain", owner="a")
    assert objects.get("outbox/it.txt") == b"of a"
    assert not objects.copy("results/nothing", "outbox/it.txt", "text/plain", owner="a")
    objects.put("outbox/it.txt.txt", b"of a", "text/plain", owner="a")
    objects.delete_owned("outbox/it.txt", "a")
    objects.delete_owned("outbox/nothing", "a")
    assert objects.get("outbox/it.txt") == b"of b"
    assert objects.get("outbox/it.txt.txt") == b"of a"
    objects.delete_owned("outbox/it.txt", "b")
    assert objects.get("outbox/it.txt") == b"of nobody"


def test_one_version_can_be_removed_and_the_others_stay(objects):
    first = objects.put("inbox/a.pdf", b"first", "application/pdf")
    objects.put("inbox/a.pdf", b"second", "application/pdf")
    objects.delete("inbox/a.pdf", first.version)
    assert objects.get("inbox/a.pdf") == b"second"


def test_removing_an_object_removes_all_versions_and_nothing_else(objects, tmp_path: Path):
    first = objects.put("inbox/a", b"first", "application/pdf")
    objects.put("inbox/a", b"second", "application/pdf")
    objects.put("inbox/a.pdf", b"another", "application/pdf")
    objects.delete("inbox/a")
    assert objects.get("inbox/a") is None
    assert not objects.download("inbox/a", first.version, tmp_path / "x")
    assert objects.get("inbox/a.pdf") == b"another"


def test_keys_are_listed_by_prefix_in_order(objects):
    for key in ("tessdata/fra.traineddata", "tessdata/deu.traineddata", "tess", "uploads/x"):
        objects.put(key, b"x", "application/octet-stream")
    assert list(objects.list_keys("tessdata/")) == [
        "tessdata/deu.traineddata",
        "tessdata/fra.traineddata",
    ]
    assert list(objects.list_keys("nothing/")) == []


def test_removing_a_prefix_counts_objects_and_stays_within_it(objects):
    for key in ("work/d/1/1.pdf", "work/d/1/2.pdf", "work/dd/1/1.pdf"):
        objects.put(key, b"x", "application/pdf")
    objects.put("work/d/1/1.pdf", b"again", "application/pdf")
    assert objects.delete_prefix("work/d/") == 2
    assert objects.get("work/d/1/1.pdf") is None
    assert objects.get("work/dd/1/1.pdf") == b"x"


def test_keys_of_people_are_taken_as_they_are(objects):
    key = "inbox/Größe + 100% (1)/a%20b.pdf"
    objects.put(key, b"x", "application/pdf")
    assert objects.get(key) == b"x"


def test_links_carry_a_name_that_browsers_keep(objects):
    link = objects.link("results/d/1/text.txt", "Größe.txt", "text/plain", 60)
    assert "results/d/1/text.txt" in link
    assert "Gr%C3%B6%C3%9Fe.txt" in link or "Gr%25C3%25B6%25C3%259Fe.txt" in link


@pytest.mark.parametrize("objects", ["s3"], indirect=True)
def test_a_link_saves_under_the_name_it_was_given(objects):
    link = objects.link("results/d/1/text.txt", 'a"; b/\r\nGröße 😀.txt', "text/plain", 60)
    (header,) = parse_qs(urlsplit(link).query)["response-content-disposition"]
    assert header == (
        'attachment; filename="a__ b___Gr__e _.txt"; '
        "filename*=UTF-8''a%22%3B%20b%2F%0D%0AGr%C3%B6%C3%9Fe%20%F0%9F%98%80.txt"
    )


def test_an_upload_form_is_for_one_key(objects):
    form = objects.upload_form("uploads/default/d", 1_000, 60)
    assert form.fields["key"] == "uploads/default/d"
    assert form.url.startswith("https://")
