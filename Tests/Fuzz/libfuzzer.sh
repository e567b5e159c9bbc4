#!/usr/bin/env bash
# The same doors with libFuzzer, which finds its way by what the program does, and with the address
# sanitizer. Not part of the gate.
#
#   libfuzzer.sh [SECONDS [DOOR…]]    60 seconds each; what is found stands in .build-fuzz/found
#
# The first time it builds everything once more.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../set-up.sh"
cd "$package_folder"
seconds=${1:-60}
shift || true
need_debian libolm-dev libsodium-dev libsqlite3-dev pkg-config age lld \
    libqrencode-dev libzbar-dev libpng-dev libturbojpeg0-dev
need_python pillow

swift build --product fuzz --scratch-path .build-fuzz --quiet \
    -Xswiftc -O -Xswiftc -DLIBFUZZER -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
fuzz=$package_folder/.build-fuzz/debug/fuzz
doors=("$@")
[ ${#doors[@]} -gt 0 ] || mapfile -t doors < <("$fuzz")

"$python" Tests/Fuzz/seeds.py .build-fuzz/seeds
export ASAN_OPTIONS=detect_leaks=0
mkdir -p .build-fuzz/found
for door in "${doors[@]}"; do
    mkdir -p ".build-fuzz/corpus/$door"
    echo "=== $door"
    "$fuzz" "$door" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix=".build-fuzz/found/$door-" \
        ".build-fuzz/corpus/$door" ".build-fuzz/seeds/$door" 2>&1 |
        grep -E 'stat::number_of_executed|stat::peak|ERROR|Test unit written|SUMMARY|Fatal' || true
done
found=$(find .build-fuzz/found -type f | wc -l)
echo "found: $found"
[ "$found" = 0 ]
