"""The rehearsal of AWS for the browser's tests: python tests/web/rehearsal.py '{"ApiAuth": "jwt"}'.

Takes the template's parameters, says where the API is, and ends with its standard input.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from cli import tools
from infra.rehearsal.cloud import Cloud
from infra.template import TEMPLATE


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        cloud = Cloud(
            TEMPLATE,
            parameters={"Languages": "eng", **json.loads(sys.argv[1])},
            workers=2,
            environment=tools.find().environment,
            log=Path(folder) / "fanfold.log",
            trusting=False,
        )
        with cloud:
            print(cloud.api_url, flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main()
