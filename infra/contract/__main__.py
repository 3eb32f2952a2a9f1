"""Write the API's description beside the function that hands it out: ``make contract``."""

from __future__ import annotations

import json
from pathlib import Path

from infra.contract import document, page

STATIC = Path(__file__).parents[2] / "functions" / "api" / "static"


def files() -> dict[str, str]:
    """Return what the description is, by file."""
    built = document.build()
    return {
        "openapi.json": json.dumps(built, ensure_ascii=False, indent=1) + "\n",
        "docs.html": page.render(built),
    }


if __name__ == "__main__":
    for name, text in files().items():
        (STATIC / name).write_text(text, encoding="utf-8")
