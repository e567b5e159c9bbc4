# Sourced, not run: what Examples/handover.sh, Tests/run.sh and Tests/Benchmarks/share.sh share.
# Everything is installed only where it is missing; what cannot be installed stops the script.

# The package's folder, wherever the script was called from.
package_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# need_debian PACKAGE… installs the Debian packages that are missing.
need_debian() {
    local name missing=()
    for name in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] ||
            missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "Installing ${missing[*]}"
    local root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update -qq
    # Without questions, because nobody may be there to answer them.
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# need_python PACKAGE… makes a virtual environment below the package and installs into it; $python
# is its interpreter.
need_python() {
    local folder=$package_folder/.build-venv
    python=$folder/bin/python3
    need_debian python3 python3-venv
    [ -x "$python" ] || python3 -m venv "$folder"
    "$python" -m pip install --quiet --disable-pip-version-check "$@"
}

# need_heirloom builds the release command once; $heirloom is its path.
need_heirloom() {
    need_debian libolm-dev libsodium-dev libsqlite3-dev pkg-config \
        libqrencode-dev libzbar-dev libpng-dev libturbojpeg0-dev
    echo "Building heirloom (a few minutes the first time)"
    (cd "$package_folder" && swift build -c release --product heirloom --quiet)
    heirloom=$package_folder/.build/release/heirloom
}
