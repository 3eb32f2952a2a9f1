import zipfile

from fanfold.formats import bundle


def test_files_come_out_as_they_went_in(tmp_path):
    (tmp_path / "text.txt").write_text("one " * 1000)
    (tmp_path / "document.pdf").write_bytes(b"%PDF" * 1000)
    files = [tmp_path / "text.txt", tmp_path / "document.pdf"]
    bundle.pack(files, tmp_path / "a.zip")
    bundle.pack(files, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["text.txt", "document.pdf"]
        assert [archive.read(path.name) for path in files] == [path.read_bytes() for path in files]
        assert archive.getinfo("text.txt").compress_size < 200
