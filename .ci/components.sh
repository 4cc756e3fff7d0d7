#!/usr/bin/env bash
# Installs the real components that tests need and npm does not bring. Quick when all are there; says what to do where it can't.
set -euo pipefail

# command that must answer : Debian package that brings it
components=("chromium:chromium" "curl:curl" "java:openjdk-17-jre-headless" "mvn:maven")
# fonts have no command: without any, Chromium draws no text
packages=(fonts-dejavu-core)

# What Maven brings for a Cassandra node: some hundred jars, once.
bring_jars() {
  local root
  # Maven would look for a relative folder beside its description.
  root=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
  local lib=${CASSANDRA_LIB:-$root/.cassandra/lib}
  if compgen -G "$lib/cassandra-all-*.jar" > /dev/null; then
    echo "jars of Cassandra: $lib"
    return
  fi
  echo "components: bringing the jars of Cassandra"
  mvn -B -q -f "$root/servers/testbed/cassandra/pom.xml" package -Dlib="$lib.partial" || true
  # Maven's own words don't tell: it prints an error about the parent's description and goes on.
  if ! compgen -G "$lib.partial/cassandra-all-*.jar" > /dev/null; then
    echo "components: Maven did not bring the jars of Cassandra" >&2
    exit 4
  fi
  mv "$lib.partial" "$lib"
}

missing=()
for component in "${components[@]}"; do
  if path=$(command -v "${component%%:*}"); then
    echo "${component%%:*}: ${path}"
  else
    missing+=("${component##*:}")
  fi
done
if ! command -v dpkg-query > /dev/null; then
  if [ ${#missing[@]} -eq 0 ]; then
    bring_jars
    exit
  fi
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
if [ ${#missing[@]} -eq 0 ]; then
  bring_jars
  exit
fi

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
bring_jars
