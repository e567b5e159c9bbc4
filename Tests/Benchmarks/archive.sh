#!/usr/bin/env bash
# An archive of many synthetic sessions: seconds in the archive and peak memory of every step, each a
# process of its own.
#
#     Tests/Benchmarks/archive.sh [SESSIONS]        default 1000000
set -euo pipefail
sessions=${1:-1000000}
. "$(dirname "${BASH_SOURCE[0]}")/../set-up.sh"
need_debian libolm-dev libsodium-dev libsqlite3-dev pkg-config
(cd "$package_folder" && swift build -c release --product archive-benchmark --quiet)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for step in keys add again rooms room read records verify prune undo; do
    "$package_folder/.build/release/archive-benchmark" "$work" "$sessions" "$step"
    [ "$step" != add ] || echo "  $(($(stat -c %s "$work/archive") >> 20)) MiB on disk"
done
