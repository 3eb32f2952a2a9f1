"""What is written into XML is what the standard library would write."""

from __future__ import annotations

from xml.sax import saxutils

from hypothesis import given
from hypothesis import strategies as some

from fanfold.formats import xml

TEXT = some.text(some.sampled_from("ab&<>\"'\n\r\t;ä"))


@given(TEXT)
def test_text_is_escaped(text: str):
    assert xml.escape(text) == saxutils.escape(text)


@given(TEXT)
def test_attributes_are_quoted(text: str):
    assert xml.quoteattr(text) == saxutils.quoteattr(text)
