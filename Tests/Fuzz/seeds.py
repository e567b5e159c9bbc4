"""What each door is given to begin with: files of its kind, cut from what the project has.

seeds.py FOLDER    fills FOLDER/DOOR for every door
"""

import io
import json
import pathlib
import subprocess
import sys
import tempfile

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
VECTORS = ROOT / "formats/vectors"
CORPUS = ROOT / "Tests/KeyFormatsTests/Corpus"


def vectors():
    """Each vector's name, header and content."""
    for path in sorted(VECTORS.iterdir()):
        if path.is_file() and path.suffix == "":
            head, _, content = path.read_bytes().partition(b"\n\n")
            yield path.name, dict(line.split(": ", 1) for line in head.decode().split("\n")), content


def bundle(content, identity):
    """What is inside a sealed file, opened by age; None where it does not open."""
    with tempfile.NamedTemporaryFile("w") as key:
        key.write(identity + "\n")
        key.flush()
        result = subprocess.run(["age", "-d", "-i", key.name], input=content, capture_output=True)
    return result.stdout if result.returncode == 0 else None


def events(room):
    return json.loads((ROOT / "Tests/Rooms" / room / "events-newton.json").read_text())


def main():
    folder = pathlib.Path(sys.argv[1])

    def put(door, name, content):
        (folder / door).mkdir(parents=True, exist_ok=True)
        (folder / door / name).write_bytes(content)

    for name, header, content in vectors():
        kind = header.get("kind", "sealed-file")
        if kind == "sealed-file":
            put("sealed-file", name, content)
            inside = bundle(content, header["identity"]) if name.startswith("ok") else None
            if inside:
                put("bundle", name, inside)
        else:
            put("identity" if "identity" in kind else "bundle", name, content)
    bob = (VECTORS / "idn-00_heir_bob").read_text().split("\n\n")[1].strip()
    contact = {"name": "bob", "identity": bob, "user": "@bob:example.org", "pinnedAt": 1791979200123,
               "fingerprintComparedAt": 1791979200124, "masterKey": "8f" * 32}
    put("identity", "contacts", json.dumps({"version": 1, "contacts": [contact]}).encode())

    for case in json.loads((VECTORS / "qr-frames/cases.json").read_text()):
        put("codes", case["name"], "\n".join(case["frames"]).encode())
    for path in CORPUS.glob("*.txt"):
        put("key-export", path.name, path.read_bytes())
    for path in CORPUS.glob("*.json"):
        put("room-keys", path.name, path.read_bytes())
        put("json", path.name, path.read_bytes()[:20000])
    for room in ["archive", "bridge", "council", "garden"]:
        some = events(room)[:30]
        put("history", room, json.dumps(some).encode())
        put("history", room + ".lines", "".join(json.dumps(e) + "\n" for e in some).encode())
        for place, event in enumerate(e for e in events(room) if e["type"] == "m.room.encrypted"):
            if place < 4 and "ciphertext" in event["content"]:
                put("message", f"{room}-{place}", event["content"]["ciphertext"].encode())
    for form in ["png", "jpeg"]:
        picture = io.BytesIO()
        Image.linear_gradient("L").resize((48, 48)).save(picture, form)
        put("picture", form, picture.getvalue())


if __name__ == "__main__":
    main()
