#!/bin/sh
# tesseract, but for pages that are square, however they lie: those wait here to be killed, with the
# worker that reads them. No program can do that itself: it is shut in.
# The image comes as a PNG or PGM file; what else is asked for (--list-langs) is passed on.

# Square, or narrowed to four fifths of its width for being read.
alike() { near "$1" "$2" || near "$(($1 * 5 / 4))" "$2"; }
near() { [ $(($1 * 20)) -gt $(($2 * 19)) ] && [ $(($1 * 19)) -lt $(($2 * 20)) ]; }
square() {
    case $1 in
    *.png) set -- $(od -An -v -tu1 -j16 -N8 "$1") && alike $(($3 * 256 + $4)) $(($7 * 256 + $8)) ;;
    *.pgm | *.pnm) set -- $(head -c 64 "$1" | tr '\n' ' ') && alike "$2" "$3" ;;
    *) return 1 ;;
    esac
}

for argument; do
    if [ -f "$argument" ] && square "$argument"; then
        exec sleep 60.00001
    fi
done
exec tesseract "$@"
