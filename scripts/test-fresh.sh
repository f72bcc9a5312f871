#!/usr/bin/env bash
# Both commands of the README in a fresh minimal Debian 12: `debootstrap --variant=minbase`, Node and npm copied in from this
# machine, a clean checkout of HEAD, nothing else. As root; needs debootstrap and a Debian mirror. Arguments go to `npm test`.
# FRESH_ROOT: a root made before, used again as it is. FRESH_MIRROR: the mirror. FRESH_STEPS: `demo`, `test` or both.
set -euo pipefail
cd "$(dirname "$0")/.."
mirror=${FRESH_MIRROR:-http://deb.debian.org/debian}
steps=${FRESH_STEPS:-demo test}

[ "$(id -u)" -eq 0 ] || { echo "Making a root needs root." >&2; exit 1; }
for program in debootstrap unshare node npm git; do
  command -v "$program" >/dev/null || { echo "$program is not installed (Debian: apt-get install $program)." >&2; exit 1; }
done

scratch=$(mktemp -d /tmp/ssh-mcp-fresh.XXXXXX)
trap 'rm -rf --one-file-system "$scratch"' EXIT
if [ -n "${FRESH_ROOT:-}" ]; then
  echo "== a copy of $FRESH_ROOT"
  cp -a "$FRESH_ROOT" "$scratch/root"
else
  echo "== debootstrap --variant=minbase bookworm"
  debootstrap --variant=minbase bookworm "$scratch/root" "$mirror" >"$scratch/log" || { tail "$scratch/log" >&2; exit 1; }
fi
root=$scratch/root

echo "== node $(node --version) and npm $(npm --version) of this machine"
npm_home=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
mkdir -p "$root/usr/local/bin" "$root/usr/local/lib/node_modules"
cp -L "$(command -v node)" "$root/usr/local/bin/node"
cp -a "$npm_home" "$root/usr/local/lib/node_modules/npm"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
git clone -q --depth 1 "file://$PWD" "$root/root/ssh-mcp"
# Where this machine finds names and trusted authorities; a container's root has them from its runtime.
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
mkdir -p "$root/etc/ssl/certs"
[ ! -f /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"

cat >"$scratch/inside" <<'INSIDE'
set -euo pipefail
root=$1; shift
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755,nosuid dev "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
for node in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "$root/dev/${node%:*}" c 1 "${node#*:}"; done
mknod -m 666 "$root/dev/tty" c 5 0
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
  NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm_config_registry="$REGISTRY" /bin/bash -c '
  cd /root/ssh-mcp
  failed=0
  case " $0 " in *" demo "*) echo "== npm ci && npm run demo"; npm ci --no-audit --no-fund && npm run demo || failed=1;; esac
  case " $0 " in *" test "*) echo "== npm ci && npm test $*"; npm ci --no-audit --no-fund && npm test -- "$@" || failed=1;; esac
  exit $failed' "$STEPS" "$@"
INSIDE
# Its own process ids: what a test leaves behind ends with it.
REGISTRY=$(npm config get registry) STEPS=$steps unshare --mount --pid --fork --kill-child -- bash "$scratch/inside" "$root" "$@"
echo "== passed in a fresh minimal Debian 12: $steps"
