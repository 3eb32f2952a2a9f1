"""Have a client that is generated from the API's description send a document and fetch its text.

    python -m tests.interop.generated_client        (make interop-client)

By openapi-python-client, in an environment of its own; the client is thrown away.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from cli import tools
from infra.contract.__main__ import STATIC
from infra.machine.machine import Machine, Wish
from infra.machine.steps import Setup
from tests.data.samples import SAMPLES, ensure
from tests.e2e.accuracy import recall

PROGRAMS = Path("build/interop/client/bin").absolute()
_ENOUGH = 0.95
"""Minimum of the words of a sample that the client fetches."""
_USE = """
import io, sys
sys.path.insert(0, sys.argv[1])
from generated import AuthenticatedClient
from generated.api.default import (
    get_v1_documents_document as status,
    get_v1_documents_document_pages_number as page,
    get_v1_documents_document_result as result,
    post_v1_documents as create,
)
from generated.models import Created, Status
from generated.types import File

client = AuthenticatedClient(base_url=sys.argv[2], token=sys.argv[3])
with open(sys.argv[4], "rb") as file:
    made = create.sync(client=client, body=File(payload=file), name="scan.pdf")
assert isinstance(made, Created), made
while (found := status.sync(made.id, client=client, wait=20)).state not in ("SUCCEEDED", "FAILED"):
    assert isinstance(found, Status), found
assert found.pages.done == len(found.page_states), found
first = page.sync(made.id, 1, client=client)
assert first.to_dict()["blocks"], first
answer = result.sync_detailed(made.id, client=client)
assert answer.status_code == 303, answer
import httpx
print(httpx.get(answer.headers["location"]).text)
"""


def main() -> None:
    """Generate and use the client; exit with 1 where it fetches too few words."""
    document = ensure() / "scan.pdf"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _run(
            "openapi-python-client", "generate", "--meta", "none",
            "--path", STATIC / "openapi.json", "--output-path", folder / "generated",
        )  # fmt: skip
        setup = Setup(folder / "data", "eng", tools.find().environment)
        with Machine(setup, Wish()) as machine:
            made = httpx.post(f"{machine.url}/v1/tokens", json={"scopes": ["read", "write"]})
            token = made.json()["token"]
            text = _run("python", "-c", _USE, folder, machine.url, token, document)
    share = recall(SAMPLES["scan.pdf"].words, text)
    print(f"words fetched by a generated client {share:.3f}")
    sys.exit(share < _ENOUGH)


def _run(program: str, *arguments: object) -> str:
    command = [str(PROGRAMS / program), *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
