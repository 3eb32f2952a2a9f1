#!/bin/sh
# Makes this checkout able to run: scripts/setup.sh run|dev
#
# A virtual environment in .venv with the locked requirements, and tesseract and poppler from the
# system (dev adds qpdf and curl). What is there already is left alone, so a second call costs nothing.
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

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"; }
apt_install() {
    say "installing $* with apt-get"
    # Package lists may be absent (containers) or stale, so a second try follows an update.
    apt_get install -y --no-install-recommends "$@" >/dev/null 2>&1 ||
        { apt_get update >&2 && apt_get install -y --no-install-recommends "$@" >&2; }
}

# Prints what is missing of the system, by Debian's names.
missing_packages() {
    # `make ocr` brings tesseract and poppler of its own; the tests want the system's.
    if [ "$profile" = dev ] || ! [ -x build/ocr/bin/tesseract ]; then
        has tesseract || printf 'tesseract-ocr '
        # Without the base-14 fonts and CMaps, pages that embed no fonts are drawn blank.
        { has pdftoppm && has pdftotext; } || printf 'poppler-utils poppler-data fonts-liberation '
    fi
    [ "$profile" = run ] || has qpdf || printf 'qpdf '
    [ "$profile" = run ] || has curl || printf 'curl '
    is_usable_venv || has_venv "$python" || printf 'python%s-venv ' "$(version_of "$python")"
}

system_packages() {
    packages=$(missing_packages)
    [ -n "$packages" ] || return 0
    if ! has apt-get; then
        fail "Not installed: ${packages% } (Debian's names). Install them with your package manager."
    elif ! is_root; then
        fail "Not installed: ${packages% }. Run:
  sudo apt-get update && sudo apt-get install ${packages% }
(tesseract and poppler can also be had without root: make ocr)"
    fi
    # Unquoted on purpose: a list of names without spaces.
    apt_install $packages || fail "apt-get could not install ${packages% }."
}

# ------------------------------------------------------------------ Python

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }
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

# A virtual environment that somebody else made here is kept; one that was moved is not.
is_usable_venv() {
    is_recent .venv/bin/python && { [ ! -e .venv/home ] || [ "$(cat .venv/home)" = "$(pwd -P)" ]; }
}

make_venv() {
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv || fail "The virtual environment could not be made."
    pwd -P >.venv/home
}

# What the installed state depends on: the locks, the metadata and where this checkout lies
# (scripts in .venv/bin carry absolute paths).
fingerprint() {
    { pwd -P; cat "requirements/$1.lock" layers/neural/requirements.lock pyproject.toml; } | cksum
}
is_current() {
    [ -x .venv/bin/fanfold ] && [ "$(cat ".venv/$1.stamp" 2>/dev/null)" = "$(fingerprint "$1")" ]
}

python_packages() {
    is_usable_venv || make_venv
    say "installing requirements/$profile.lock into .venv (this takes a minute the first time)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        -r "requirements/$profile.lock" >&2 || fail "The Python packages could not be installed."
    # Everything works without the second reader; it is 100 MB, and not every machine has wheels.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
        --only-binary=:all: -r layers/neural/requirements.lock >&2 ||
        say "the second reader could not be installed: tesseract reads alone"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation -e . >&2 || fail "Fanfold itself could not be installed."
    fingerprint "$profile" >".venv/$profile.stamp"
}

case $profile in
run | dev) ;;
*) fail "usage: scripts/setup.sh run|dev" ;;
esac
# The dev set holds the run set, so it serves both.
if ! is_current "$profile" && ! is_current dev; then
    python=$(find_python)
    [ -n "$python" ] || fail "Python 3.11 or later is missing. Install it, or name it: PYTHON=…"
    system_packages
    python_packages
else
    python=.venv/bin/python
    system_packages
fi
