#!/usr/bin/env bash
# Legacy algorithms and logins on every supported Node line: each brings its own OpenSSL, which decides what still works.
# Not part of `npm test`: it fetches the other Nodes from the npm registry. As root, since it starts sshd.
# Usage: npm run test:nodes [-- VERSION …]
set -uo pipefail
cd "$(dirname "$0")/.."

if [ "$(id -u)" -ne 0 ] || [ ! -x /usr/sbin/sshd ]; then
  echo "This needs root and sshd (scripts/setup-debian.sh)." >&2
  exit 1
fi
[ $# -gt 0 ] || set -- 20 22 24
failed=0
for version in "$@"; do
  on=(npx --yes --package "node@$version" -- node)
  echo "== $("${on[@]}" -p '`Node ${process.version}, OpenSSL ${process.versions.openssl}`')"
  "${on[@]}" node_modules/vitest/vitest.mjs run --project unit \
    test/ssh/handshake/legacy.test.ts test/ssh/handshake/quirks.test.ts \
    test/ssh/auth/auth.test.ts test/ssh/auth/password.test.ts test/ssh/auth/certificates.test.ts \
    test/ssh/host-keys/host-certificate.test.ts test/ssh/openssh10 || failed=1
done
exit "$failed"
