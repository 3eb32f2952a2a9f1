#!/bin/sh
# Runs Terraform without AWS and without its provider: scripts/terraform.sh -chdir=… validate|plan …
#
# A stand-in serves an excerpt of the real provider's schema (tests/infra/terraform/provider.py); it
# has an environment of its own. For your account call terraform itself. `terraform init` does not
# work here, as it would fetch the provider; `terraform get` brings the modules. Without arguments
# it sets up and says nothing.
set -eu

cd "$(dirname "$0")/.."
venv=.venv-terraform
lock=requirements/terraform.lock

command -v terraform >/dev/null 2>&1 || {
    printf 'terraform: not on PATH; install Terraform 1.10 or later\n' >&2
    exit 69
}
if ! cmp -s "$lock" "$venv/installed.lock" || ! [ "$(cat "$venv/home" 2>/dev/null)" = "$PWD" ]; then
    printf 'terraform: installing %s into %s\n' "$lock" "$venv" >&2
    "${PYTHON:-.venv/bin/python}" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --require-hashes -r "$lock" >&2
    mkdir -p "$venv/provider"
    cat >"$venv/provider/terraform-provider-aws" <<EOF
#!/bin/sh
exec '$PWD/$venv/bin/python' '$PWD/tests/infra/terraform/provider.py' '$PWD/tests/infra/terraform/schema.json'
EOF
    chmod +x "$venv/provider/terraform-provider-aws"
    cat >"$venv/terraform.rc" <<EOF
provider_installation {
  dev_overrides {
    "hashicorp/aws" = "$PWD/$venv/provider"
  }
}
disable_checkpoint = true
EOF
    pwd >"$venv/home"
    cp "$lock" "$venv/installed.lock"
fi

[ $# != 0 ] || exit 0
export TF_CLI_CONFIG_FILE="$PWD/$venv/terraform.rc"
export TF_IN_AUTOMATION=1
cd "${TERRAFORM_FOLDER:-.}"
exec terraform "$@"
