#!/bin/sh
# Builds a stand-in for AWS's image of the python3.13 runtime: scripts/stand-in-image.sh IMAGE
#
# For machines that cannot pull the image itself. Debian's Python 3.13 and AWS's own runtime
# interface client, under the name that SAM looks for; SAM adds the emulator of the Runtime API.
# Not the same in one respect that matters: the C library is Debian's, newer than Amazon Linux's,
# so that a program which starts here need not start there.
#
# Needs Docker and mmdebstrap (10 s, 40 MB of packages). FANFOLD_DEBIAN_MIRROR names the archive,
# otherwise the host's own apt configuration does. Ends with 69 (EX_UNAVAILABLE) without them.
set -eu

cd "$(dirname "$0")/.."
image=${1:?the name of the image}
suite=trixie
python=python3.13
packages=base-files,coreutils,dash,libc-bin,libstdc++6,$python-minimal,lib$python-stdlib
unavailable=69

say() { printf 'stand-in image: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit "$unavailable"
}

command -v docker >/dev/null || fail "needs Docker"
command -v mmdebstrap >/dev/null || fail "needs mmdebstrap: sudo apt-get install mmdebstrap"
mirror=$(sh layers/ocr/mirror.sh main) || exit

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
runtime=$work/runtime
mkdir -p "$runtime"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
    --require-hashes --only-binary=:all: --implementation cp --python-version 3.13 \
    --platform "manylinux2014_$(uname -m)" --target "$runtime" -r requirements/runtime.lock
cat >"$runtime/bootstrap" <<EOF
#!/bin/sh
# Layers before the runtime's own packages, the function before both, as Lambda has it.
export PYTHONPATH="/var/task:/opt/python:/var/runtime"
export AWS_EXECUTION_ENV=AWS_Lambda_$python
cd /var/task
exec $python -m awslambdaric "\$_HANDLER"
EOF
chmod 755 "$runtime/bootstrap" "$runtime"

say "building $image from Debian $suite"
# Nothing is configured, only unpacked: no package in here needs more.
mmdebstrap --quiet --variant=extract --include="$packages" \
    --extract-hook="copy-in $runtime /var" \
    --extract-hook='mkdir -p "$1/var/task" "$1/opt" && chmod 1777 "$1/tmp"' \
    --extract-hook="ln -s $python \"\$1/usr/bin/python3\"" \
    "$suite" - "$mirror" >"$work/root.tar"
docker import \
    --change 'ENV PATH=/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin' \
    --change 'ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime' \
    --change 'ENV LD_LIBRARY_PATH=/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib' \
    --change 'LABEL fanfold.stand-in=true' \
    --change 'WORKDIR /var/task' \
    "$work/root.tar" "$image" >/dev/null
