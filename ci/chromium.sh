#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests: installs Debian's where that is possible, else says what to do.
set -euo pipefail

if python=.venv/bin/python; [ -x "$python" ] && "$python" -c 'import sys; from tests.chromium import find; sys.exit(not find())'; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || [ ! -e /etc/debian_version ]; then
  echo "missing: Chromium or Chrome (Debian: apt-get install chromium; macOS: brew install --cask chromium), or its path in CHROMIUM"
  exit 1
fi
echo "installing Chromium from Debian's packages"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=300 update
apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends chromium fonts-dejavu-core >/dev/null
