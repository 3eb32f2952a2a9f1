# Read by build.sh: compiles tesseract and puts it in the place of Debian's.
#
# Debian builds for every processor and every use. Here: no OpenMP (one page, one CPU), no libcurl
# (it would fetch what a page names), no libarchive; -O3, link-time optimisation, and on x86_64 AVX2
# and a profile made by reading the pages of training.py. The legacy engine stays: the detection of
# orientation and script needs it. See docs/decisions/0006-ocr-layer.md.
#
# Needs cmake, pkg-config and g++ (for the other architecture its cross compiler), python3, and a C
# library no newer than the layer's. Takes 10 CPU minutes on x86_64, 4 on arm64.

own=$tree/own
common="-DNDEBUG -w -ffile-prefix-map=$own=."
case $ARCH in
x86_64)
    compiler=x86_64-linux-gnu-g++
    # An older processor is told so by the loader ("CPU ISA level is lower than required").
    tuning="-march=x86-64-v3"
    linking="-Wl,-z,x86-64-v3"
    ;;
arm64)
    compiler=aarch64-linux-gnu-g++
    tuning="-march=armv8-a -mtune=neoverse-n1 -moutline-atomics"
    linking=
    ;;
esac

# The layer's leptonica, with the headers that Debian has for it.
point_at_leptonica() {
    mkdir -p "$own/lib"
    ln -s "$(realpath "$OUT/lib/libleptonica.so.6")" "$own/lib/libleptonica.so"
    cat >"$own/lib/lept.pc" <<-END
	Name: leptonica
	Description: the layer's
	Version: $(sed -n 's/^Version: //p' "$tree"/usr/lib/*/pkgconfig/lept.pc)
	Cflags: -I$tree/usr/include -I$tree/usr/include/leptonica
	Libs: -L$own/lib -lleptonica
	END
}

# compile FLAGS…: cmake with what both passes share. The check of leptonica's TIFF support, which
# would run a program of the target, is answered beforehand.
compile() {
    PKG_CONFIG_PATH=$own/lib cmake -S "$own"/tesseract-* -B "$own/build" -G "Unix Makefiles" \
        -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="${ARCH/arm64/aarch64}" \
        -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_C_COMPILER="${compiler/%g++/gcc}" \
        -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_CXX_FLAGS="-O3 -ffp-contract=off -flto=auto $tuning $common $*" \
        -DCMAKE_EXE_LINKER_FLAGS="-s -Wl,--unresolved-symbols=ignore-in-shared-libs $linking" \
        -DLEPT_TIFF_RESULT=0 -DLEPT_TIFF_COMPILE_SUCCESS=TRUE \
        -DBUILD_SHARED_LIBS=OFF -DBUILD_TRAINING_TOOLS=OFF -DINSTALL_CONFIGS=OFF \
        -DOPENMP_BUILD=OFF -DGRAPHICS_DISABLED=ON \
        -DDISABLE_ARCHIVE=ON -DDISABLE_CURL=ON -DDISABLE_TIFF=ON >"$own/log" 2>&1 &&
        cmake --build "$own/build" --target tesseract --parallel "$(nproc)" >>"$own/log" 2>&1 ||
        { tail -20 "$own/log" >&2 && fail "tesseract could not be compiled"; }
}

# The pages of training.py at the resolutions that scans have, grey and black and white.
train() {
    local page=0 how
    python3 "$here/training.py" "$OUT"/licences/common/{Apache-2.0,GPL-3,LGPL-2.1,MPL-2.0} \
        "$own/training.pdf"
    for how in "150 -gray" "200 -gray" "200 -mono" "300 -gray" "200 -gray" "300 -mono" \
        "150 -gray" "200 -gray"; do
        page=$((page + 1))
        # Unquoted on purpose: resolution and kind.
        relocated pdftoppm -singlefile -f $page -l $page -r $how "$own/training.pdf" "$own/$page"
        TESSDATA_PREFIX=$OUT/tessdata run "$own/build/bin/tesseract" "$own/$page".p?m "$own/$page" \
            --dpi "${how% *}" -c textonly_pdf=1 -c tessedit_create_tsv=1 pdf quiet
    done
}
run() { "$OUT/lib/ld.so" --inhibit-cache --library-path "$OUT/lib" "$@"; }
relocated() { FONTCONFIG_FILE=$OUT/fonts.conf run "$OUT/libexec/$1" "${@:2}"; }

is_native() { [ "$(uname -m)" = "${ARCH/arm64/aarch64}" ]; }

# Deletes the libraries that only Debian's tesseract needs.
prune() {
    local needed name before=
    needed=$(needs "$OUT"/libexec/*)
    while [ "$needed" != "$before" ]; do
        before=$needed
        needed=$(cd "$OUT/lib" && { needs $needed && echo "$needed"; } | sort -u)
    done
    for name in $needed; do
        [ -e "$OUT/lib/$name" ] || fail "the layer has no $name"
    done
    (cd "$OUT/lib" && ls | grep -v -x -F -e "$needed" -e ld.so | xargs -r rm)
}
needs() {
    readelf --dynamic "$@" | sed -n 's/.*(NEEDED).*\[\(lib.*\)\]/\1/p' | sort -u
}

for tool in cmake pkg-config readelf python3 "$compiler"; do
    [ -n "$(command -v "$tool")" ] || fail "TESSERACT=own needs $tool"
done
own_packages=$(cat "$here/tesseract.$ARCH.lock")
fetch <<<"$own_packages"
mkdir -p "$own"
while read -r name version sum size path rest; do
    case $path in
    *.deb) dpkg-deb --extract "$cache/downloads/$sum" "$tree" ;;
    *) tar --extract --file "$cache/downloads/$sum" --directory "$own" ;;
    esac
done <<<"$own_packages"
point_at_leptonica
if is_native; then
    say "compiling tesseract to learn where it spends its time"
    compile -fprofile-generate -fprofile-update=single
    train
    say "compiling tesseract with that profile"
    compile -fprofile-use -fprofile-partial-training
    run "$own/build/bin/tesseract" --version >/dev/null ||
        fail "this host's C library is newer than the layer's: build on Debian 13 or older"
else
    say "compiling tesseract without a profile, which takes a machine of its own architecture"
    compile
fi
cp "$own/build/bin/tesseract" "$OUT/libexec/tesseract"
prune
