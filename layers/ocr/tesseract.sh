# Read by build.sh: compiles tesseract and puts it in the place of Debian's.
#
# Debian builds for every processor and every use. Here: no OpenMP (one page, one CPU), no libcurl
# (it would fetch what a page names), no libarchive and no image formats but those that pages are
# drawn in; -O3, link-time optimisation, on x86_64 AVX2, and tesseract.patch. The legacy engine stays:
# the detection of orientation and script needs it. See docs/decisions/0025-patches-to-our-own-tesseract.md.
#
# Needs cmake, pkg-config, patch and g++ (for the other architecture its cross compiler), and a C
# library no newer than the layer's. Takes 5 CPU minutes.

own=$tree/own
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
# No fused multiplication and addition: it changes a character here and there.
flags="-O3 -ffp-contract=off -flto=auto -ffat-lto-objects $tuning -DNDEBUG -w -ffile-prefix-map=$own=."
linking="-s -Wl,--gc-sections -static-libstdc++ -static-libgcc $linking"

# compile NAME SOURCE TARGET OPTIONS…: cmake with what both have in common.
compile() {
    local name=$1 source=$2 target=$3
    shift 3
    say "compiling $name"
    PKG_CONFIG_PATH=$own/prefix/lib/pkgconfig cmake -S "$source" -B "$own/$name" \
        -G "Unix Makefiles" -DCMAKE_INSTALL_PREFIX="$own/prefix" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="${ARCH/arm64/aarch64}" \
        -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_C_COMPILER="${compiler/%g++/gcc}" \
        -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS="$flags" \
        -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_EXE_LINKER_FLAGS="$linking" \
        -DBUILD_SHARED_LIBS=OFF "$@" >"$own/log" 2>&1 &&
        cmake --build "$own/$name" --target "$target" --parallel "$(nproc)" >>"$own/log" 2>&1 ||
        { tail -20 "$own/log" >&2 && fail "$name could not be compiled"; }
}

compile_leptonica() {
    local format formats=()
    for format in ZLIB PNG GIF JPEG TIFF WEBP OPENJPEG; do
        formats+=("-DENABLE_$format=OFF")
    done
    compile leptonica "$own"/leptonica-* install -DBUILD_PROG=OFF "${formats[@]}"
}

# The check of leptonica's TIFF support, which would run a program of the target, is answered
# beforehand.
compile_tesseract() {
    patch --quiet --strip=1 --directory="$(echo "$own"/tesseract-*)" <"$here/tesseract.patch"
    compile tesseract "$own"/tesseract-* tesseract \
        -DLEPT_TIFF_RESULT=0 -DLEPT_TIFF_COMPILE_SUCCESS=TRUE -DBUILD_TRAINING_TOOLS=OFF \
        -DINSTALL_CONFIGS=OFF -DOPENMP_BUILD=OFF -DGRAPHICS_DISABLED=ON \
        -DDISABLE_ARCHIVE=ON -DDISABLE_CURL=ON -DDISABLE_TIFF=ON
}

is_native() { [ "$(uname -m)" = "${ARCH/arm64/aarch64}" ]; }
run() { "$OUT/lib/ld.so" --inhibit-cache --library-path "$OUT/lib" "$@"; }

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

for tool in cmake patch pkg-config readelf "$compiler"; do
    [ -n "$(command -v "$tool")" ] || fail "TESSERACT=own needs $tool"
done
sources=$(cat "$here/tesseract.lock")
fetch <<<"$sources"
mkdir -p "$own"
while read -r name version sum rest; do
    tar --extract --file "$cache/downloads/$sum" --directory "$own"
done <<<"$sources"
compile_leptonica
compile_tesseract
! is_native || run "$own/tesseract/bin/tesseract" --version >/dev/null ||
    fail "this host's C library is newer than the layer's: build on Debian 13 or older"
cp "$own/tesseract/bin/tesseract" "$OUT/libexec/tesseract"
# Tells the service that this program reads faster than the library it would use otherwise.
touch "$OUT/own"
prune
