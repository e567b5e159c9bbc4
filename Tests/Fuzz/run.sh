#!/usr/bin/env bash
# Spoils files of every kind, the same way at each run, and lets them in at every door.
#
#   run.sh FUZZ [COUNT]    COUNT times each file
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../set-up.sh"
fuzz=$(realpath "$1")
count=${2:-200}
need_debian age
need_python pillow
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" "$package_folder/Tests/Fuzz/seeds.py" "$folder/seeds"
for door in $("$fuzz"); do
    FUZZ_LAST=$folder/last "$fuzz" "$door" "$count" "$folder/seeds/$door"/* || {
        cp "$folder/last" "$package_folder/.build/fuzz-$door"
        echo "it ended at .build/fuzz-$door"
        exit 1
    }
done
