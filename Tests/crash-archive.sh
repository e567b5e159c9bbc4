#!/usr/bin/env bash
# Kills ‘archive add’ and ‘receive --keep’ at random moments, over and over, and looks at what is left:
# all of the import or nothing of it, and no fault in either.
#
#     Tests/crash-archive.sh [KILLS [SESSIONS]]        default 200 kills, 20000 sessions
set -euo pipefail
kills=${1:-200} sessions=${2:-20000}
. "$(dirname "${BASH_SOURCE[0]}")/set-up.sh"
need_heirloom
need_python cryptography

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
umask 077
echo "bench pass" >passphrase
echo "flagged pass 2" >alice.pass
export HEIRLOOM_HOME=$work/home
room=$("$python" "$package_folder/Tests/Benchmarks/generate.py" "$sessions" "bench pass" keys.txt)
"$heirloom" identity new --no-passphrase >me 2>/dev/null
"$heirloom" share --yes --keys keys.txt --keys-passphrase-file passphrase --room "$room" \
    --to "$(cat me)" --override "a test" -o sealed 2>/dev/null
"$heirloom" archive add "$package_folder/Examples/alice.keys.txt" \
    --keys-passphrase-file alice.pass 2>/dev/null
cp -r home home-before

add() { exec "$heirloom" archive add keys.txt --keys-passphrase-file passphrase >/dev/null 2>&1; }
receive() {
    exec "$heirloom" receive sealed --from "$(cat me)" --room "$room" --accept-overrides --keep \
        >/dev/null 2>&1
}
# How many sessions a sound archive holds.
count() { "$heirloom" archive verify 2>&1 | sed -n 's/^\([0-9]*\) sessions.* 0 at fault$/\1/p'; }

# crash STEP: kills it at a random moment of the time it takes.
crash() {
    local step=$1 start whole old=0 new=0 kill found process
    rm -rf home && cp -r home-before home
    start=$(date +%s%N)
    ("$step")
    whole=$((($(date +%s%N) - start) / 1000000))
    local after
    after=$(count)
    for ((kill = 0; kill < kills / 2; kill++)); do
        rm -rf home && cp -r home-before home
        "$step" &
        process=$!
        sleep "$(awk -v whole="$whole" -v r="$RANDOM" \
            'BEGIN { print whole * 1.1 * r / 32768 / 1000 }')"
        kill -9 "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
        found=$(count)
        case "$found" in
            94) old=$((old + 1)) ;;
            "$after") new=$((new + 1)) ;;
            *) echo "$step, kill $kill: ${found:-a fault}, expected 94 or $after" && exit 1 ;;
        esac
    done
    echo "$step: killed $((kills / 2)) times, the archive was the old one $old times, the new one $new"
}

crash add
crash receive
