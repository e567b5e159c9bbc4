#!/usr/bin/env bash
# An archive of many synthetic sessions: wall seconds and peak memory of each command.
#
#     Tests/Benchmarks/archive.sh [SESSIONS]        default 1000000
set -euo pipefail
sessions=${1:-1000000}
. "$(dirname "${BASH_SOURCE[0]}")/../set-up.sh"
need_debian time
need_heirloom
need_python cryptography

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
umask 077
echo "bench pass" >passphrase
export HEIRLOOM_HOME=$work/home
room=$("$python" "$package_folder/Tests/Benchmarks/generate.py" "$sessions" "bench pass" keys.txt)
"$heirloom" identity new --no-passphrase >/dev/null 2>&1

# measure NAME ARGUMENT…: runs one archive command.
measure() {
    local name=$1
    shift
    /usr/bin/time -f '%e %M' -o time "$heirloom" archive "$@" >/dev/null 2>talk || { cat talk && exit 1; }
    awk -v name="$name" '{ printf "%-28s %8.2f s %7.0f MiB\n", name, $1, $2 / 1024 }' time
}

measure "add" add keys.txt --keys-passphrase-file passphrase
echo "  $(($(stat -c %s home/archive) >> 20)) MiB on disk"
before=$(sha256sum home/archive)
measure "add again" add keys.txt --keys-passphrase-file passphrase
[ "$before" = "$(sha256sum home/archive)" ] || { echo "adding it again changed the archive" && exit 1; }
measure "list rooms" list
measure "list one room" list --room "$room"
measure "export one room" export --room "$room" -o room.txt --deliver-passphrase-file passphrase
measure "verify" verify
measure "prune one room for good" prune --room "$room" --yes
measure "undo the import" undo 1
