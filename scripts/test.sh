#!/usr/bin/env bash
# Everything that must hold: programs installed, build, lint, types, tests. Arguments go to vitest.
# The last line is always `N passed, N failed`, with `, N skipped` behind it when there were any.
set -uo pipefail
cd "$(dirname "$0")/.."

step() {
  echo "== $*"
  "$@" && return 0
  echo "Failed: $*" >&2
  echo "0 passed, 1 failed"
  exit 1
}

step scripts/setup-debian.sh
step scripts/setup-openssh10.sh
step node scripts/build.mjs
step npx --no-install biome check .
step node scripts/check-imports.mjs
step node scripts/check-words.mjs
step npx --no-install tsc --noEmit
step npx --no-install tsc --noEmit -p src/web/page

mkdir -p .test-state
report=.test-state/vitest.json
rm -f "$report"
echo "== vitest run $*"
npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$report" "$@"
node scripts/tally.mjs "$report" $?
