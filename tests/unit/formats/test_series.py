import itertools

from fanfold.formats.series import Series, write
from tests.unit.formats.builders import page


def numbered(before="", between="", after=""):
    return Series(lambda outcome: str(outcome.number), before, between, after)


def test_what_stands_around_the_pages_stands_there_once(tmp_path):
    path = tmp_path / "x"
    write({path: numbered("<", ",", ">")}, [page(1), page(2), page(3)])
    assert path.read_text() == "<1,2,3>"


def test_a_series_without_pages_has_its_ends(tmp_path):
    path = tmp_path / "x"
    write({path: numbered("<", ",", ">")}, [])
    assert path.read_text() == "<>"


def test_several_files_take_each_page_once(tmp_path):
    asked = itertools.count()
    pages = (page(number) for number in range(1, 4) if next(asked) >= 0)
    write({tmp_path / "x": numbered(), tmp_path / "y": numbered(between="-")}, pages)
    assert (tmp_path / "x").read_text() == "123"
    assert (tmp_path / "y").read_text() == "1-2-3"
    assert next(asked) == 3


def test_pages_are_written_as_they_come_and_not_held(tmp_path):
    rendered = []
    seen_when_asked = []

    def pages():
        for number in range(1, 4):
            seen_when_asked.append(len(rendered))
            yield page(number)

    write({tmp_path / "x": Series(lambda p: rendered.append(p.number) or "")}, pages())
    assert seen_when_asked == [0, 1, 2]
