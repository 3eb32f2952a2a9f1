#!/bin/sh
# A release, from source to production: what is built once is what is deployed everywhere.
#
#   infra/pipeline/release.sh package              build, upload to $ARTIFACTS (a bucket); writes build/release/
#   infra/pipeline/release.sh deploy STAGE [DIR]   deploy that package (or an earlier one in DIR) into a stage
#   infra/pipeline/release.sh smoke STAGE          run a document through it
#   infra/pipeline/release.sh all                  package, staging, smoke, prod, smoke
#
# STAGE is an environment of samconfig.toml; PARAMETERS adds to its settings for one deployment
# (PARAMETERS=Release=AllAtOnce mends what rings: docs/operations.md). Any CI that has credentials
# can run this; so can a person. ARCHITECTURE (x86_64 or arm64) is chosen at `package`.
set -eu

cd "$(dirname "$0")/../.."
python=.venv/bin/python
release=build/release

say() { printf 'release: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

# Prints a setting of a stage: config STAGE TABLE NAME
config() {
    "$python" -c 'import sys, tomllib
stage, table, name = sys.argv[1:]
with open("samconfig.toml", "rb") as file:
    stages = tomllib.load(file)
print(stages[stage][table]["parameters"].get(name, ""))' "$@" 2>/dev/null ||
        fail "samconfig.toml has no $2 for the stage $1"
}

package() {
    : "${ARTIFACTS:?the bucket that takes the package}"
    [ -z "$(git status --porcelain)" ] || fail "there are uncommitted changes: what is released has a commit"
    commit=$(git rev-parse HEAD)
    make build
    rm -rf "$release"
    mkdir -p "$release"
    scripts/sam.sh package --s3-bucket "$ARTIFACTS" --s3-prefix "fanfold/$commit" \
        --output-template-file "$release/template.yaml"
    printf 'commit %s\narchitecture %s\n' "$commit" "${ARCHITECTURE:-x86_64}" >"$release/release.txt"
    (cd "$release" && sha256sum template.yaml release.txt >SHA256SUMS)
    say "$release holds $commit"
}

deploy() {
    stage=${1:?the stage}
    from=${2:-$release}
    (cd "$from" && sha256sum --check --quiet SHA256SUMS) || fail "$from is not as it was packaged"
    architecture=$(sed -n 's/^architecture //p' "$from/release.txt")
    overrides=$(config "$stage" deploy parameter_overrides)
    say "$(sed -n 's/^commit //p' "$from/release.txt") goes to $stage"
    # Unquoted on purpose: a list of Name=value.
    # SAM looks for its configuration beside the template.
    scripts/sam.sh deploy --config-file "$PWD/samconfig.toml" --config-env "$stage" --template-file "$from/template.yaml" \
        --no-confirm-changeset --no-fail-on-empty-changeset \
        --parameter-overrides $overrides "Architecture=$architecture" ${PARAMETERS:-}
    "$python" -m infra.ops.protect --stack "$(config "$stage" global stack_name)"
}

smoke() {
    "$python" -m infra.ops.smoke --stack "$(config "${1:?the stage}" global stack_name)"
}

case ${1:-} in
package) package ;;
deploy) deploy "${2:-}" "${3:-}" ;;
smoke) smoke "${2:-}" ;;
all)
    package
    for stage in staging prod; do
        deploy "$stage"
        smoke "$stage"
    done
    ;;
*) fail "usage: release.sh package | deploy STAGE [DIR] | smoke STAGE | all" ;;
esac
