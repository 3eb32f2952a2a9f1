"""The notice that goes with what is shipped: who made what is in it, and under which licence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infra.supply.parts import Part


def render(name: str, parts: Sequence[Part], where: str) -> str:
    """Return the text; ``where`` says where the licences' own texts lie."""
    return "\n".join(_lines(name, parts, where)) + "\n"


def _lines(name: str, parts: Sequence[Part], where: str) -> Iterator[str]:
    yield f"{name}: Fanfold, under the Apache License 2.0."
    if not parts:
        yield "There is nothing of others in it."
        return
    yield f"It holds what others made, under licences of their own ({where}):"
    yield ""
    yield from (f"{part.name} {part.version}: {part.licence}" for part in parts)
