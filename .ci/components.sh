#!/usr/bin/env bash
# Installs the real components that tests need and npm does not bring. Quick when all are there; says what to do where it can't.
set -euo pipefail

# command that must answer : Debian package that brings it
components=("chromium:chromium")
# fonts have no command: without any, Chromium draws no text
packages=(fonts-dejavu-core)

missing=()
for component in "${components[@]}"; do
  if path=$(command -v "${component%%:*}"); then
    echo "${component%%:*}: ${path}"
  else
    missing+=("${component##*:}")
  fi
done
if ! command -v dpkg-query > /dev/null; then
  [ ${#missing[@]} -eq 0 ] && exit 0
  echo "components: this is not Debian or Ubuntu; install by hand: ${missing[*]}" >&2
  exit 4
fi
for package in "${packages[@]}"; do
  if [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2> /dev/null || true)" = installed ]; then
    echo "$package: installed"
  else
    missing+=("$package")
  fi
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "components: installing packages needs root; run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 4
fi
export DEBIAN_FRONTEND=noninteractive
echo "components: installing ${missing[*]}"
# The lists may be absent or older than the archive: then, and only then, they are fetched.
if ! apt-get install --yes --quiet --no-install-recommends "${missing[@]}"; then
  apt-get update --quiet
  apt-get install --yes --quiet --no-install-recommends "${missing[@]}"
fi
for component in "${components[@]}"; do
  if ! command -v "${component%%:*}" > /dev/null; then
    echo "components: ${component##*:} was installed, but there is no command ${component%%:*}" >&2
    exit 4
  fi
done
