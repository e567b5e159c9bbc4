"""Encrypted room key bundles, to and from matrix-nio's own attachment code.

attachments.py HEIRLOOM    writes a bundle with the built command and has matrix-nio decrypt it, and the
other way round. Ends with one line a check; exits with 1 at the first difference.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from nio.crypto.attachments import decrypt_attachment, encrypt_attachment

from person import check

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEIRLOOM = str(pathlib.Path(sys.argv[1]).resolve())
GARDEN = "!yJSbNihwXduhZwPJJb:heirloom.test"


def convert(folder, *arguments, status=0):
    result = subprocess.run(["setsid", "--wait", HEIRLOOM, "convert", *arguments], cwd=folder,
                            capture_output=True, text=True, check=False)
    if result.returncode != status:
        sys.exit(f"convert {arguments} ended with {result.returncode}: {result.stderr}")
    return result


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "pass").write_text("flagged pass 2\n")
        convert(folder, str(ROOT / "Examples/alice.keys.txt"), "--keys-passphrase-file", "pass",
                "--room", GARDEN, "--to", "encrypted-bundle", "-o", "garden.enc")
        key = json.loads((folder / "garden.enc.json").read_text())
        plain = decrypt_attachment(
            (folder / "garden.enc").read_bytes(), key["key"]["k"], key["hashes"]["sha256"],
            key["iv"])
        bundle = json.loads(plain)
        check(len(bundle["room_keys"]) == 27 and bundle["withheld"] == [],
              "matrix-nio decrypts the attachment: 27 keys of the garden")
        check((folder / "garden.enc.json").stat().st_mode & 0o777 == 0o600,
              "the attachment's key is its owner's alone")

        theirs, keys = encrypt_attachment(plain)
        (folder / "theirs.enc").write_bytes(theirs)
        (folder / "theirs.json").write_text(json.dumps({"v": "v2", "url": "mxc://x/y", **keys}))
        report = json.loads(convert(
            folder, "theirs.enc", "--attachment-key", "theirs.json", "--to", "json-lines",
            "--readable", "--json", "-o", "theirs.jsonl").stdout)
        check(report["keys"] == 27, "what matrix-nio encrypted is read whole")
        ours = {json.loads(line)["session_key"]
                for line in (folder / "theirs.jsonl").read_text().splitlines()}
        check(ours == {key["session_key"] for key in bundle["room_keys"]},
              "every key is the one that went in")

        (folder / "theirs.enc").write_bytes(theirs[:-1] + bytes([theirs[-1] ^ 1]))
        result = convert(folder, "theirs.enc", "--attachment-key", "theirs.json", "--to",
                         "json-lines", "--readable", "-o", "none.jsonl", status=4)
        check("its hash differs" in result.stderr and not (folder / "none.jsonl").exists(),
              "a changed attachment gives nothing")


if __name__ == "__main__":
    main()
