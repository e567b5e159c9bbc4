#!/usr/bin/env bash
# From a server name to a login over real TLS: names, certificates and redirects on port 443, in a
# network and with name and trust files of this script's own.
#
#   discovery.sh HEIRLOOM
#
# Where the system does not let it make those, it says so loudly and ends well.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../set-up.sh"
heirloom=$(realpath "$1")

need_debian iproute2 util-linux
need_python cryptography
alone=(unshare --mount --net --propagation private)
[ "$(id -u)" -eq 0 ] || alone+=(--map-root-user)
if ! "${alone[@]}" ip link set lo up 2>/dev/null; then
    echo "SKIPPED: !!! this system lends no network of one's own: nothing was tried over TLS !!!"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${alone[@]}" "$python" "$package_folder/Tests/Homeserver/discovery.py" "$heirloom" "$folder"
