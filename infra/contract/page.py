"""The API's description as one page of HTML: nothing in it is fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} {version}: HTTP API</title>
<link rel="stylesheet" href="web/docs.css">
</head>
<body>
<main>
<h1>{title} {version}: HTTP API</h1>
<p>{summary}. The same for programs: <a href="openapi.json">openapi.json</a> (OpenAPI {openapi}).
Everything but what says “open” takes a token: <code>Authorization: Bearer …</code></p>
"""
_TAIL = "</main>\n</body>\n</html>\n"


def render(document: Mapping[str, Any]) -> str:
    """Return the page."""
    info = document["info"]
    head = _HEAD.format(
        title=escape(info["title"]),
        version=escape(info["version"]),
        summary=escape(info["summary"]),
        openapi=escape(document["openapi"]),
    )
    parts = [head, *_contents(document)]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts += _operation(path, method, operation)
    parts.append("<h2>Shapes</h2>\n")
    for name, shape in document["components"]["schemas"].items():
        parts.append(f'<h3 id="{name}">{name}</h3>\n{_shape(shape)}\n')
    return "".join([*parts, _TAIL])


def _contents(document: Mapping[str, Any]) -> Iterator[str]:
    yield '<nav aria-label="Operations">\n<ul>\n'
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield (
                f'<li><a href="#{operation["operationId"]}"><code>{method.upper()} {escape(path)}'
                f"</code></a> {escape(operation['summary'])}</li>\n"
            )
    yield "</ul>\n</nav>\n"


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f'<section id="{operation["operationId"]}">\n'
        f"<h2><code>{method.upper()} {escape(path)}</code></h2>\n"
        f"<p>{escape(operation['summary'])} {_marked(operation.get('description', 'Open.'))}</p>\n"
    )
    if parameters := operation.get("parameters"):
        yield "<table>\n<caption>Takes</caption>\n"
        for one in parameters:
            yield f"<tr><th>{escape(one['name'])}</th><td>{one['in']}</td>"
            yield f"<td>{_shape(one['schema'])}</td></tr>\n"
        yield "</table>\n"
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<p>Body <code>{escape(media)}</code>: {_shape(content['schema'])}</p>\n"
    yield "<table>\n<caption>Answers</caption>\n"
    for status, answer in operation["responses"].items():
        shapes = ", ".join(_content(*one) for one in answer.get("content", {}).items())
        yield f"<tr><th>{status}</th><td>{_marked(answer['description'])}</td>"
        yield f"<td>{shapes}</td></tr>\n"
    yield "</table>\n</section>\n"


def _content(media: str, content: Mapping[str, Any]) -> str:
    return _shape(content["schema"]) if "schema" in content else f"<code>{escape(media)}</code>"


def _marked(text: str) -> str:
    """Return a sentence with what stands in backticks as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))


def _shape(shape: Mapping[str, Any]) -> str:
    """Describe a shape in words: its name where it has one, its fields where it is an object."""
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in shape:
        return " or ".join(map(_shape, shape["anyOf"]))
    if "enum" in shape:
        return " ".join(f"<code>{escape(str(value))}</code>" for value in shape["enum"])
    if shape.get("type") == "array":
        return f"list of {_shape(shape['items'])}"
    if fields := shape.get("properties"):
        needed = shape.get("required", ())
        rows = "".join(
            f"<tr><th>{escape(name)}{'' if name in needed else '?'}</th><td>{_shape(has)}</td></tr>"
            for name, has in fields.items()
        )
        return f"<table>{rows}</table>"
    return _plain(shape)


def _plain(shape: Mapping[str, Any]) -> str:
    if isinstance(shape.get("additionalProperties"), dict):
        return f"object of {_shape(shape['additionalProperties'])}"
    kind = escape(str(shape.get("format") or shape.get("type") or "anything"))
    bounds = " to ".join(str(shape[end]) for end in ("minimum", "maximum") if end in shape)
    examples = ", ".join(f"<code>{escape(str(one))}</code>" for one in shape.get("examples", ()))
    return " ".join(filter(None, (kind, bounds and f"({bounds})", examples and f"as {examples}")))
