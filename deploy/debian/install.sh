#!/usr/bin/env bash
# Installs the agent's package on a Raspberry Pi, or another Debian system of 64 bits, and tells it its server and key. Twice is harmless.
set -euo pipefail

usage() {
  cat <<'TEXT'
sudo ./install.sh --server https://fleet.example.org:5100 --key-file join.key [--ca-file ca.pem] [--input alsa:DEVICE] [--package FILE]
sudo ./install.sh --uninstall [--purge]     --purge: also its server, key, identity, and what it has not sent yet

--package   fleet-agent_*.deb; default: the one beside this script. Its SHA-256 must be beside it.
A proxy (https_proxy) is used as the system has it; a server on port 443 is reached where nothing else is.
TEXT
}

fail() { echo "$1" >&2; exit 1; }

server='' key='' ca='' input='' package='' uninstall='' purge=''
while (($#)); do
  case $1 in
    --server) server=${2:?"--server needs an address"}; shift 2 ;;
    --key-file) key=${2:?"--key-file needs a file"}; shift 2 ;;
    --ca-file) ca=${2:?"--ca-file needs a file"}; shift 2 ;;
    --input) input=${2:?"--input needs alsa:DEVICE"}; shift 2 ;;
    --package) package=${2:?"--package needs a file"}; shift 2 ;;
    --uninstall) uninstall=1; shift ;;
    --purge) purge=1; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 1 ;;
  esac
done

# FLEET_ROOT is another root than /, for tests: nothing is then installed by dpkg, started or asked of systemd.
root=${FLEET_ROOT:-}
[[ -n $root || $EUID -eq 0 ]] || fail "Run it with sudo: it installs a package."

if [[ -n $uninstall ]]; then
  [[ -n $root ]] || dpkg "$([[ -n $purge ]] && echo --purge || echo --remove)" fleet-agent
  echo "ok uninstalled"
  exit 0
fi

[[ -n $server && -n $key ]] || { usage >&2; exit 1; }
[[ $server == https://* || $server == http://localhost* || $server == http://127.* ]] || fail "--server '$server' must begin with https://: the key and what people say go over it."
[[ -r $key ]] || fail "--key-file '$key' cannot be read. Copy the join key that the silo made there."
[[ -z $ca || -r $ca ]] || fail "--ca-file '$ca' cannot be read."
arch=$(dpkg --print-architecture)
[[ $arch == arm64 || $arch == amd64 ]] || fail "This system is $arch. The agent needs a 64-bit system: on a Raspberry Pi 3, 4, 5 or Zero 2 W install Raspberry Pi OS (64-bit)."
if [[ -z $package ]]; then
  package=$(find "$(dirname "${BASH_SOURCE[0]}")" -maxdepth 1 -name "fleet-agent_*_$arch.deb" | sort -V | tail -1)
  [[ -n $package ]] || fail "There is no fleet-agent_*_$arch.deb beside this script: build it with deploy/debian/build.sh --arch $arch, or give --package."
fi
(cd "$(dirname "$package")" && sha256sum --check --quiet "$(basename "$package").sha256") || fail "$package is not what its .sha256 says: copy both again."
[[ -n $root ]] || dotnet --list-runtimes 2> /dev/null | grep -q '^Microsoft.AspNetCore.App 10\.' ||
  fail "The ASP.NET Core 10 runtime is missing: apt-get install aspnetcore-runtime-10.0 where your system has it, else Microsoft's dotnet-install script (--runtime aspnetcore --channel 10.0 --install-dir /usr/share/dotnet) and a link /usr/bin/dotnet."

install -d -m755 "$root/etc/fleet"
install -m600 "$key" "$root/etc/fleet/join.key"
# The unit names the file; without --ca-file it is what the system trusts.
install -m644 "${ca:-/etc/ssl/certs/ca-certificates.crt}" "$root/etc/fleet/ca.pem"
{
  printf 'FLEET_SERVER=%s\n' "$server"
  [[ -z $input ]] || printf 'FLEET_INPUT=%s\n' "$input"
} > "$root/etc/fleet/agent.env"
if [[ -z $root ]]; then
  apt-get install -y --no-install-recommends --reinstall "$(realpath "$package")"
  systemctl --no-pager --lines=5 status fleet-agent.service || fail "It does not run. See: journalctl -u fleet-agent; device-agent --check --help"
fi
echo "ok the agent is installed and talks to $server; is all well? journalctl -fu fleet-agent"
