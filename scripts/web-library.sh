#!/bin/sh
# Brings the web page's one library: oauth4webapi, by which people sign in with another issuer
# (docs/decisions/0079-signing-in-by-oauth4webapi.md). Its file is kept here, so that nothing has to
# be built or fetched for the page. VERSION=… takes another one.
set -eu

cd "$(dirname "$0")/.."
version=${VERSION:-3.8.8}
place=$(mktemp -d)
trap 'rm -r "$place"' EXIT

(cd "$place" && npm pack --silent "oauth4webapi@$version" && tar -xzf ./*.tgz)
{
    printf '/*! oauth4webapi %s | MIT\n\n' "$version"
    cat "$place/package/LICENSE.md"
    printf '*/\n'
    grep -v '^//# sourceMappingURL' "$place/package/build/index.js"
} >functions/api/static/oauth4webapi.js
sha256sum functions/api/static/oauth4webapi.js
