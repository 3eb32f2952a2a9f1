#!/bin/sh
# Runs a sample of the tests on machines that are set up oddly: scripts/test-odd.sh [TEST…]
#
# Each environment below is this machine with something that a user may well have. All of them are
# tried; those whose tests fail are named at the end. What cannot be had here is said and left out.
set -u

cd "$(dirname "$0")/.."
here=$(pwd -P)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
chmod 755 "$room"
failed=
pytest='.venv/bin/pytest -q -p no:cacheprovider'

[ $# -gt 0 ] || set -- \
    tests/unit/cli tests/unit/ocr/test_child_environment.py tests/unit/rehearsal \
    tests/contracts/test_queue.py tests/contracts/test_object_store.py \
    tests/integration/ocr/test_finding_out_the_language.py \
    tests/integration/ocr/test_malicious_programs.py tests/integration/ocr/test_full_disk.py \
    tests/integration/rehearsal/test_lifecycle.py tests/integration/functions \
    tests/e2e/test_command_line.py

# try NAME COMMAND…: the sample, run by a command that changes the environment first.
try() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed $name,"
}
leave_out() { printf '== %s: left out, %s\n' "$1" "$2"; }

# has_locale NAME: makes it in a folder of our own, which needs no root.
has_locale() {
    localedef -i "$1" -f UTF-8 "$room/locale/$1.UTF-8" >/dev/null 2>&1
}

dead=http://127.0.0.1:9
nowhere=/nowhere

own_settings() {
    env AWS_PROFILE=nobodys AWS_REGION=ap-south-1 AWS_ENDPOINT_URL=$dead AWS_CONFIG_FILE=$nowhere \
        HTTP_PROXY=$dead http_proxy=$dead HTTPS_PROXY=$dead https_proxy=$dead ALL_PROXY=$dead \
        TESSDATA_PREFIX=$nowhere FANFOLD_TESSERACT=$nowhere FANFOLD_ENDPOINT=$dead \
        $pytest "$@"
}
locale() {
    language=$1
    shift
    env LOCPATH="$room/locale" LANG="$language" LC_ALL="$language" TZ=Pacific/Kiritimati \
        $pytest "$@"
}
no_home() (
    umask 077
    unset HOME USER LOGNAME
    $pytest "$@"
)
odd_folder() (
    TMPDIR="$room/ein Ordner mit Lücken/und einem Namen, der so lang ist, daß mancher Weg nicht paßt, ışığı"
    mkdir -p "$TMPDIR"
    export TMPDIR
    $pytest "$@"
)
# Anybody but root: files are not theirs, and a mode of 000 means something.
another_user() (
    mkdir -p "$room/nobody" && chmod 777 "$room/nobody"
    setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=$nowhere TMPDIR="$room/nobody" \
        PYTHONDONTWRITEBYTECODE=1 $pytest "$@"
)

mkdir -p "$room/locale"
.venv/bin/python -c 'from tests.data.samples import ensure; ensure()'
try "a user's own settings" own_settings "$@"
for language in tr_TR de_DE; do
    if has_locale "$language"; then
        try "$language" locale "$language.UTF-8" "$@"
    else
        leave_out "$language" "localedef cannot make it (Debian's package: locales)"
    fi
done
try C locale C "$@"
try 'no home, and files for nobody else' no_home "$@"
try 'an odd folder for temporary files' odd_folder "$@"
if [ "$(id -u)" != 0 ]; then
    leave_out 'another user' 'only root can become one'
elif ! setpriv --reuid=65534 --regid=65534 --clear-groups env .venv/bin/python -c 'import tests' 2>/dev/null; then
    leave_out 'another user' "nobody but root can run $here/.venv/bin/python"
else
    try 'another user' another_user "$@"
fi

[ -z "$failed" ] || {
    printf 'failed: %s\n' "${failed%,}" >&2
    exit 1
}
