import pytest

from bench import fields


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Name: HARBOUR HOUSE, Inc.", "found as spelled"),
        ("House of\nthe Harbour, Inc.", "its words found"),
        ("Harbor House Inc", "not found, closest at 9"),
        ("", "not found"),
    ],
)
def test_a_field_is_found_as_spelled_or_by_its_words_or_not(text, verdict):
    assert fields.found("Harbour House Inc.", text).startswith(verdict)


def test_a_number_within_a_longer_one_is_not_found():
    assert fields.found("2438", "No. 124381").startswith("not found")


def test_only_what_is_printed_is_looked_for():
    named = {"REGISTRATION NUMBER": "2438", "REGISTRATION DATE": "1973-07-02"}
    assert list(fields.tell(fields.printed(named), "No. 2438", "")) == [
        "REGISTRATION NUMBER '2438': found as spelled"
    ]


def test_a_field_that_only_an_untrusted_layer_spells_is_told_apart():
    (line,) = fields.tell({"REGISTRATION NUMBER": "2438"}, "by hand", "NUMBER=2438")
    assert line.startswith("REGISTRATION NUMBER '2438': not found")
    assert line.endswith("; as spelled in layer_text")


def test_a_register_may_leave_accents_out():
    assert fields.found("QUEBEC HOUSE", "the Québec House") == "found as spelled"
