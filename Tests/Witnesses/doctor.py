"""Key files with everything wrong that clients were seen to write, mended and read by other programs.

doctor.py HEIRLOOM    spoils a real key file in every way that can be mended, has `doctor` mend it, and
opens what it wrote: by Python's own means and vodozemac each time, once by matrix-nio, which takes ten
seconds for the passphrase. Ends with one line a check; exits with 1 at the first difference.
"""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import vodozemac
import nio.crypto.key_export
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

import key_export
from person import check

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEIRLOOM = str(pathlib.Path(sys.argv[1]).resolve())
BEGIN = "-----BEGIN MEGOLM SESSION DATA-----"
END = "-----END MEGOLM SESSION DATA-----"
PASSPHRASE = "a passphrase of ours"


def seal(data, passphrase=PASSPHRASE.encode(), rounds=100_000, iv=None):
    """A key export's bytes; with the low half of the IV all ones, counted as Element counts."""
    salt, iv = os.urandom(16), bytearray(iv or os.urandom(16))
    if not all(b == 0xff for b in iv[8:]):
        iv[8] &= 0x7f
    keys = hashlib.pbkdf2_hmac("sha512", passphrase, salt, rounds, 64)

    def block(number):
        low = (int.from_bytes(iv[8:], "big") + number) % 2 ** 64
        return Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor().update(
            bytes(iv[:8]) + low.to_bytes(8, "big"))

    stream = b"".join(block(n) for n in range(-(-len(data) // 16)))
    body = (b"\x01" + salt + bytes(iv) + rounds.to_bytes(4, "big")
            + bytes(a ^ b for a, b in zip(data, stream)))
    return body + hmac.new(keys[32:], body, hashlib.sha256).digest()


def armour(sealed, width=128):
    text = base64.b64encode(sealed).decode()
    lines = [text[i:i + width] for i in range(0, len(text), width)]
    return "\n".join([BEGIN, *lines, END]) + "\n"


def doctor(folder, name, *more, passphrase="pass"):
    result = subprocess.run(
        ["setsid", "--wait", HEIRLOOM, "doctor", name, "--json", "--keys-passphrase-file",
         passphrase, *more], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "HEIRLOOM_HOME": str(folder / "home")})
    return result.returncode, json.loads(result.stdout), result.stderr


def names(report):
    return [finding["name"] for finding in report["findings"]]


def read(path, passphrase=PASSPHRASE):
    """What another reader than ours finds, each key taken by vodozemac too."""
    entries = key_export.read(path, passphrase)
    for entry in entries:
        vodozemac.InboundGroupSession.import_session(
            vodozemac.ExportedSessionKey(entry["session_key"]))
        assert entry["forwarding_curve25519_key_chain"] == [] and entry["sender_claimed_keys"]
    return {entry["session_id"]: entry["session_key"] for entry in entries}


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        entries = key_export.read(ROOT / "Examples/alice.keys.txt", "flagged pass 2")[:40]
        wanted = {entry["session_id"]: entry["session_key"] for entry in entries}
        (folder / "pass").write_text(PASSPHRASE + "\n")
        (folder / "accent").write_text("corrèct hörse\n")
        plain = json.dumps(entries).encode()
        sealed = seal(plain)
        good = armour(sealed)

        (folder / "good.txt").write_text(good)
        status, report, _ = doctor(folder, "good.txt")
        check(status == 0 and report["findings"] == [] and report["sessions"] == 40,
              "nothing is wrong with a file as Element writes it")

        body = "".join(good.splitlines()[1:-1])
        changed = {
            "byte-order-mark": "\ufeff" + good,
            "text-before": "Dear Newton,\nhere they are:\n" + good,
            "text-behind": good + "Yours, Alice\n",
            "no-break-behind-begin": good.replace(BEGIN + "\n", BEGIN),
            "carriage-returns": good.replace("\n", "\r\n"),
            "spaces-inside": good.replace("\n", "\n  ", 3),
            "unpadded": armour(seal(plain + b" " * (1 - (len(plain) + 69) % 3 % 2))).replace(
                "=", ""),
            "no-final-break": f"{BEGIN}\n{body}\n{END}",
        }

        def of(change):
            return [change(dict(entry)) for entry in entries]

        def without(*members):
            return of(lambda e: {k: v for k, v in e.items() if k not in members})

        def payload(data, **how):
            return armour(seal(data, **how))

        second = {**entries[3], "session_key": entries[3]["session_key"]}
        changed |= {
            "python-list": payload(str(entries).encode()),
            "sessions-object": payload(json.dumps({"sessions": entries}).encode()),
            "few-rounds": payload(plain, rounds=9_000),
            "counter-overflow": payload(plain, iv=b"\x07" * 8 + b"\xff" * 8),
            "no-forwarding-chain": payload(
                json.dumps(without("forwarding_curve25519_key_chain")).encode()),
            "no-claimed-keys": payload(json.dumps(without("sender_claimed_keys")).encode()),
            "no-sender-key": payload(json.dumps(of(lambda e: {**e, "sender_key": ""})).encode()),
            "flag-twice": payload(json.dumps(of(lambda e: {
                **e, "m.shared_history": True, "org.matrix.msc3061.shared_history": True})).encode()),
            "flag-not-boolean": payload(
                json.dumps(of(lambda e: {**e, "m.shared_history": "yes"})).encode()),
            "session-id": payload(
                json.dumps(of(lambda e: {**e, "session_id": e["session_id"] + "="})).encode()),
            "repeated": payload(json.dumps(entries + [second]).encode()),
        }
        for what, text in changed.items():
            (folder / "old.txt").write_bytes(text.encode())
            status, report, talk = doctor(folder, "old.txt")
            check(status == 2 and what in names(report), f"{what} is found")
            status, report, talk = doctor(folder, "old.txt", "-o", "new.txt", "--force")
            check(status == 0 and read(folder / "new.txt") == wanted,
                  f"{what} is mended: others read all of it")
            (folder / "old.txt").write_bytes((folder / "new.txt").read_bytes())
            status, report, _ = doctor(folder, "old.txt")
            check(status == 0 and report["findings"] == [], f"{what}: nothing is left to find")

        theirs = json.loads(
            nio.crypto.key_export.decrypt_and_read(str(folder / "new.txt"), PASSPHRASE))
        check({e["session_id"]: e["session_key"] for e in theirs} == wanted,
              "matrix-nio reads a mended file whole")

        (folder / "old.txt").write_text(payload(plain, passphrase="corrèct hörse".encode("latin-1")))
        status, report, _ = doctor(folder, "old.txt", "-o", "new.txt", "--force", passphrase="accent")
        check(status == 0 and names(report) == ["latin-1"], "latin-1 is found")
        (folder / "old.txt").write_bytes((folder / "new.txt").read_bytes())
        status, report, _ = doctor(folder, "old.txt", passphrase="accent")
        check(status == 0 and report["findings"] == [], "and mended: UTF-8 opens it")

        bad = of(lambda e: e)
        bad[5]["session_key"] = bad[5]["session_key"][:-4] + "!!!!"
        bad[9]["session_id"] = bad[8]["session_id"]
        (folder / "old.txt").write_text(payload(json.dumps(bad).encode()))
        status, report, _ = doctor(folder, "old.txt", "-o", "new.txt", "--force")
        left = {k: v for k, v in wanted.items()
                if k not in (entries[5]["session_id"], entries[9]["session_id"])}
        check(status == 2 and names(report) == ["invalid-entry", "invalid-entry"]
              and read(folder / "new.txt") == left, "what is broken stays out, and only that")

        (folder / "old.txt").write_text(plain.decode())
        status, report, _ = doctor(folder, "old.txt")
        check(status == 2 and names(report) == ["readable"], "readable keys are told of")

        for what, text, expected in (
                ("a file that is cut short", good[:len(good) // 2], 4),
                ("a damaged file", good.replace(body[3000:3004], "AAAA"), 3),
                ("a letter that base64 has not", good.replace(body[3000:3004], "A!AA"), 4),
                ("no key file", "hello\n", 4)):
            (folder / "old.txt").write_text(text)
            status, report, _ = doctor(folder, "old.txt", "-o", "none.txt")
            check(status == expected and not (folder / "none.txt").exists(),
                  f"{what} cannot be mended: exit {expected}, nothing written")


main()
