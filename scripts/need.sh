#!/usr/bin/env bash
# Make sure that a system command exists: need.sh COMMAND PACKAGE... [-- what to tell people without it]
# As root on Debian it installs the packages when the command is missing; otherwise it says what to do
# and ends with 1. Chromium counts under any of its names; libatomic is
# a library that the browser's driver needs.
set -u
command=$1; shift
packages=()
while [ $# -gt 0 ] && [ "$1" != "--" ]; do packages+=("$1"); shift; done
[ $# -gt 0 ] && shift
hint=${*:-"Install it with: sudo apt-get install ${packages[*]}"}

present() {
  case $command in
    chromium) for name in chromium chromium-browser google-chrome google-chrome-stable; do
                command -v "$name" >/dev/null 2>&1 && return 0
              done
              [ -n "${PAYVAND_CHROMIUM:-}" ] && [ -x "$PAYVAND_CHROMIUM" ] ;;
    libatomic) ldconfig -p | grep -q 'libatomic\.so\.1' ;;
    ensurepip) "${PYTHON:-python3}" -c 'import ensurepip, venv' >/dev/null 2>&1 ;;
    *) command -v "$command" >/dev/null 2>&1 ;;
  esac
}

present && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing ${packages[*]} ..." >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null 2>&1 </dev/null \
    || { apt-get update -qq </dev/null >/dev/null \
         && apt-get install -y -qq --no-install-recommends "${packages[@]}" </dev/null >/dev/null; }
fi
present && exit 0
echo "$command is missing. $hint" >&2
exit 1
