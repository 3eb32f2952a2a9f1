#!/bin/sh
# Makes this checkout able to run: scripts/setup.sh run|dev
#
# A virtual environment in .venv with the locked requirements, and tesseract and poppler from the
# system (dev adds qpdf). What is there already is left alone, so a second call costs nothing.
# Ends with 69 (EX_UNAVAILABLE) when something is missing that only the user can install.
set -eu

cd "$(dirname "$0")/.."
profile=${1:-run}
unavailable=69

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit "$unavailable"
}
has() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# ------------------------------------------------------------------ system packages

apt_install() {
    say "installing $* with apt-get"
    # Package lists may be absent (containers) or stale, so a second try follows an update.
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2 ||
        { apt-get update -q >&2 &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2; }
}

# Installs the packages, or says how to: need WHAT_FOR PACKAGE…
need() {
    what=$1
    shift
    if ! has apt-get; then
        fail "$what is missing. Install it with your package manager (Debian calls it: $*)."
    elif ! is_root; then
        fail "$what is missing. Run: sudo apt-get install $* (after sudo apt-get update)"
    fi
    apt_install "$@" || fail "$what could not be installed. Try: apt-get update; apt-get install $*"
}

system_packages() {
    packages=
    has tesseract || packages="$packages tesseract-ocr"
    { has pdftoppm && has pdftotext; } || packages="$packages poppler-utils"
    [ "$profile" = run ] || has qpdf || packages="$packages qpdf"
    # Unquoted on purpose: a list of names without spaces.
    [ -z "$packages" ] || need "The text recognition" $packages
}

# ------------------------------------------------------------------ Python

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Prints a Python ≥ 3.11, one that can make virtual environments where there is a choice.
find_python() {
    fallback=
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3.14 python3 \
        /usr/bin/python3; do
        [ -n "$candidate" ] && is_recent "$candidate" || continue
        if has_venv "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
        [ -n "$fallback" ] || fallback=$candidate
    done
    printf '%s\n' "$fallback"
}

make_venv() {
    python=$(find_python)
    [ -n "$python" ] || fail "Python 3.11 or later is missing. Install it, or name it: PYTHON=…"
    if ! has_venv "$python"; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        need "Python's venv module" "python$version-venv"
    fi
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv || fail "The virtual environment could not be made."
    pwd -P >.venv/home
}

# A virtual environment that somebody else made here is kept; one that was moved is not.
usable_venv() {
    is_recent .venv/bin/python && { [ ! -e .venv/home ] || [ "$(cat .venv/home)" = "$(pwd -P)" ]; }
}

# What the installed state depends on: the locks, the metadata and where this checkout lies
# (scripts in .venv/bin carry absolute paths).
fingerprint() {
    { pwd -P; cat "requirements/$1.lock" pyproject.toml; } | cksum
}
is_current() {
    [ -x .venv/bin/fanfold ] && [ "$(cat ".venv/$1.stamp" 2>/dev/null)" = "$(fingerprint "$1")" ]
}

python_packages() {
    # The dev set holds the run set, so it serves both.
    is_current "$profile" || is_current dev && return
    usable_venv || make_venv
    say "installing requirements/$profile.lock into .venv (this takes a minute the first time)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        -r "requirements/$profile.lock" >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation -e . >&2
    fingerprint "$profile" >".venv/$profile.stamp"
}

case $profile in
run | dev) ;;
*) fail "usage: scripts/setup.sh run|dev" ;;
esac
system_packages
python_packages
