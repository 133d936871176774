#!/usr/bin/env bash
# Check the JSDoc types of the page's modules with a pinned TypeScript. Needs node and npm.
set -euo pipefail
page=$(cd "$(dirname "$0")/../service/static/page" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$page" "$work/page"
rm "$work/page/vendor/preact.js" # its declarations stand for it
cd "$work"
npm init --yes > /dev/null
npm install --no-audit --no-fund --save-exact typescript@7.0.2 > /dev/null
./node_modules/.bin/tsc --noEmit --allowJs --checkJs --strict false --target es2022 --module esnext \
    --moduleResolution bundler --lib dom,dom.iterable,es2024 page/main.js page/view/*.js
