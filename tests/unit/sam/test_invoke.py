"""What SAM prints becomes an answer and a duration."""

from __future__ import annotations

import pytest

from infra.sam.invoke import NoAnswer, outcome

LOG = (
    'START RequestId: 5fe4f797 Version: $LATEST\n{"level": "INFO", "message": "page read"}\n'
    "END RequestId: 5fe4f797\n"
    "REPORT RequestId: 5fe4f797\tInit Duration: 0.05 ms\tDuration: 1757.83 ms\t"
    "Billed Duration: 1758 ms\tMemory Size: 512 MB\tMax Memory Used: 512 MB\t\n"
)


def test_the_answer_is_the_last_line_and_the_duration_is_in_the_report() -> None:
    found = outcome('Invoking …\n{"batchItemFailures": []}\n', LOG)
    assert found.answer == {"batchItemFailures": []}
    assert found.milliseconds == 1757.83


def test_a_function_may_answer_nothing() -> None:
    assert outcome("null\n", LOG).answer is None


def test_without_a_report_the_duration_is_unknown() -> None:
    assert outcome("null\n", "").milliseconds is None


@pytest.mark.parametrize("output", ["", "\n", "Error: no such function\n"])
def test_what_sam_says_instead_of_an_answer_is_told(output: str) -> None:
    with pytest.raises(NoAnswer, match="Docker is unreachable"):
        outcome(output, "Error: Docker is unreachable.\n")
