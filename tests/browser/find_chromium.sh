#!/bin/sh
# Is there a Chromium for the browser tests? Installs Debian's where apt and the rights are there.
for name in chromium chromium-browser google-chrome; do command -v "$name" >/dev/null && exit 0; done
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 1
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null 2>&1
apt-get install -qq -y --no-install-recommends chromium fonts-noto-core fonts-noto-cjk >/dev/null 2>&1
command -v chromium >/dev/null
