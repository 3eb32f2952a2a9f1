#!/bin/sh
# Holds the templates, as CloudFormation gets them, against checkov and cfn-lint's serverless rules, and
# the locks of what is shipped against what is known of their packages, where that can be had.
#
# All have an environment of their own. What the first two find and is meant to be so stands, with the
# reason, in infra/aws/checkov.yaml and infra/aws/cfnlint.yaml.
set -u

cd "$(dirname "$0")/.."
venv=.venv-audit
lock=requirements/audit.lock
templates=build/cloudformation
failed=

is_current() {
    [ -x "$venv/bin/pip-audit" ] && cmp -s "$lock" "$venv/installed.lock"
}

if ! is_current; then
    printf 'audit: installing %s into %s\n' "$lock" "$venv" >&2
    "${PYTHON:-.venv/bin/python}" -m venv --clear "$venv" &&
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
            --require-hashes -r "$lock" >&2 &&
        cp "$lock" "$venv/installed.lock" || exit 69
fi

step() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed $name,"
}

rm -rf "$templates"
.venv/bin/python -m tests.infra.stack "$templates" || exit 1
step sam scripts/sam.sh validate --lint
step cfn-lint "$venv/bin/cfn-lint" --config-file infra/aws/cfnlint.yaml -- "$templates"/*.json
step checkov "$venv/bin/checkov" --config-file infra/aws/checkov.yaml --directory "$templates"
step vulnerabilities .venv/bin/python -m infra.supply.vulnerabilities "$venv/bin/pip-audit" \
    layers/*/requirements.lock requirements/run.lock

[ -z "$failed" ] || {
    printf 'failed: %s\n' "${failed%,}" >&2
    exit 1
}
