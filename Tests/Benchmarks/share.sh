#!/usr/bin/env bash
# Hands one room out of a large key export over, beside megolm-filter, which picks a room's keys out
# of the same file: whole processes, wall seconds and peak memory, the median of several runs that
# take turns.
#
#     Tests/Benchmarks/share.sh [SESSIONS [RUNS]]        default 100000 sessions, 5 runs
set -euo pipefail
sessions=${1:-100000} runs=${2:-5}
. "$(dirname "${BASH_SOURCE[0]}")/../set-up.sh"
need_debian time util-linux
need_heirloom
need_python cryptography megolm-filter==0.2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
umask 077
echo "bench pass" >passphrase
room=$("$python" "$package_folder/Tests/Benchmarks/generate.py" "$sessions" "bench pass" keys.txt)

giver() { HEIRLOOM_HOME=$work/giver "$@"; }
receiver() { HEIRLOOM_HOME=$work/receiver "$@"; }
giver "$heirloom" identity new --no-passphrase >giver.id 2>/dev/null
receiver "$heirloom" identity new --no-passphrase >receiver.id 2>/dev/null
giver "$heirloom" contact add receiver "$(cat receiver.id)" 2>/dev/null
receiver "$heirloom" contact add giver "$(cat giver.id)" 2>/dev/null

# measure NAME COMMAND…: adds one line “seconds kibibytes” to NAME.
measure() {
    local name=$1
    shift
    /usr/bin/time -f '%e %M' -o time "$@" >/dev/null 2>talk || { cat talk && exit 1; }
    cat time >>"$name"
}

# Every session of the room goes, as with megolm-filter: hence the overrides. megolm-filter asks on
# the terminal unless it has none: hence setsid.
share() {
    giver measure share "$heirloom" share --yes --keys keys.txt --keys-passphrase-file passphrase \
        --room "$room" --to receiver --override "benchmark" -o sealed.age --force
}
receive() {
    receiver measure receive "$heirloom" receive sealed.age --from giver --room "$room" \
        --deliver delivered.txt --deliver-passphrase-file passphrase --accept-overrides \
        --again --force
}
filter_plain() {
    measure filter_plain setsid --wait "$(dirname "$python")/megolm_filter" \
        --plain -o plain.txt keys.txt "$room" <passphrase
}
filter() {
    measure filter setsid --wait "$(dirname "$python")/megolm_filter" \
        -o filtered.txt keys.txt "$room" <passphrase
}

for ((run = 0; run < runs; run++)); do
    share
    filter_plain
    receive
    filter
done

middle=$((runs / 2 + 1))
seconds() { cut -d' ' -f1 "$1" | sort -n | sed -n "${middle}p"; }
mebibytes() { cut -d' ' -f2 "$1" | sort -n | tail -n1 | awk '{ printf "%.0f", $1 / 1024 }'; }
row() {
    printf '%-44s %7s s   %5s MiB   (%s)\n' "$2" "$(seconds "$1")" "$(mebibytes "$1")" \
        "$(cut -d' ' -f1 "$1" | tr '\n' ' ' | sed 's/ $//')"
}
times() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }

echo "$sessions sessions, $(wc -c <keys.txt) bytes; one room of 20; median of $runs, peak of all"
row share "heirloom share (select, sign, seal)"
row receive "heirloom receive --deliver"
row filter_plain "megolm-filter --plain (select)"
row filter "megolm-filter (select, encrypt again)"
both=$(awk -v a="$(seconds share)" -v b="$(seconds receive)" 'BEGIN { print a + b }')
echo "share is $(times "$(seconds filter_plain)" "$(seconds share)") times as fast as megolm-filter --plain"
echo "share is $(times "$(seconds filter)" "$(seconds share)") times as fast as megolm-filter"
echo "share and receive together are $(times "$(seconds filter)" "$both") times as fast as megolm-filter"
