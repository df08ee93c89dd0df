#!/usr/bin/env bash
# Gets the real parts that the tests run against: Debian's packages (as root, or with sudo that asks nothing) and the
# control plane, which is built once (6 to 12 minutes on 2 cores, 2 GiB of disk) and then kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

missing=()
command -v git >/dev/null || missing+=(git)
command -v prometheus >/dev/null || missing+=(prometheus)
command -v prometheus-pushgateway >/dev/null || missing+=(prometheus-pushgateway)
[ -x /usr/sbin/sshd ] || missing+=(openssh-server)
command -v gpg >/dev/null || missing+=(gpg gpg-agent)
command -v curl >/dev/null || missing+=(curl)
command -v openssl >/dev/null || missing+=(openssl)
command -v kubectl >/dev/null || missing+=(kubernetes-client)
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  if ! command -v apt-get >/dev/null; then
    echo "Install these yourself, there is no apt-get: ${missing[*]}" >&2
    exit 1
  fi
  "${as_root[@]}" apt-get update -q
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qy --no-install-recommends "${missing[@]}"
fi
"$here/../controlplane/build"
