#!/usr/bin/env bash
# What the playground is built and tested with: node and npm, and, with --browser, Chromium. Quick where all is there.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"

missing=()
command -v node > /dev/null || missing+=(nodejs)
command -v npm > /dev/null || missing+=(npm)
if [ "${1:-}" = --browser ]; then
    command -v chromium > /dev/null || missing+=(chromium)
fi
if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing ${missing[*]}."
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi
# npm writes this file behind everything else: an installation that was interrupted is done again.
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --no-audit --no-fund --loglevel=error
    touch node_modules/.package-lock.json
fi
