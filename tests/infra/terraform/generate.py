"""Rebuild the part of the AWS provider's schema that infra/terraform uses, without the provider.

    python -m tests.infra.terraform.generate

The npm package of the CDK for Terraform carries the provider's argument names, types, required
flags and block nesting as JavaScript generated from the schema (package.json pins it). This reads
them back and writes schema.json, one line for each type. Lost on the way: allowed values,
arguments that exclude one another, and which optional arguments are computed, too (taken to be
those that the package can read).
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.infra.terraform import configuration

HERE = Path(__file__).parent
SCHEMA = HERE / "schema.json"
_LIBRARY = HERE / "node_modules/@cdktf/provider-aws/lib"
_ENTRY = re.compile(
    r"(\w+): \{\n\s*value: [^\n]*,\n\s*isBlock: (true|false),\n\s*type: \"(\w+)\",\n"
    r"\s*storageClassType: \"(\w+)\",\n\s*\}"
)
_CLASS = re.compile(r"^class \w+ extends cdktf\.Terraform(?:Resource|DataSource|Provider) \{", re.M)
_FUNCTION = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{$", re.M)
_READS = re.compile(r"return this\.get(\w+?)Attribute\([\'\"](\w+)[\'\"]\)")
_OBJECTS = re.compile(r"new (?:cdktf\.)?(\w+)\(this, [\"'](\w+)[\"']")
_SIMPLE = {"string": "string", "number": "number", "boolean": "bool"}
_LISTS = {"list": "list", "set": "set", "map": "map"}
_READ = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
}
Block = dict[str, Any]


def main() -> None:
    """Fetch the package and write the excerpt."""
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=HERE, check=True, capture_output=True)
    found = {
        "provider": {"aws": read(_LIBRARY / "provider")},
        "resource": {name: read(_folder(name)) for name in configuration.types("resource")},
        "data": {name: read(_folder(name, "data-")) for name in configuration.types("data")},
    }
    SCHEMA.write_text(_lines(found), encoding="utf-8")


def read(folder: Path) -> Block:
    """Return one type's block: ``attributes`` and nested ``blocks`` by name."""
    script = (folder / "index.js").read_text("utf-8").partition("//# sourceMappingURL")[0]
    interfaces = _interfaces((folder / "index.d.ts").read_text("utf-8"))
    functions = {
        found[1].lower(): _ENTRY.findall(script[found.end() : script.index("\n}\n", found.end())])
        for found in _FUNCTION.finditer(script)
    }
    start = _CLASS.search(script)
    assert start, f"{folder} holds no type"
    body = script[start.start() :]
    name = body.split()[1]
    root = _ENTRY.findall(body[body.index("synthesizeHclAttributes") :])
    block = _block(root, f"{name}Config", interfaces, functions)
    _add_computed(block, body)
    return block


def _folder(name: str, prefix: str = "") -> Path:
    return _LIBRARY / (prefix + name.replace("_", "-").removeprefix("" if prefix else "aws-"))


def _interfaces(declarations: str) -> dict[str, dict[str, tuple[bool, str]]]:
    """Return the properties of every interface: whether it may be left out, and its type."""
    found: dict[str, dict[str, tuple[bool, str]]] = {}
    current: dict[str, tuple[bool, str]] = {}
    for line in declarations.splitlines():
        if interface := re.match(r"export interface (\w+)", line):
            current = found.setdefault(interface[1], {})
        elif line.startswith("}"):
            current = {}
        elif property_ := re.match(r"    readonly (\w+)(\??): (.*)$", line):
            current[property_[1]] = (property_[2] == "?", property_[3])
    return found


def _block(
    entries: list[tuple[str, ...]], interface: str, interfaces: Any, functions: Any
) -> Block:
    attributes: Block = {}
    blocks: Block = {}
    for name, is_block, kind, storage in entries:
        optional, declared = interfaces.get(interface, {}).get(_camel(name), (True, ""))
        if is_block == "false" or storage == "any":
            attributes[name] = {"type": _type(kind, storage), "required": not optional}
            continue
        inner = re.sub(r"(List|Set|Map)$", "", storage) if kind != "struct" else storage
        if inner.lower() not in functions:
            inner = storage
        nested = _block(functions.get(inner.lower(), []), inner, interfaces, functions)
        blocks[name] = {"nest": _LISTS.get(kind, "single"), "required": not optional,
                        "single": "[]" not in declared, "block": nested}  # fmt: skip
    return {"attributes": attributes, "blocks": blocks}


def _add_computed(block: Block, body: str) -> None:
    """Note what the provider knows by itself: beside arguments, and instead of them."""
    readable = {name: _READ.get(kind, "dynamic") for kind, name in _READS.findall(body)}
    for kind, name in _OBJECTS.findall(body):
        readable.setdefault(name, _READ.get(kind, "dynamic"))
    for name, type_ in readable.items():
        known = block["attributes"].get(name)
        if known:
            known["computed"] = not known["required"]
        elif name not in block["blocks"]:
            block["attributes"][name] = {"type": type_, "required": False, "computed_only": True}


def _type(kind: str, storage: str) -> Any:
    found = re.match(r"(string|number|boolean)(?:List|Map|Set)?(List|Map|Set)?$", storage)
    if found is None:
        return "dynamic"
    element: Any = _SIMPLE[found[1]]
    if kind == "simple":
        return element
    return [_LISTS[kind], ["list", element] if found[2] else element]


def _camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def _lines(found: dict[str, dict[str, Block]]) -> str:
    def group(types: dict[str, Block]) -> Iterator[str]:
        for name, block in sorted(types.items()):
            yield f'"{name}": {json.dumps(block, sort_keys=True, separators=(",", ":"))}'

    groups = (f'"{kind}": {{\n' + ",\n".join(group(types)) + "\n}" for kind, types in found.items())
    return "{\n" + ",\n".join(groups) + "\n}\n"


if __name__ == "__main__":
    main()
