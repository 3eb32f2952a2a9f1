#!/bin/sh
# What continuous integration checks besides the tests. Runs all of it and says how long it took.
set -u

cd "$(dirname "$0")/.."
bin=.venv/bin
began=$(date +%s)
failed=

step() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed $name,"
}

step format "$bin/ruff" format --check .
step lint "$bin/ruff" check .
step types "$bin/mypy"
step imports "$bin/lint-imports" --no-cache
step rules "$bin/pytest" -q tests/infra tests/unit/test_style.py

printf '== %s s\n' "$(($(date +%s) - began))"
[ -z "$failed" ] || {
    printf 'failed: %s\n' "${failed%,}" >&2
    exit 1
}
