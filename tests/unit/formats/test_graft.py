import re
import resource
from pathlib import Path

import pytest
from pikepdf import Array, Name, OutlineItem, Pdf, String

from fanfold import __version__
from fanfold.errors import DamagedFile, NoPages, PasswordRequired
from fanfold.formats.searchable import layer_write
from fanfold.formats.searchable.graft import graft
from fanfold.geometry import Turn
from fanfold.model import Block, Box, Line, Word
from tests.data import pdfs
from tests.unit.formats.builders import layer, opened, stored


@pytest.fixture
def base(tmp_path):
    """Return a PDF of three typed pages with a bookmark."""
    pdf = pdfs.typed(("one", "two", "three"))
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("Second", 1))
    path = tmp_path / "base.pdf"
    path.write_bytes(pdfs.save(pdf))
    return str(path)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "target.pdf"


def form(page, name="/FanfoldText"):
    return page.resources.XObject[name]


def test_a_layer_is_shown_on_its_page_and_on_no_other(base, target, tmp_path):
    assert graft(base, {"2": layer(tmp_path / "l.pdf", "found")}, str(target)) == []
    with Pdf.open(target) as pdf:
        assert b"(found) Tj" in form(pdf.pages[1]).read_bytes()
        assert [Name.XObject in page.resources for page in pdf.pages] == [False, True, False]


def test_the_content_of_every_page_stays_as_it_was(base, target, tmp_path):
    graft(base, {"2": layer(tmp_path / "l.pdf", "found")}, str(target))
    with Pdf.open(base) as before, Pdf.open(target) as after:
        was = [stored(page.obj.Contents) for page in before.pages]
        now = [stored(page.obj.Contents) for page in after.pages]
    assert now == [was[0], b"/FanfoldText Do\n|" + was[1], was[2]]


def test_a_file_that_nothing_is_added_to_stays_as_it_is(base, target):
    graft(base, {}, str(target))
    assert target.read_bytes() == Path(base).read_bytes()


def test_pages_that_are_counted_wrongly_are_counted_anew(base, target, tmp_path):
    wrong = tmp_path / "wrong.pdf"
    wrong.write_bytes(re.sub(rb"/Count 3", b"/Count 9", Path(base).read_bytes()))
    assert wrong.read_bytes() != Path(base).read_bytes()
    graft(str(wrong), {}, str(target))
    with Pdf.open(target) as pdf:
        assert pdf.Root.Pages.Count == len(pdf.pages) == 3


def test_bookmarks_and_metadata_are_kept(base, target, tmp_path):
    graft(base, {"1": layer(tmp_path / "l.pdf", "x")}, str(target))
    with Pdf.open(target) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Second"]
        assert str(pdf.docinfo[Name.Title]) == "A sample"


def test_equal_fonts_are_one_object_in_the_file(base, target, tmp_path):
    layers = {str(n): layer(tmp_path / f"{n}.pdf", f"page {n}") for n in (1, 2, 3)}
    graft(base, layers, str(target))
    with Pdf.open(target) as pdf:
        fonts = {form(page).Resources.Font["/f-0-0"].objgen for page in pdf.pages}
    assert len(fonts) == 1


def test_resources_that_pages_share_are_not_changed_for_the_others(base, target, tmp_path):
    with Pdf.open(base, allow_overwriting_input=True) as pdf:
        shared = pdf.make_indirect(pdf.pages[0].obj.Resources)
        for page in pdf.pages:
            page.obj.Resources = shared
        pdf.save()
    graft(base, {"2": layer(tmp_path / "l.pdf", "x")}, str(target))
    with Pdf.open(target) as pdf:
        assert [Name.XObject in page.resources for page in pdf.pages] == [False, True, False]
        assert all(Name.Font in page.resources for page in pdf.pages)


def test_resources_from_the_page_tree_are_kept(base, target, tmp_path):
    with Pdf.open(base, allow_overwriting_input=True) as pdf:
        pdf.Root.Pages.Resources = pdf.pages[0].obj.Resources
        for page in pdf.pages:
            del page.obj.Resources
        pdf.save()
    graft(base, {"2": layer(tmp_path / "l.pdf", "x")}, str(target))
    with Pdf.open(target) as pdf:
        assert set(pdf.pages[1].resources.keys()) == {"/Font", "/XObject"}


def test_grafting_on_our_own_result_keeps_both_layers(base, target, tmp_path):
    graft(base, {"1": layer(tmp_path / "a.pdf", "old")}, str(target))
    again = tmp_path / "again.pdf"
    graft(str(target), {"1": layer(tmp_path / "b.pdf", "new")}, str(again))
    with Pdf.open(again) as pdf:
        assert b"(old)" in form(pdf.pages[0]).read_bytes()
        assert b"(new)" in form(pdf.pages[0], "/FanfoldText_").read_bytes()


def test_the_same_input_gives_the_same_bytes(base, tmp_path):
    layers = {"1": layer(tmp_path / "l.pdf", "x")}
    one, other = tmp_path / "1.pdf", tmp_path / "2.pdf"
    graft(base, layers, str(one))
    graft(base, layers, str(other))
    assert one.read_bytes() == other.read_bytes()


def _nothing(path):
    path.write_bytes(b"")


def _junk(path):
    path.write_bytes(b"no layer, but a text")


def _no_pages(path):
    Pdf.new().save(path)


def _no_fonts(path):
    pdf = pdfs.new()
    pdfs.add_page(pdf, b"", (0, 0, 100, 100))
    pdf.save(path)


def _no_area(path):
    layer(path, "x", (0, 0))


def _half(path):
    layer(path, "x")
    path.write_bytes(path.read_bytes()[:200])


def _endless_font(path):
    layer(path, "x")
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        font = pdf.make_indirect(pdf.pages[0].resources.Font["/f-0-0"])
        font.Parent = font
        pdf.pages[0].resources.Font["/f-0-0"] = font
        pdf.save()


def _missing(path):
    pass


@pytest.mark.parametrize(
    "spoil",
    [_nothing, _junk, _no_pages, _no_fonts, _no_area, _half, _endless_font, _missing],
    ids=lambda spoil: spoil.__name__.strip("_"),
)
def test_a_broken_layer_is_left_out_and_the_document_is_not_lost(spoil, base, target, tmp_path):
    spoil(tmp_path / "bad.pdf")
    layers = {"1": str(tmp_path / "bad.pdf"), "3": layer(tmp_path / "good.pdf", "found")}
    assert graft(base, layers, str(target)) == [1]
    with Pdf.open(base) as before, Pdf.open(target) as after:
        assert stored(after.pages[0].obj.Contents) == stored(before.pages[0].obj.Contents)
        assert b"(found)" in form(after.pages[2]).read_bytes()


def test_a_layer_without_a_page_to_stand_on_is_left_out(base, target, tmp_path):
    path = layer(tmp_path / "l.pdf", "x")
    assert graft(base, {"0": path, "3": path, "4": path}, str(target)) == [0, 4]


def test_a_layer_on_a_page_that_displays_nothing_is_left_out(base, target, tmp_path):
    with Pdf.open(base, allow_overwriting_input=True) as pdf:
        pdf.pages[1].obj.CropBox = Array([9000, 9000, 9100, 9100])
        pdf.save()
    path = layer(tmp_path / "l.pdf", "x")
    assert graft(base, {"1": path, "2": path}, str(target)) == [2]


def test_pages_whose_dictionaries_are_odd_take_their_layer(samples, target, tmp_path):
    path = layer(tmp_path / "l.pdf", "found")
    assert graft(str(samples / "odd-pages.pdf"), dict.fromkeys("12345", path), str(target)) == []
    with Pdf.open(target) as pdf:
        assert all(b"(found)" in form(page).read_bytes() for page in pdf.pages)


@pytest.mark.parametrize("name", ["locked-empty.pdf", "locked-owner.pdf"])
def test_an_encryption_that_lets_everybody_in_is_dropped(name, samples, target):
    graft(str(samples / name), {}, str(target))
    with Pdf.open(target) as pdf:
        assert not pdf.is_encrypted


def test_a_password_is_asked_for_by_name(samples, target):
    with pytest.raises(PasswordRequired):
        graft(str(samples / "locked-user.pdf"), {}, str(target))


def test_a_damaged_original_is_called_so(samples, target):
    with pytest.raises(DamagedFile):
        graft(str(samples / "truncated.pdf"), {}, str(target))


def one_page_files(folder, count):
    paths = []
    for number in range(1, count + 1):
        paths.append(folder / f"{number:05}.pdf")
        paths[-1].write_bytes(pdfs.save(pdfs.typed((f"page {number}",))))
    return [str(path) for path in paths]


def test_one_page_files_are_joined_in_order_and_take_their_layers(target, tmp_path):
    files = one_page_files(tmp_path, 3)
    assert graft(files, {"3": layer(tmp_path / "l.pdf", "found")}, str(target)) == []
    with Pdf.open(target) as pdf:
        assert [b"(page %d)" % n in pdf.pages[n - 1].obj.Contents.read_bytes() for n in (1, 2)] == [
            True,
            True,
        ]
        assert b"(found)" in form(pdf.pages[2]).read_bytes()
    assert not list(tmp_path.glob("*.joined"))


def test_nothing_to_join_is_a_document_without_pages(target):
    with pytest.raises(NoPages):
        graft([], {}, str(target))


def test_joining_needs_few_open_files_however_many_pages_there_are(target, tmp_path):
    files = one_page_files(tmp_path, 150)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
    try:
        graft(files, {}, str(target))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    with Pdf.open(target) as pdf:
        assert len(pdf.pages) == len(files)


def test_the_wrapped_page_is_joined_without_touching_its_picture(target, tmp_path, samples):
    original = (samples / "fax.pdf").read_bytes()
    one = tmp_path / "one.pdf"
    one.write_bytes(original)
    graft([str(one)], {}, str(target))
    with opened(original) as before, Pdf.open(target) as after:
        was, now = (next(iter(pdf.pages[0].get_images().values())) for pdf in (before, after))
        assert now.read_raw_bytes() == was.read_raw_bytes()


def test_a_pdf_that_nothing_is_added_to_is_the_original_to_the_last_byte(base, target):
    assert graft(base, {}, str(target)) == []
    assert target.read_bytes() == Path(base).read_bytes()


def test_what_had_to_be_mended_to_be_opened_is_written_anew(base, target):
    whole = Path(base).read_bytes()
    Path(base).write_bytes(whole[: whole.rindex(b"startxref")])
    graft(base, {}, str(target))
    with Pdf.open(target) as pdf:
        assert (len(pdf.pages), pdf.get_warnings()) == (3, [])


def test_the_file_says_what_was_added_and_by_whom(base, target, tmp_path):
    with Pdf.open(base, allow_overwriting_input=True) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
            xmp["dc:title"] = "A sample"
        pdf.docinfo[Name.Producer] = "Scanner"
        pdf.save()
    graft(base, {"2": layer(tmp_path / "l.pdf", "x")}, str(target))
    with Pdf.open(target) as pdf, pdf.open_metadata() as xmp:
        told = f"Fanfold {__version__}: invisible text on 1 of 3 pages; before: Scanner"
        assert (str(pdf.docinfo.Producer), xmp["pdf:Producer"]) == (told, told)
        assert (str(pdf.docinfo.Title), xmp["dc:title"]) == ("A sample", "A sample")


@pytest.mark.parametrize("broken", [b"<not xml", b"x" * 1_000_001], ids=["no", "big"])
def test_metadata_that_cannot_be_read_stays_as_it_is(base, target, tmp_path, broken):
    with Pdf.open(base, allow_overwriting_input=True) as pdf:
        pdf.Root.Metadata = pdf.make_stream(broken, Type=Name.Metadata, Subtype=Name.XML)
        pdf.save(fix_metadata_version=False)
    assert graft(base, {"2": layer(tmp_path / "l.pdf", "x")}, str(target)) == []
    with Pdf.open(target) as pdf:
        assert pdf.Root.Metadata.read_bytes() == broken


def spoken(tmp_path, name, languages):
    path = tmp_path / f"{name}.pdf"
    words = (Word("Wort", Box(10, 10, 40, 20), 90.0),)
    block = Block((Line(words, words[0].box),), words[0].box)
    layer_write.write(path, (block,), Turn.none((595, 842)), 1.0, languages=languages)
    return str(path)


def test_text_is_marked_with_its_language(base, target, tmp_path):
    layers = {"1": spoken(tmp_path, "a", "deu"), "2": spoken(tmp_path, "b", "eng+deu")}
    graft(base, layers, str(target))
    with Pdf.open(target) as pdf:
        contents = [page.obj.Contents[0].read_bytes() for page in pdf.pages[:2]]
        said = [b"BDC\n/FanfoldText Do\nEMC" in content for content in map(bytes.strip, contents)]
        assert said == [True, False]
        assert b"<</Lang (de)>>" in contents[0]
        assert Name.Lang not in pdf.Root


@pytest.mark.parametrize(("own", "after"), [(None, "de"), ("fr-CA", "fr-CA")])
def test_a_document_in_one_language_says_so_unless_it_names_one(base, target, tmp_path, own, after):
    if own:
        with Pdf.open(base, allow_overwriting_input=True) as pdf:
            pdf.Root.Lang = String(own)
            pdf.save()
    graft(base, {n: spoken(tmp_path, n, "deu") for n in "123"}, str(target))
    with Pdf.open(target) as pdf:
        assert str(pdf.Root.Lang) == after
