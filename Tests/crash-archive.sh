#!/usr/bin/env bash
# Kills an archive's import at random moments, over and over, and looks at what is left: all of the
# import or nothing of it, and no fault in either.
#
#     Tests/crash-archive.sh [KILLS [SESSIONS]]        default 200 kills, 20000 sessions
set -euo pipefail
kills=${1:-200} sessions=${2:-20000}
. "$(dirname "${BASH_SOURCE[0]}")/set-up.sh"
need_debian libolm-dev libsodium-dev libsqlite3-dev pkg-config
(cd "$package_folder" && swift build -c release --product archive-benchmark --quiet)
benchmark=$package_folder/.build/release/archive-benchmark
archive() { "$benchmark" "$work" "$sessions" "$@"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archive keys >/dev/null
archive create >/dev/null
start=$(date +%s%N)
archive again >/dev/null
whole=$((($(date +%s%N) - start) / 1000000))

old=0 new=0
for ((kill = 0; kill < kills; kill++)); do
    rm -f "$work"/archive*
    archive create >/dev/null
    # Not through the function: its subshell would be killed in the program's stead.
    "$benchmark" "$work" "$sessions" again >/dev/null &
    import=$!
    sleep "$(awk -v whole="$whole" -v r="$RANDOM" 'BEGIN { print whole * 1.2 * r / 32768 / 1000 }')"
    kill -9 "$import" 2>/dev/null || true
    wait "$import" 2>/dev/null || true
    found=$(archive verify) || { echo "after kill $kill: $found" && exit 1; }
    case "$found" in
        *" 0 opened, 0 faults"*) old=$((old + 1)) ;;
        *" $sessions opened, 0 faults"*) new=$((new + 1)) ;;
        *) echo "after kill $kill: $found" && exit 1 ;;
    esac
done
echo "$kills kills: the archive was the old one $old times, the new one $new times, never a third"
