#!/bin/sh
# Pins what the layers hold, with hashes, for Lambda's Python. `make lock` calls it after it has
# pinned requirements/run.lock, whose versions it takes over: what is tested is what is deployed.
set -eu

cd "$(dirname "$0")/.."

for layer in core imaging; do
    .venv/bin/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        --constraint requirements/run.lock --output-file "layers/$layer/requirements.lock" \
        "layers/$layer/requirements.txt"
done
