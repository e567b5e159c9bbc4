"""What other implementations say of what the built command made.

hand_over.py HEIRLOOM    runs hand-overs on real key files with the built command, then asks age, the
rescue script, vodozemac and matrix-nio about the files, and real events about the keys. Ends with
one line a check; exits with 1 at the first difference.
"""

import json
import pathlib
import subprocess
import sys
import tempfile


import key_export
import person
from messages import encrypted, read_with_vodozemac
from person import DELIVERED, check, pin, sessions_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "Examples"
CORPUS = ROOT.parent / "shared" / "corpus"
HEIRLOOM = str(pathlib.Path(sys.argv[1]).resolve())
GARDEN = "!yJSbNihwXduhZwPJJb:heirloom.test"
FLAGGED = "flagged pass 2"
def read_with_nio(path, passphrase, events):
    """The same with matrix-nio's own import and its sessions."""
    from nio.crypto.key_export import decrypt_and_read
    from nio.crypto.olm_machine import Olm

    store = Olm.import_keys_static(str(path), passphrase)
    by_id = {session.id: session for session in store}
    check(len(by_id) == len(json.loads(decrypt_and_read(str(path), passphrase))),
          f"matrix-nio imports every entry of {path.name}: {len(by_id)}")
    read = {}
    for event in encrypted(events):
        session = by_id.get(event["content"]["session_id"])
        if session is None or session.room_id != event["room_id"]:
            continue
        try:
            plaintext, _ = session.decrypt(event["content"]["ciphertext"])
            read[event["event_id"]] = json.loads(plaintext)
        except Exception:  # nio has an exception a cause; each means: not readable
            pass
    return read


def bodies(read):
    return {event: plain["content"].get("body") for event, plain in read.items()}


def the_hand_over(folder, alice, newton):
    events = json.loads((EXAMPLES / "garden/events.json").read_text())
    truth = json.loads((EXAMPLES / "garden/truth.json").read_text())
    keys_file = EXAMPLES / "alice.keys.txt"
    sealed, delivered = folder / "garden.sealed", folder / "delivered.txt"
    given = alice.share([keys_file], [FLAGGED], GARDEN, ["newton"], sealed)
    allowed = sessions_of(given, "allow")
    check(len(allowed) == 27, "27 sessions of the garden are allowed")

    newton.run("identity", "export-age-key", "-o", folder / "age.key")
    inner = subprocess.run(
        ["age", "-d", "-i", folder / "age.key", sealed], capture_output=True, check=True).stdout
    check(inner[:9] == b"heirloom\x01", f"age opens the seal: {len(inner)} bytes inside")
    rescued = json.loads(subprocess.run(
        [sys.executable, ROOT / "formats/rescue.py", sealed, folder / "age.key"],
        capture_output=True, check=True).stdout)
    check(sorted(s["session_id"] for s in rescued["sessions"]) == allowed,
          "the rescue script verifies every signature and finds the same sessions")

    newton.receive(sealed, "alice", GARDEN, delivered)
    keys = key_export.read(delivered, DELIVERED)
    check(sorted(k["session_id"] for k in keys) == allowed, "the delivered file has just those")
    check({k["room_id"] for k in keys} == {GARDEN}, "and no other room's")
    held = key_export.read(keys_file, FLAGGED)
    by_id = {k["session_id"]: k for k in held}
    check(all(by_id[k["session_id"]]["session_key"] == k["session_key"] for k in keys),
          "key by key what the giver holds")
    check(sorted(s["session_key"] for s in rescued["sessions"])
          == sorted(k["session_key"] for k in keys), "as the rescue script read them")

    reachable = bodies(read_with_vodozemac(held, events))
    check(len(reachable) > 100, f"the giver's file opens {len(reachable)} messages of the garden")
    for name, read in [("vodozemac", read_with_vodozemac(keys, events)),
                       ("matrix-nio", read_with_nio(delivered, DELIVERED, events))]:
        check(bodies(read) == reachable, f"{name} reads all {len(reachable)} with the delivered file")
        check(all(truth[event]["body"] == body for event, body in bodies(read).items()),
              f"{name} reads what was written")
    for room in "council", "archive", "bridge":
        if not CORPUS.exists():
            print(f"SKIPPED: events of {room}: no ../shared/corpus")
            continue
        other = json.loads((CORPUS / room / "events.json").read_text())
        check(not read_with_vodozemac(keys, other), f"nothing of {room} opens")
    check(sealed.stat().st_mode & 0o777 == 0o600,
          f"the sealed file has {sealed.stat().st_size} bytes and is its owner's")


def the_flag(folder, alice, newton):
    room = "!NhUGSKIvrDXECtBKJK:heirloom.test"
    keys_file = EXAMPLES / "alice.keys.txt"
    held = [k for k in key_export.read(keys_file, FLAGGED) if k["room_id"] == room]
    flagged = sorted(k["session_id"] for k in held if k["shared_history"])
    sealed, delivered = folder / "council.sealed", folder / "council.txt"
    given = alice.share([keys_file], [FLAGGED], room, ["newton"], sealed, status=2)
    check(sessions_of(given, "allow") == flagged and len(flagged) == 10,
          "of the council the 10 flagged sessions go")
    check(len(sessions_of(given, "withhold")) == 14, "and the 14 others do not")
    newton.receive(sealed, "alice", room, delivered)
    check(sorted(k["session_id"] for k in key_export.read(delivered, DELIVERED)) == flagged,
          "the delivered file has the 10")


def two_recipients(folder, alice, newton, carol):
    sealed = folder / "two.sealed"
    alice.share([EXAMPLES / "alice.keys.txt"], [FLAGGED], GARDEN, ["newton", "carol"], sealed)
    for person in newton, carol:
        report = person.receive(sealed, "alice", GARDEN, folder / f"two-{person.name}.txt")
        check(report["account"]["new"] == 27, f"{person.name} opens what was sealed to both")


def the_corpus(folder, alice, newton):
    unflagged, password = CORPUS / "alice.keys.txt", "alice heirloom pass 1"
    sealed, delivered = folder / "unflagged.sealed", folder / "unflagged.txt"
    alice.share([unflagged], [password], GARDEN, ["newton"], sealed, status=5)
    check(not sealed.exists(), "keys without the flag go nowhere")
    alice.share([unflagged], [password], GARDEN, ["newton"], sealed, "--override", "we talked")
    newton.receive(sealed, "alice", GARDEN, delivered, status=5)
    check(not delivered.exists(), "overridden sessions are not taken in unasked")
    newton.receive(sealed, "alice", GARDEN, delivered, "--accept-overrides")
    check(len(key_export.read(delivered, DELIVERED)) == 27, "and are when accepted")

    later, merged = CORPUS / "alice.later.keys.txt", folder / "merged.sealed"
    files = [later, CORPUS / "alice.flagged.spec.txt"]
    report = alice.share(files, ["later pass 3", FLAGGED], GARDEN, ["newton"], merged)
    indices = {s["firstKnownIndex"] for s in report["sessions"]}
    check(indices == {0} and report["counts"]["duplicates"] == 27,
          "of two files with the same sessions the better copies go")

    exports = {
        "alice.keys.txt": ("alice heirloom pass 1", 94), "bob.keys.txt": ("bob heirloom pass 1", 94),
        "carol.keys.txt": ("carol Schlüssel 1", 94), "newton.keys.txt": ("newton heirloom pass 1", 23),
        "mallory.keys.txt": ("mallory heirloom pass 1", 66), "alice.flagged.spec.txt": (FLAGGED, 94),
        "alice.flagged.msc3061.txt": (FLAGGED, 94), "alice.flagged.mprefix.txt": (FLAGGED, 94),
        "alice.later.keys.txt": ("later pass 3", 94),
        "rust-sdk/dan.rust.txt": ("corpus export passphrase 1", 36),
        "rust-sdk/nina.nheko.txt": ("nheko pass", 27)}
    for name, (password, count) in exports.items():
        found = json.loads(alice.run(
            "inspect", "--json", CORPUS / name, "--keys-passphrase-file", alice.secret(password)
        ).stdout)["files"][0]["keys"]
        check(found["keys"] == count and found["invalid"] == 0, f"{name} opens: {count} sessions")
        spelling = "latin-1" if name.startswith("carol") else "as-typed"
        check(found["passphraseSpelling"] == spelling, f"{name}: the passphrase {spelling}")

    bundle = folder / "bundle.json"
    alice.run("convert", CORPUS / "alice.flagged.spec.txt", "--keys-passphrase-file",
              alice.secret(FLAGGED), "--to", "room-key-bundle", "--room", GARDEN, "--readable",
              "-o", bundle)
    ours, theirs = json.loads(bundle.read_text()), json.loads((CORPUS / "bundle/garden.json").read_text())
    check(set(ours) == {"room_keys", "withheld"}, "a room key bundle has both lists")
    by_id = lambda entry: entry["session_id"]
    check(sorted(ours["room_keys"], key=by_id) == sorted(theirs["room_keys"], key=by_id),
          "and its keys are those of one made by other means")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        alice, newton, carol = (person.Person(HEIRLOOM, folder, name) for name in ("alice", "newton", "carol"))
        for one, other in [(alice, newton), (alice, carol), (newton, alice), (carol, alice)]:
            pin(one, other)
        the_hand_over(folder, alice, newton)
        the_flag(folder, alice, newton)
        two_recipients(folder, alice, newton, carol)
        if CORPUS.exists():
            the_corpus(folder, alice, newton)
        else:
            print("SKIPPED: every check on ../shared/corpus, which is not there")
    print(f"{person.checks} checks, all of them hold")


main()
