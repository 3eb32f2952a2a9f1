#!/bin/sh
# tesseract, but for pages that are square, however they lie: those kill the worker that reads them.
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
        process=$$
        until tr '\0' ' ' <"/proc/$process/cmdline" | grep -qE 'infra.(machine|rehearsal).worker'; do
            process=$(awk '/^PPid:/ { print $2 }' "/proc/$process/status")
            [ "$process" -gt 1 ] || exit 1
        done
        kill -9 "$process"
        sleep 60
    fi
done
exec tesseract "$@"
