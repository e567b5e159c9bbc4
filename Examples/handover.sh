#!/usr/bin/env bash
# The whole hand-over between two people, on real key files: alice has a key export that opens four
# rooms; newton joined one of them late and is given that one's past, and nothing else.
#
# Sets itself up on a Debian 12 that has the Swift toolchain. Leaves nothing behind.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../Tests/set-up.sh"
need_heirloom

room='!yJSbNihwXduhZwPJJb:heirloom.test'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$package_folder/Examples/alice.keys.txt" "$work/element-keys.txt"
cd "$work"
umask 077
echo 'flagged pass 2' >keys.pass
echo 'something newton made up' >newton.pass

step() { printf '\n== %s\n' "$*"; }

# as PERSON ARGUMENT…: runs heirloom with that person's home, showing the command.
as() {
    local person=$1
    shift
    printf '%s$ heirloom' "$person"
    printf ' %q' "$@" | sed "s/\\\\!/!/g"
    printf '\n'
    HEIRLOOM_HOME=$work/home-$person "$heirloom" "$@"
}

# quietly PERSON ARGUMENT…: the same, for the data alone.
quietly() {
    local person=$1
    shift
    HEIRLOOM_HOME=$work/home-$person "$heirloom" "$@" 2>/dev/null
}

# refused STATUS PERSON ARGUMENT…: runs what must be refused with that exit code.
refused() {
    local expected=$1 status=0
    shift
    as "$@" || status=$?
    echo "(exit code $status)"
    [ "$status" -eq "$expected" ]
}

fingerprint() { quietly "$1" identity show --json | sed -n 's/.*"fingerprintWords" : "\(.*\)".*/\1/p'; }

step "Everybody makes an identity. (You would protect yours with a passphrase.)"
as alice identity new --no-passphrase
as newton identity new --no-passphrase
quietly mallory identity new --no-passphrase >/dev/null

step "Alice and newton pin each other's identity."
as alice contact add newton "$(quietly newton identity show)" --user @newton:heirloom.test
as newton contact add alice "$(quietly alice identity show)"

step "They read their fingerprints to each other; the program compares, not the eye."
as alice contact verify newton "$(fingerprint newton)"
as newton contact verify alice "$(fingerprint alice)"

step "Alice looks at what she has."
as alice inspect element-keys.txt --keys-passphrase-file keys.pass

step "She seals one room's keys to newton."
as alice share --yes --keys element-keys.txt --keys-passphrase-file keys.pass \
    --room "$room" --to newton -o garden.sealed

step "Mallory gets hold of the file, and cannot open it."
quietly mallory contact add alice "$(quietly alice identity show)"
refused 3 mallory receive garden.sealed --from alice --room "$room" --deliver stolen.txt \
    --deliver-passphrase-file newton.pass

step "Newton opens it, checks it, and writes what his own Matrix client imports."
as newton receive garden.sealed --from alice --room "$room" \
    --deliver for-my-client.txt --deliver-passphrase-file newton.pass

step "The same file a second time is refused: it was taken in before."
refused 5 newton receive garden.sealed --from alice --room "$room" --deliver again.txt \
    --deliver-passphrase-file newton.pass

step "What newton's client will find in the key file:"
as newton inspect for-my-client.txt --keys-passphrase-file newton.pass

[ ! -e stolen.txt ] && [ ! -e again.txt ]
count() {
    quietly "$1" inspect --json "$2" --keys-passphrase-file "$3" |
        sed -n 's/^ *"entries" : \([0-9]*\),$/\1/p' | head -n 1
}
given=$(count newton for-my-client.txt newton.pass)
held=$(count alice element-keys.txt keys.pass)
printf '\nDone: of %s sessions in four rooms, %s went over, all of one room.\n' "$held" "$given"
[ "$given" -eq 27 ] && [ "$held" -eq 94 ]
