#!/bin/sh
# Is there a Chromium for the browser tests? Installs Debian's where apt and the rights are there, and with it the same engine
# without windows, which takes a quarter of the work for each page.
found() { for name in chromium chromium-browser google-chrome; do command -v "$name" && return; done; }
shell() { command -v chromium-headless-shell || ! apt-cache show chromium-headless-shell; }
found >/dev/null && shell >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null 2>&1
  found >/dev/null || apt-get install -qq -y --no-install-recommends chromium fonts-noto-core fonts-noto-cjk >/dev/null 2>&1
  shell >/dev/null 2>&1 || apt-get install -qq -y --no-install-recommends chromium-headless-shell >/dev/null 2>&1
fi
found >/dev/null
