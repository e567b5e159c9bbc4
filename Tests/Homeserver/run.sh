#!/usr/bin/env bash
# The journey on a real homeserver (Synapse) with a real client library (matrix-nio).
#
#   run.sh HEIRLOOM
#
# Where they cannot be installed it says so loudly and ends well: nothing else needs them.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../set-up.sh"
. "$(dirname "${BASH_SOURCE[0]}")/synapse.sh"
heirloom=$(realpath "$1")

if [ -n "${CI:-}" ]; then
    echo "SKIPPED: the journey on a real homeserver is not for CI"
    exit 0
fi
if ! need_synapse; then
    echo "SKIPPED: !!! no homeserver could be installed: nothing was tried against a real one !!!"
    exit 0
fi
folder=$(mktemp -d)
trap 'synapse_stop; rm -rf "$folder"' EXIT
port=$((18000 + RANDOM % 2000))
mkdir "$folder/server"
synapse_start "$folder/server" "$port"
"$synapse_python" "$package_folder/Tests/Homeserver/journey.py" \
    "$heirloom" "http://127.0.0.1:$port" "$folder" \
    "$package_folder/.build/debug/invite-bot"
