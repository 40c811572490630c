#!/usr/bin/env bash
# Builds fleet-agent_VERSION_ARCH.deb and its SHA-256 from this repository: the device agent for a Raspberry Pi with a 64-bit system.
# Needs the .NET SDK and dpkg-deb. The package has no .NET in it: it wants the ASP.NET Core 10 runtime on the Pi (install.sh says how).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage() {
  cat <<'TEXT'
deploy/debian/build.sh [--arch arm64|amd64] [--out FOLDER] [--full]   builds the agent's Debian package; default: arm64, artifacts/deb
--full: with Google's and Microsoft's own gRPC and ONNX packages, where the package feed has them; else compat's
TEXT
}

arch=arm64 out=artifacts/deb full=false
while (($#)); do
  case $1 in
    --arch) arch=${2:?"--arch needs arm64 or amd64"}; shift 2 ;;
    --out) out=${2:?"--out needs a folder"}; shift 2 ;;
    --full) full=true; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 1 ;;
  esac
done
case $arch in
  arm64) rid=linux-arm64 onnx=arm64 machine=b700 ;;
  amd64) rid=linux-x64 onnx=x64 machine=3e00 ;;
  *) echo "--arch '$arch' is not known: arm64 (Raspberry Pi 3, 4, 5, Zero 2 W with a 64-bit system) or amd64. 32-bit systems are not supported." >&2; exit 1 ;;
esac
command -v dpkg-deb > /dev/null || { echo "dpkg-deb is missing: apt-get install dpkg" >&2; exit 1; }

version=$(sed -n 's|.*<VersionPrefix>\(.*\)</VersionPrefix>.*|\1|p' Directory.Build.props | head -1)
version=${version:-0.1.0}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
# The folders of a package are readable, whatever this shell's umask makes of temporary ones.
chmod 755 "$root"
umask 022

echo ".. publishing device-agent for $rid"
# Outputs of its own: those of this machine's builds have libraries for this machine.
FLEET_ARTIFACTS=${FLEET_ARTIFACTS:-$PWD/artifacts}/deb-$arch \
  dotnet publish device-agent -c Release -r "$rid" --self-contained false -p:UseAppHost=false "-p:FullFeed=$full" "-p:OnnxNativeArchitecture=$onnx" \
  -o "$root/opt/fleet/agent" --nologo -v q
# A library for another processor would only be noticed on the Pi.
library=$(find "$root/opt/fleet/agent" -name libonnxruntime.so | head -1)
[[ -n $library && $(od -An -tx1 -j18 -N2 "$library" | tr -d ' ') == "$machine" ]] ||
  { echo "The ONNX Runtime in the package is not for $arch. That is a fault of the build: please report it." >&2; exit 1; }
find "$root/opt/fleet/agent" -maxdepth 1 -name '*.xml' -delete
chmod -R a+rX "$root/opt"
install -Dm644 deploy/systemd/fleet-agent.service "$root/lib/systemd/system/fleet-agent.service"
install -Dm755 /dev/stdin "$root/usr/bin/device-agent" <<'SH'
#!/bin/sh
exec /usr/bin/dotnet /opt/fleet/agent/Fleet.DeviceAgent.dll "$@"
SH
install -d "$root/etc/fleet" "$root/DEBIAN"
install -Dm644 LICENSE "$root/usr/share/doc/fleet-agent/copyright"
install -m755 deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm "$root/DEBIAN/"
cat > "$root/DEBIAN/control" <<CONTROL
Package: fleet-agent
Version: $version
Architecture: $arch
Maintainer: The Fleet authors <fleet@localhost>
Section: sound
Priority: optional
Depends: alsa-utils, libstdc++6
Recommends: aspnetcore-runtime-10.0, libpocketsphinx3
Installed-Size: $(du -sk "$root/opt" | cut -f1)
Description: Fleet device agent
 Hears a keyword, keeps what is said after it on disk until the cluster has stored it, and prints its transcript.
 Needs the ASP.NET Core 10 runtime as /usr/bin/dotnet, from a package or from Microsoft's archive.
CONTROL

mkdir -p "$out"
package="fleet-agent_${version}_$arch.deb"
dpkg-deb --root-owner-group --build "$root" "$out/$package" > /dev/null
(cd "$out" && sha256sum "$package" > "$package.sha256")
echo "ok $out/$package ($(du -h "$out/$package" | cut -f1)), SHA-256 beside it"
