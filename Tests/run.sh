#!/usr/bin/env bash
# Every check there is: formatting, the build, all tests, the example, and what other
# implementations say of what the built command made.
#
# Sets itself up on a Debian 12 that has the Swift toolchain. Beside the package, ../shared may hold
# more test data; what is skipped without it is said.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/set-up.sh"
cd "$package_folder"

step() { printf '\n=== %s (%d s)\n' "$*" "$SECONDS"; }

step "Installing what is missing"
# age: the tool that must open what we seal. bsdutils: script, which gives tests a terminal.
# chromium: lays out, draws and prints the page that coverage writes.
need_debian libolm-dev libsodium-dev libsqlite3-dev pkg-config age bsdutils chromium \
    libqrencode-dev libzbar-dev libpng-dev libturbojpeg0-dev
need_python cryptography pynacl vodozemac 'matrix-nio[e2e]' pillow zxing-cpp

step "Formatting"
swift format lint --strict --recursive Sources Tests Examples Package.swift
echo "clean"

step "Build (warnings are errors)"
swift build --build-tests --quiet

step "The vectors are what their generator makes"
again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
"$python" formats/vectors/generate.py "$again" >/dev/null
"$python" formats/vectors/generate_qr.py "$again" >/dev/null
(cd "$again" && find . -type f) | while read -r vector; do
    cmp "$again/$vector" "formats/vectors/$vector"
done
echo "$(find "$again" -type f | wc -l) files, all the same"

step "The example"
bash Examples/handover.sh

step "Witnesses: other implementations on what the command made"
need_heirloom
# It waits most of its minute, as a program does that asks again: the witnesses go on meanwhile.
discovery=$again/discovery.log
bash Tests/Homeserver/discovery.sh "$heirloom" >"$discovery" 2>&1 &
discovering=$!
for witness in hand_over rules page codes attachments doctor; do
    "$python" "Tests/Witnesses/$witness.py" "$heirloom"
done

step "From a server name to a login, over TLS"
wait "$discovering" || { cat "$discovery" && exit 1; }
cat "$discovery"

step "A real homeserver and a real client library"
bash Tests/Homeserver/run.sh "$heirloom"

step "Spoiled files at every door"
bash Tests/Fuzz/run.sh .build/debug/fuzz 20

step "Killed at random, an archive is the old one or the new one"
bash Tests/crash-archive.sh 20 2000

step "Tests"
# Thousands of passing cases are not worth a line each; what fails is shown whole.
swift test --skip-build 2>&1 | awk '!/^(◇|↳|✔ Test )/ || /^✔ Test run with/ { print; fflush() }'

step "All of it passed"
