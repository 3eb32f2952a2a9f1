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

# By what the archive calls itself, known once the host has run `apt-get update`.
labelled() {
    apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' |
        awk -v label="$label" '$1 == label { print $2; exit }'
}
# By the usual path, known from the host's sources alone.
located() {
    apt-get update --print-uris -o Debug::NoLocking=true |
        sed -n "s|^'\(.*/$(echo $label | tr A-Z a-z)\)/*dists/.*|\1|p" | head -n 1
}

[ -n "$chosen" ] || chosen=$(labelled)
[ -n "$chosen" ] || chosen=$(located)
[ -n "$chosen" ] || {
    echo "ocr layer: this host's apt knows no $label archive; name one in $variable" >&2
    exit 69
}
printf '%s\n' "${chosen%/}"
