#!/bin/sh
# Prints the address of a Debian archive: mirror.sh main|security
#
# FANFOLD_DEBIAN_MIRROR and FANFOLD_DEBIAN_SECURITY_MIRROR name them; otherwise the host's own apt
# configuration does. Ends with 69 (EX_UNAVAILABLE) where neither does.
set -eu

case $1 in
main) chosen=${FANFOLD_DEBIAN_MIRROR:-} variable=FANFOLD_DEBIAN_MIRROR label=Debian ;;
security) chosen=${FANFOLD_DEBIAN_SECURITY_MIRROR:-} variable=FANFOLD_DEBIAN_SECURITY_MIRROR
    label=Debian-Security ;;
esac

# Labels are known once the host has run `apt-get update`; the usual paths are known before.
if [ -z "$chosen" ]; then
    chosen=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' |
        awk -v label="$label" '
            $1 == label || tolower($NF) ~ "/" tolower(label) "/?$" { print $NF; exit }')
fi
[ -n "$chosen" ] || {
    echo "ocr layer: this host's apt knows no $label archive; name one in $variable" >&2
    exit 69
}
printf '%s\n' "${chosen%/}"
