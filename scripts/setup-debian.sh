#!/usr/bin/env bash
# Installs from Debian 12 what the tests on real servers use. As root: only what is missing, and no service is started.
# As anybody else: says what is missing and the command that installs it. Running it again changes nothing.
set -euo pipefail
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"

# package, and the program that proves it is there
NEEDS="
  bash:bash bc:bc bird2:birdc bsdutils:script busybox:busybox chromium:chromium coreutils:stty dash:dash dialog:dialog dropbear-bin:dropbear fish:fish
  frr:vtysh git:git haproxy:haproxy htop:htop ksh93u+m:ksh93 less:less lldpd:lldpcli mariadb-server:mariadbd mc:mc mksh:mksh nano:nano ncurses-bin:infocmp nginx-light:nginx
  openssh-client:ssh openssh-server:sshd openssl:openssl passwd:useradd posh:posh postgresql:pg_ctlcluster procps:top python3:python3
  redis-server:redis-server sip-tester:sipp sudo:sudo tcpdump:tcpdump tcsh:tcsh tmux:tmux util-linux:flock vim:vim vttest:vttest yash:yash
  zsh:zsh
"

missing=()
for need in $NEEDS; do
  command -v "${need#*:}" >/dev/null || missing+=("${need%%:*}")
done
[ ${#missing[@]} -gt 0 ] || exit 0

install="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
  echo "The tests need these Debian packages (or what they are called here): ${missing[*]}" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "The tests need programs that are not installed. Run as root:" >&2
  echo "  $install" >&2
  exit 1
fi

# Debian starts a service when its package is installed, unless this file says no. Somebody else's file is left alone.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

log=$(mktemp)
quietly() {
  "$@" >"$log" 2>&1 </dev/null && return 0
  cat "$log" >&2
  echo "Failed: $*" >&2
  return 1
}
export DEBIAN_FRONTEND=noninteractive
before=""
for program in sshd bird lldpd vtysh mariadbd pg_ctlcluster redis-server nginx haproxy; do
  command -v "$program" >/dev/null && before+=" $program "
done
echo "Installing: ${missing[*]}"
quietly apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 update || { rm -f "$log"; exit 1; }
quietly apt-get -qq -y --no-install-recommends -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 install "${missing[@]}" \
  || { rm -f "$log"; exit 1; }
rm -f "$log"

# A service that came with this run must not come up at the next boot either; one that was there before is not ours.
if [ -d /run/systemd/system ]; then
  for service in sshd:ssh.service sshd:ssh.socket bird:bird.service lldpd:lldpd.service lldpd:lldpd.socket vtysh:frr.service \
    mariadbd:mariadb.service pg_ctlcluster:postgresql.service redis-server:redis-server.service \
    nginx:nginx.service haproxy:haproxy.service; do
    [[ "$before" == *" ${service%%:*} "* ]] || systemctl disable --now "${service#*:}" >/dev/null 2>&1 || true
  done
fi
