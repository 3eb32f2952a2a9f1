"""One name, one meaning: constants of the package that share a name share their value."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "layers/core/fanfold"

ALLOWED = {
    "FILE_HEAD": "how the files of a format begin, in the module of each format",
    "FILE_TAIL": "how they end",
    "FORMAT": "name and version of the format that a module writes",
}
"""Names that mean one thing whose value is each module's own."""


def constants(source: str) -> Iterator[tuple[str, str]]:
    """Yield names of constants, without the underscore of private ones, and their values."""
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        for target in targets:
            if isinstance(target, ast.Name) and value and target.id.lstrip("_").isupper():
                yield target.id.lstrip("_"), ast.unparse(value)
            elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                for one, its in zip(target.elts, value.elts, strict=True):
                    if isinstance(one, ast.Name) and one.id.lstrip("_").isupper():
                        yield one.id.lstrip("_"), ast.unparse(its)


def twins(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the names that have more than one value, each with the modules that give it one."""
    values, modules = defaultdict(set), defaultdict(list)
    for module, source in sources.items():
        for name, value in constants(source):
            values[name].add(value)
            modules[name].append(module)
    return {name: modules[name] for name, several in values.items() if len(several) > 1}


def of_the_package() -> dict[str, list[str]]:
    paths = {str(path.relative_to(PACKAGE)): path for path in sorted(PACKAGE.rglob("*.py"))}
    assert len(paths) > 100
    return twins({name: path.read_text("utf-8") for name, path in paths.items()})


def test_no_two_constants_have_one_name_and_different_values():
    found = of_the_package()
    assert {name: found[name] for name in found.keys() - ALLOWED.keys()} == {}


def test_what_is_allowed_is_there():
    assert ALLOWED.keys() - of_the_package().keys() == set()


def test_twins_are_found_whatever_is_private_and_however_they_are_written():
    one = "_SURE = 80.0\n_FAR, NEAR = 8.0, 2.0\nSAME = 1\n"
    other = "SURE: float = 60.0\n_NEAR = 3.0\nSAME = 1\nFAR = 8.0\n"
    both = ["a.py", "b.py"]
    assert twins({"a.py": one, "b.py": other}) == {"SURE": both, "NEAR": both}
