#!/usr/bin/env bash
# Build service/static/page/vendor/preact.js from pinned npm packages; run once per upgrade.
# Then write the printed digest into vendor/README.md. Needs node and npm.
set -euo pipefail
page=$(cd "$(dirname "$0")/../service/static/page" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes > /dev/null
npm install --no-audit --no-fund --save-exact \
    preact@11.2.0 htm@3.1.1 @preact/signals@2.11.4 esbuild@0.28.2 > /dev/null
cat > entry.js <<'ENTRY'
import { h } from "preact";
import htm from "htm";
export { Fragment, h, render } from "preact";
export { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
export { batch, computed, effect, signal, untracked, useComputed, useSignal } from "@preact/signals";
export const html = htm.bind(h);
ENTRY
./node_modules/.bin/esbuild entry.js --bundle --minify --format=esm --target=es2022 \
    --legal-comments=none --outfile="$page/vendor/preact.js"
for package in preact htm @preact/signals @preact/signals-core; do
    echo "== $package $(node -p "require('./node_modules/$package/package.json').version")"
    cat "node_modules/$package/LICENSE"
    echo
done > "$page/vendor/LICENSES"
sha256sum "$page/vendor/preact.js"
