"""Page trees and tables that loop, lie or never end."""

from __future__ import annotations

from tests.hostile import files
from tests.hostile.registry import directed

_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def _leaf(parent: int = 2) -> bytes:
    return b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 300 200]>>" % parent


@directed("kids that hold themselves")
def kids_loop() -> bytes:
    return files.write([_CATALOG, b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>", _leaf()])


@directed("kids that hold each other")
def kids_mutual() -> bytes:
    return files.write(
        [
            _CATALOG,
            b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 9>>",
            b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 9>>",
            b"<</Type/Pages/Parent 3 0 R/Kids[3 0 R 2 0 R]/Count 9>>",
        ]
    )


@directed("a page that is its own parent")
def parent_self() -> bytes:
    leaf = b"<</Type/Page/Parent 3 0 R/Contents 4 0 R>>"
    return files.write(
        [_CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, files.stream(files.TEXT)]
    )


@directed("parents that go round")
def parent_loop() -> bytes:
    return files.write(
        [
            _CATALOG,
            b"<</Type/Pages/Parent 4 0 R/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 4 0 R>>",
            b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>",
        ]
    )


@directed("pages 20,000 levels deep")
def deep() -> bytes:
    levels = 20_000
    inner = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 1) for n in range(2, levels)]
    return files.write([_CATALOG, *inner, _leaf(levels - 1)])


@directed("50,001 pages", "TOO_MANY_PAGES", pages="")
def one_too_many() -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(3, 50_004))
    pages = b"<</Type/Pages/Count 50001/Kids[%s]>>" % kids
    return files.write([_CATALOG, pages, *([_leaf()] * 50_001)])


@directed("one page 200,000 times", "TOO_MANY_PAGES", pages="")
def same_page() -> bytes:
    pages = b"<</Type/Pages/Count 200000/Kids[%s]>>" % (b"3 0 R " * 200_000)
    return files.write([_CATALOG, pages, _leaf()])


@directed("pages that double 40 times")
def doubling() -> bytes:
    inner = [b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 1>>" % (n + 1, n + 1) for n in range(2, 42)]
    return files.write([_CATALOG, *inner, _leaf(41)])


def _count(told: bytes) -> bytes:
    return files.write([_CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count %s>>" % told, _leaf()])


for _told in (
    b"0",
    b"-1",
    b"5",
    b"2147483648",
    b"99999999999999999999",
    b"(many)",
    b"null",
    b"2 0 R",
):

    @directed(f"a page count of {_told.decode()}")
    def count(told: bytes = _told) -> bytes:
        return _count(told)


for _name, _pages in {
    "nothing": b"null",
    "a number": b"5",
    "an array of itself": b"[2 0 R]",
    "a reference to itself": b"2 0 R",
    "a page": b"<</Type/Page/MediaBox[0 0 300 200]>>",
    "kids that are a number": b"<</Type/Pages/Kids 3/Count 1>>",
    "kids of all types": b"<</Type/Pages/Kids[null 1 (a) /b [3 0 R] <<>> 99 0 R 3 0 R]/Count 8>>",
    "kids without end": b"<</Type/Pages/Kids[3 0 R",
}.items():

    @directed(f"pages: {_name}")
    def pages(told: bytes = _pages) -> bytes:
        return files.write([_CATALOG, told, _leaf()])


@directed("tables that lead to each other", "SUCCEEDED", "DAMAGED_FILE")
def table_loop() -> bytes:
    whole = files.page(trailer=b"/Prev 0000000")
    at = whole.index(b"xref\n0")
    return whole.replace(b"/Prev 0000000", b"/Prev %7d" % at)


@directed("a table that says everything is at 0")
def table_zero() -> bytes:
    whole = files.page()
    start, end = whole.index(b"xref\n0"), whole.index(b"trailer")
    entries = whole[start:end].count(b"\n") - 2
    table = b"xref\n0 %d\n" % entries + b"0000000000 00000 n \n" * entries
    return whole[:start] + table + whole[end:]


@directed("a table of 4,000,000,000 entries")
def table_long() -> bytes:
    return files.page().replace(b"xref\n0 5", b"xref\n0 4000000000")


@directed("two parsers count differently: a second catalog behind the end")
def two_catalogs() -> bytes:
    first = files.page()
    catalog = b"1 0 obj\n<</Type/Catalog/Pages 9 0 R>>\nendobj\n"
    pages = b"9 0 obj\n<</Type/Pages/Count 3/Kids[3 0 R 3 0 R 3 0 R]>>\nendobj\n"
    return first + catalog + pages


@directed("two parsers count differently: the count says 3, the kids are 1")
def count_of_three() -> bytes:
    return files.page().replace(b"/Count 1", b"/Count 3")


@directed("outlines that go round")
def outlines() -> bytes:
    item = (
        b"<</Title(a)/Parent 5 0 R/Next 6 0 R/Prev 6 0 R/First 5 0 R/Last 6 0 R/Dest[3 0 R/Fit]>>"
    )
    outlines = b"<</Type/Outlines/First 6 0 R/Last 6 0 R/Count 99999999>>"
    return files.page(files.TEXT, outlines, item, catalog=b"/Outlines 5 0 R")
