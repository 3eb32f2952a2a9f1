"""What is put behind a model so that it tells the likeliest sign of each place alone.

A model is a protocol buffer, and two of them, one behind the other, are one with the nodes and
outputs of both. So the probabilities of 18,710 signs a place never leave the runtime.
"""

from __future__ import annotations

from fanfold.ocr.recognise.neural.onnxruntime import DOUBLE_INTEGER, FLOAT

LIKELIEST, HOW_LIKELY = "likeliest", "how_likely"
"""The outputs: the number of a sign for each place, and its probability."""

# Numbers of fields in onnx.proto.
_GRAPH, _GRAPH_NODE, _GRAPH_OUTPUT = 7, 1, 12
_NODE_INPUT, _NODE_OUTPUT, _NODE_KIND, _NODE_ATTRIBUTE = 1, 2, 4, 5
_ATTRIBUTE_NAME, _ATTRIBUTE_INTEGER, _ATTRIBUTE_INTEGERS, _ATTRIBUTE_KIND = 1, 3, 8, 20
_INTEGER, _INTEGERS = 2, 7
_VALUE_NAME, _VALUE_TYPE, _TYPE_TENSOR, _TENSOR_KIND = 1, 2, 1, 1

_SUFFIX_SIGNS = 2
"""The dimension of signs in what the model says, behind those of pictures and places."""


def likeliest(probabilities: str) -> bytes:
    """Return the suffix for a model whose output is called ``probabilities``."""
    axis = _attribute("axis", _field(_ATTRIBUTE_INTEGER, _SUFFIX_SIGNS), _INTEGER)
    axes = _attribute("axes", _field(_ATTRIBUTE_INTEGERS, _SUFFIX_SIGNS), _INTEGERS)
    parts = (
        _node("ArgMax", probabilities, LIKELIEST, axis),
        _node("ReduceMax", probabilities, HOW_LIKELY, axes),
        _output(LIKELIEST, DOUBLE_INTEGER),
        _output(HOW_LIKELY, FLOAT),
    )
    return _field(_GRAPH, b"".join(parts))


def _node(kind: str, given: str, output: str, attribute: bytes) -> bytes:
    flat = _attribute("keepdims", _field(_ATTRIBUTE_INTEGER, 0), _INTEGER)
    names = _field(_NODE_INPUT, given.encode()) + _field(_NODE_OUTPUT, output.encode())
    said = names + _field(_NODE_KIND, kind.encode()) + attribute + flat
    return _field(_GRAPH_NODE, said)


def _attribute(name: str, value: bytes, kind: int) -> bytes:
    said = _field(_ATTRIBUTE_NAME, name.encode()) + value + _field(_ATTRIBUTE_KIND, kind)
    return _field(_NODE_ATTRIBUTE, said)


def _output(name: str, kind: int) -> bytes:
    tensor = _field(_TYPE_TENSOR, _field(_TENSOR_KIND, kind))
    return _field(_GRAPH_OUTPUT, _field(_VALUE_NAME, name.encode()) + _field(_VALUE_TYPE, tensor))


def _field(number: int, content: bytes | int) -> bytes:
    """Write a field: a number as it is, bytes behind their length."""
    if isinstance(content, int):
        return _integer(number << 3) + _integer(content)
    return _integer(number << 3 | 2) + _integer(len(content)) + content


_SEVEN_BITS, _GOES_ON = 0x7F, 0x80
"""What a byte holds of a number, and its mark that there is more."""


def _integer(value: int) -> bytes:
    said = bytearray()
    while value > _SEVEN_BITS:
        said.append(value & _SEVEN_BITS | _GOES_ON)
        value >>= 7
    return bytes([*said, value])


def read_integer(data: bytes, at: int) -> tuple[int, int]:
    """Read the number that begins at a place; return it and where it ends."""
    value = shift = 0
    while data[at] & _GOES_ON:
        value |= (data[at] & _SEVEN_BITS) << shift
        shift, at = shift + 7, at + 1
    return value | data[at] << shift, at + 1
