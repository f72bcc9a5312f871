#!/usr/bin/env bash
# Fetches OpenSSH 10 from Debian's next release and unpacks it, with its libraries, into .test-state/openssh-10: the machine is
# not upgraded. Tests of what only a newer server speaks use it. Where it cannot be fetched, that is said, and so is by
# vitest that those tests do not run; nothing fails for it.
set -uo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

release=trixie
place=$PWD/.test-state/openssh-10
packages="openssh-server libssl3t64 libc6 libselinux1 libpam0g libaudit1 libcom-err2 libcrypt1 libgssapi-krb5-2 libkrb5-3 libwrap0
  libwtmpdb0 zlib1g libzstd1 libk5crypto3 libkrb5support0 libkeyutils1 libpcre2-8-0 libcap-ng0 libsqlite3-0 libnsl2 libtirpc3t64
  libgcc-s1"

[ ! -x "$place/usr/sbin/sshd" ] || exit 0
without() {
  echo "OpenSSH 10 is not at hand ($1): its tests do not run." >&2
  exit 0
}
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || without "no Debian packages here"
# From where apt has the packages of this release, it has those of the next one too.
mirror=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' "Created-By: Packages" 2>/dev/null | sed -n 's/^Debian //p' | grep -v security | head -1)
[ -n "$mirror" ] || without "apt knows no mirror of Debian"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{sources,lists/partial,cache/archives/partial,debs,root}
cat >"$work/sources/next.sources" <<END
Types: deb
URIs: $mirror
Suites: $release
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
cat >"$work/apt.conf" <<END
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$work/sources";
Dir::State::Lists "$work/lists";
Dir::Cache "$work/cache";
APT::Sandbox::User "";
Acquire::Retries "2";
Acquire::http::Timeout "20";
END
export APT_CONFIG=$work/apt.conf
timeout 180 apt-get -qq update >"$work/log" 2>&1 || without "$(tail -1 "$work/log")"
# shellcheck disable=SC2086 # a list of words
(cd "$work/debs" && timeout 180 apt-get -qq download $packages) >"$work/log" 2>&1 || without "$(tail -1 "$work/log")"
for package in "$work"/debs/*.deb; do
  dpkg-deb -x "$package" "$work/root" || without "$package cannot be unpacked"
done
loader=$(find "$work/root/usr" -name 'ld-linux-*.so.*' | head -1)
[ -n "$loader" ] && "$loader" --library-path "$(dirname "$(find "$work/root/usr" -name libcrypto.so.3)")" \
  "$work/root/usr/sbin/sshd" -V >"$work/log" 2>&1 || without "it does not start: $(tail -1 "$work/log")"
# In one step: of two runs at once, the second one's copy stays where it was made, and goes.
mkdir -p "$(dirname "$place")"
mv -T "$work/root" "$place" 2>/dev/null || true
cat "$work/log"
