#!/bin/sh
# Runs AWS SAM's command line in an environment of its own: scripts/sam.sh build|validate|deploy …
#
# ARCHITECTURE=arm64 builds for Graviton; deploy then needs --parameter-overrides
# Architecture=arm64, too. Neither Docker nor Lambda's Python is needed to build.
#
# What `deploy --guided` is told goes into samconfig.local.toml, which begins as a copy of samconfig.toml
# and is not under version control; `deploy` takes it from there. --config-file names another.
set -eu

cd "$(dirname "$0")/.."
venv=.venv-sam
lock=requirements/sam.lock
answers=samconfig.local.toml

is_current() {
    [ -x "$venv/bin/sam" ] && cmp -s "$lock" "$venv/installed.lock"
}

if ! is_current; then
    printf 'sam: installing %s into %s\n' "$lock" "$venv" >&2
    "${PYTHON:-.venv/bin/python}" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --require-hashes -r "$lock" >&2
    cp "$lock" "$venv/installed.lock"
fi

# The layers' Makefiles call python3 -m pip: this environment's, wherever SAM is called from.
PATH="$PWD/$venv/bin:$PATH"
export PATH
export SAM_CLI_TELEMETRY="${SAM_CLI_TELEMETRY:-0}"
export ARCHITECTURE="${ARCHITECTURE:-x86_64}"

command=${1:-}
[ $# = 0 ] || shift
case $command in
build)
    set -- --parameter-overrides "Architecture=$ARCHITECTURE" "$@"
    ;;
validate)
    # SAM wants a region even where nothing is deployed.
    export AWS_DEFAULT_REGION="${AWS_DEFAULT_REGION:-${AWS_REGION:-us-east-1}}"
    ;;
deploy)
    case " $* " in
    *' --config-file'*) ;;
    *' --guided '* | *' -g '*)
        [ -e "$answers" ] || cp samconfig.toml "$answers"
        set -- --config-file "$PWD/$answers" "$@"
        ;;
    *) [ ! -e "$answers" ] || set -- --config-file "$PWD/$answers" "$@" ;;
    esac
    ;;
esac
exec sam ${command:+"$command"} "$@"
