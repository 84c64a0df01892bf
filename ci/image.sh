#!/usr/bin/env bash
# Builds the container image as localhost/descent-lab:ci.
# On Debian as root it needs no container registry: a stand-in for python:3.13-slim is made of Debian's packages
# and kept. Elsewhere, or with PYTHON_IMAGE set, podman takes the base image as every visitor's Docker would.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%-50s %s\n' "$1" "$2"; }
is_root_on_debian() { [ "$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; }

base=${PYTHON_IMAGE:-}
if [ -z "$base" ] && is_root_on_debian; then
  base=localhost/descent-lab-python:3.13
  export CONTAINERS_CONF=$PWD/ci/containers.conf
  isolation=(--isolation chroot --pull=never)
  missing=()
  for program in podman runc mmdebstrap; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    SECONDS=0
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq -o DPkg::Lock::Timeout=300 update
    apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}" ca-certificates >/dev/null
    say "installed ${missing[*]}" "$SECONDS s"
  fi

  # The recipe is part of the name: a changed one makes a new base.
  rootfs=${XDG_CACHE_HOME:-$HOME/.cache}/descent-lab/python-3.13-trixie-1.tar
  if [ ! -e "$rootfs" ]; then
    SECONDS=0
    mkdir -p "$(dirname "$rootfs")"
    mmdebstrap --quiet --format=tar --variant=minbase --mode=root --include=ca-certificates,python3,python3-venv,python3-pip \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' \
      --customize-hook='rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED' \
      --customize-hook='ln -s /usr/bin/python3 "$1/usr/local/bin/python"' \
      --customize-hook='copy-in /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs' \
      trixie "$rootfs.partial"
    mv "$rootfs.partial" "$rootfs"
    say "made a stand-in for python:3.13-slim" "$SECONDS s"
  fi
  if ! podman image exists "$base"; then
    podman import --quiet --change 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin' \
      "$rootfs" "$base" >/dev/null
  fi
else
  base=${base:-docker.io/library/python:3.13-slim}
  isolation=()
  if ! command -v podman >/dev/null; then
    echo "missing: podman (Debian, Ubuntu: apt-get install podman; macOS: brew install podman, then podman machine init --now)"
    exit 1
  fi
fi

SECONDS=0
old=$(podman image inspect --format '{{.Id}}' localhost/descent-lab:ci 2>/dev/null || true)
podman build --quiet ${isolation[@]+"${isolation[@]}"} --format docker --build-arg PYTHON_IMAGE="$base" \
  --tag localhost/descent-lab:ci . >/dev/null
say "built the image" "$SECONDS s"
new=$(podman image inspect --format '{{.Id}}' localhost/descent-lab:ci)
if [ -n "$old" ] && [ "$old" != "$new" ]; then
  podman image rm "$old" >/dev/null 2>&1 || true
fi
say "its size" "$(($(podman image inspect --format '{{.Size}}' "$new") / 1000000)) MB"
