#!/bin/bash
# Assembles the OCR layer from the Debian packages in packages.<ARCH>.lock. No root, no Docker.
#
#   ARCH=x86_64 OUT=build/ocr/x86_64 LANGUAGES="eng osd" ./build.sh
#
# ARCH         x86_64 or arm64; either can be built on either
# OUT          folder that becomes /opt/ocr; replaced
# LANGUAGES    tesseract's names, separated by spaces
# TESSERACT    debian, or own: compiled for this purpose (see tesseract.sh)
# RELOCATABLE  yes: works wherever OUT lies, given /proc; otherwise poppler's CMaps only at /opt/ocr
# PACKS        yes: nothing but the languages' data
#
# Downloads are kept in $XDG_CACHE_HOME/fanfold, so a second build needs no network.
# Needs apt and dpkg, or Docker to run them in. Ends with 69 (EX_UNAVAILABLE) where it has neither.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${ARCH:=x86_64}" "${OUT:?the folder to build}" "${LANGUAGES:=eng osd deu fra spa ita por}"
: "${TESSERACT:=debian}" "${RELOCATABLE:=no}" "${PACKS:=no}"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fanfold
lock=$here/packages.$ARCH.lock
apt_helper=/usr/lib/apt/apt-helper
# Free of AGPL, which rules out URW's base 35; Hangul is in Nanum alone.
fonts=('DejaVu*' 'Liberation*' DroidSansFallbackFull NanumGothic)
binaries=(tesseract pdfimages pdfinfo pdfseparate pdftoppm pdftotext)
unavailable=69

say() { printf 'ocr layer: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit "$unavailable"
}

# ------------------------------------------------------------------ packages

# Prints the locked packages that this layer takes: all but the languages nobody asked for.
wanted() {
    local language
    awk '$1 !~ /^tesseract-ocr-/' "$lock"
    for language in $LANGUAGES; do
        grep "^tesseract-ocr-${language//_/-} " "$lock" ||
            fail "there is no language $language; there are: $(known_languages)"
    done
}
known_languages() { sed -n 's/^tesseract-ocr-\([^ ]*\) .*/\1/p' "$lock" | tr '\n-' ' _'; }

is_cached() { [ -f "$1" ] && echo "$2  $1" | sha256sum --check --status; }

# apt-helper fetches as apt does (proxies, mirrors); the sum decides, so no index is needed.
fetch() {
    local main security name version sum size path libraries file
    local missing=()
    while read -r name version sum size path libraries; do
        file=$cache/downloads/$sum
        is_cached "$file" "$sum" && continue
        case $path in
        pool/updates/*) missing+=("${security:=$(sh "$here/mirror.sh" security)}/$path") ;;
        *) missing+=("${main:=$(sh "$here/mirror.sh" main)}/$path") ;;
        esac
        missing+=("$file" "SHA256:$sum")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "downloading $((${#missing[@]} / 3)) packages"
    "$apt_helper" -qq -o APT::Sandbox::User= download-file "${missing[@]}" ||
        fail "a package is not on the mirror (replaced by a newer one?): make -C layers/ocr lock"
}

unpack() {
    local name version sum rest
    while read -r name version sum rest; do
        dpkg-deb --extract "$cache/downloads/$sum" "$tree"
    done
}

# ------------------------------------------------------------------ layer

install_programs() {
    local name
    mkdir -p "$OUT/bin" "$OUT/libexec"
    for name in "${binaries[@]}"; do
        cp "$tree/usr/bin/$name" "$OUT/libexec/"
        cp "$here/root/bin/run" "$OUT/bin/$name"
    done
    chmod 755 "$OUT"/bin/* "$OUT"/libexec/*
}

install_libraries() {
    local soname
    mkdir -p "$OUT/lib"
    awk '$6 != "-" { gsub(",", "\n", $6); print $6 }' | while read -r soname; do
        cp -L "$tree"/usr/lib/*-linux-gnu/"$soname" "$OUT/lib/"
    done
    mv "$OUT"/lib/ld-linux* "$OUT/lib/ld.so"
}

# poppler has the path of its CMaps built in; the one put in its place is as long.
point_poppler_at_its_data() {
    local path=/opt/ocr/./poppler
    [ "$RELOCATABLE" = no ] || path=/proc/self/fd/9/./
    path=$path perl -0777pi \
        -e '$n = s{/usr/share/poppler(?=\0)}{$ENV{path}}g; END { exit($n != 1) }' \
        "$OUT"/lib/libpoppler.so.* || fail "libpoppler does not name its data folder once"
}

install_data() {
    local font
    mkdir -p "$OUT/fonts" "$OUT/poppler" "$OUT/tessdata"
    cp "$here/root/fonts.conf" "$OUT/"
    for font in "${fonts[@]}"; do
        cp "$tree"/usr/share/fonts/truetype/*/$font.ttf "$OUT/fonts/"
    done
    cp -R "$tree"/usr/share/poppler/{cMap,cidToUnicode,nameToUnicode,unicodeMap} "$OUT/poppler/"
    # Ghostscript's, under the AGPL; no PDF names it.
    rm "$OUT/poppler/cMap/Identity-UTF16-H"
    cp -RL "$tree"/usr/share/tesseract-ocr/5/tessdata/. "$OUT/tessdata/"
}

# What Debian says about the licence of everything inside, and the texts that it refers to.
install_licences() {
    local name version rest
    mkdir -p "$OUT/licences"
    cp -RL "$tree/usr/share/common-licenses" "$OUT/licences/common"
    while read -r name version rest; do
        cp -L "$tree/usr/share/doc/$name/copyright" "$OUT/licences/$name"
        printf '%s %s\n' "$name" "$version" >>"$OUT/packages"
    done
}

# The same bytes come out of every build: no modes or times of this host.
settle() {
    chmod -R u=rwX,go=rX "$OUT"
    find "$OUT" -type f -exec touch --date=2000-01-01T00:00:00Z {} +
}

build() {
    local packages
    packages=$(wanted)
    mkdir -p "$cache/downloads"
    fetch <<<"$packages"
    tree=$(mktemp -d)
    trap 'rm -rf "$tree"' EXIT
    unpack <<<"$packages"
    rm -rf "$OUT"
    install_programs
    install_libraries <<<"$packages"
    point_poppler_at_its_data
    install_data
    install_licences <<<"$packages"
    [ "$TESSERACT" = debian ] || source "$here/tesseract.sh"
    settle
    say "$OUT: $ARCH, $LANGUAGES, $(du -sm "$OUT" | cut -f1) MB"
}

# Languages alone, for the bucket: OUT gets their .traineddata files.
build_packs() {
    local packages
    packages=$(wanted | grep '^tesseract-ocr-')
    mkdir -p "$cache/downloads" "$OUT"
    fetch <<<"$packages"
    tree=$(mktemp -d)
    trap 'rm -rf "$tree"' EXIT
    unpack <<<"$packages"
    cp -RL "$tree"/usr/share/tesseract-ocr/5/tessdata/. "$OUT/"
}

# The same script where apt is at home. The image has what it needs.
build_in_container() {
    local folder
    mkdir -p "$OUT" "$cache"
    folder=$(cd "$OUT/.." && pwd)
    docker run --rm --user "$(id -u):$(id -g)" \
        --env ARCH --env PACKS --env LANGUAGES --env TESSERACT --env RELOCATABLE \
        --env OUT="/out/$(basename "$OUT")" \
        --env FANFOLD_DEBIAN_MIRROR --env FANFOLD_DEBIAN_SECURITY_MIRROR \
        --env HOME=/tmp --env XDG_CACHE_HOME=/cache \
        --volume "$here:/layer:ro" --volume "$cache:/cache/fanfold" --volume "$folder:/out" \
        debian:trixie-slim /layer/build.sh
}

main() {
    [ -f "$lock" ] || fail "ARCH is x86_64 or arm64, not $ARCH"
    if [ ! -x "$apt_helper" ] || [ -z "$(command -v dpkg-deb)" ]; then
        [ -n "$(command -v docker)" ] ||
            fail "needs Debian's apt and dpkg, or Docker to run them in; neither is here"
        build_in_container
    elif [ "$PACKS" = yes ]; then
        build_packs
    else
        build
    fi
}
# Read whole before it runs, so that this file may change during a long compilation.
{
    main
    exit
}
