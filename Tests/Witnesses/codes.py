"""QR codes: what travels on screen, on paper and in a terminal is what travels in a file.

codes.py HEIRLOOM    seals a window of a real room and takes it in four ways: as a file, from the
pictures of codes, from a printed page (laid out by Chromium at 150 dpi, blurred, turned by 5 degrees)
and from a terminal's screen drawn as a picture. The accounts must be equal. zxing-cpp, another decoder,
reads the same pictures, and a reader of the frames written here from `formats/qr-frames.md` gives the
sealed file's bytes.
"""

import base64
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from person import Person, check, pin
import person

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYS = ROOT / "Examples" / "alice.keys.txt"
EVENTS = ROOT / "Examples" / "garden" / "events.json"
GARDEN = "!yJSbNihwXduhZwPJJb:heirloom.test"
HEIRLOOM = str(pathlib.Path(sys.argv[1]).resolve())
BROWSER = shutil.which("chromium") or sys.exit("FAILED: there is no chromium")
WINDOW = ["--since", "2026-03-01T00:00Z", "--until", "2026-07-29T15:39Z"]


def share(alice, *options):
    return alice.run(
        "share", "--yes", "--keys", KEYS, "--keys-passphrase-file", alice.secret("flagged pass 2"),
        "--history", EVENTS, "--room", GARDEN, "--to", "newton", *WINDOW, *options)


def receive(newton, *options, status=0):
    return newton.run(
        "receive", *options, "--json", "--again", "--from", "alice", "--room", GARDEN, "--history",
        EVENTS, "--for", "@newton:heirloom.test", status=status)


def account(result):
    """Everything that is said of the keys, without the bundle's own id and times."""
    report = json.loads(result.stdout)
    return {k: report[k] for k in ("room", "account", "sessions", "withheldByGiver", "history")}


def payload(texts):
    """The frames put together by the page alone, all data parts being there."""
    parts = {}
    for text in texts:
        assert text.startswith("HEIR1:")
        body = text[6:]
        frame = base64.b32decode(body + "=" * (-len(body) % 8))
        assert zlib.crc32(frame[:-4]) == int.from_bytes(frame[-4:], "big") and frame[0] == 0x10
        count, index = int.from_bytes(frame[9:11], "big"), int.from_bytes(frame[11:13], "big")
        total = int.from_bytes(frame[13:16], "big")
        parts[index] = frame[16:-4]
    whole = b"".join(parts[i] for i in range(count))[:total]
    assert hashlib.sha256(b"heirloom-qr-1" + whole).digest()[:8] == frame[1:9]
    return whole


def printed(folder, page, number):
    """A page as a scanner at 150 dots an inch might see it."""
    picture = folder / f"scan-{number}.png"
    subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
         "--hide-scrollbars", "--force-device-scale-factor=1.5625", "--window-size=794,1123",
         f"--screenshot={picture}", page.as_uri()], check=True, capture_output=True, cwd=folder)
    image = Image.open(picture).convert("L").filter(ImageFilter.GaussianBlur(1))
    image = image.rotate(5, expand=True, fillcolor=255, resample=Image.BICUBIC)
    scan = folder / f"scan-{number}.jpg"
    image.save(scan, quality=75)
    return scan


def screenshots(folder, output):
    """A terminal's screen, drawn cell by cell: half blocks, black on white, on a dark desktop."""
    pictures, codes, lines = [], [], []
    for line in output.decode().split("\n"):
        if line.startswith("\x1b[38;2;0;0;0;48;2;255;255;255m"):
            lines.append(re.sub(r"\x1b\[[0-9;]*m", "", line))
    width = len(lines[0])
    height = (width + 1) // 2
    for start in range(0, len(lines), height):
        codes.append(lines[start:start + height])
    for number, code in enumerate(codes):
        image = Image.new("L", (width * 10 + 80, height * 20 + 80), 30)
        draw = ImageDraw.Draw(image)
        draw.rectangle((40, 40, 39 + width * 10, 39 + height * 20), fill=255)
        for y, line in enumerate(code):
            for x, cell in enumerate(line):
                left, top = 40 + x * 10, 40 + y * 20
                if cell in "█▀":
                    draw.rectangle((left, top, left + 9, top + 9), fill=0)
                if cell in "█▄":
                    draw.rectangle((left, top + 10, left + 9, top + 19), fill=0)
        picture = folder / f"terminal-{number}.png"
        image.save(picture)
        pictures.append(picture)
    return pictures


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        alice, newton = (Person(HEIRLOOM, folder, n) for n in ("alice", "newton"))
        card = folder / "newton.png"
        newton.run("identity", "show", "--qr-picture", card)
        alice.run("contact", "add", "newton", "--scan", card, "--user", "@newton:heirloom.test")
        check(newton.identity.encode() in alice.run("contact", "list", "--json").stdout,
              "an identity travels as a code")
        pin(newton, alice)

        sealed, codes, moving = folder / "sealed.heir", folder / "codes", folder / "moving.png"
        share(alice, "--qr", codes, "--qr-animated", moving, "-o", sealed)
        by_file = account(receive(newton, sealed))
        check(by_file["account"]["new"] == 12, "a window of 12 sessions travels as a file")

        pictures = sorted(codes.glob("part-*.png"))
        by_screen = account(receive(newton, "--scan", *reversed(pictures), *pictures[:2]))
        check(by_screen == by_file, f"as {len(pictures)} pictures, out of order, some twice")
        check(account(receive(newton, "--scan", moving)) == by_file, "as one moving picture")

        texts = [next(r.text for r in zxingcpp.read_barcodes(Image.open(p))) for p in pictures]
        check(payload(texts) == sealed.read_bytes(),
              "zxing-cpp reads the same codes, and they give the sealed file's bytes")

        pages = sorted(codes.glob("page-*.svg"))
        scans = [printed(folder, page, n) for n, page in enumerate(pages)]
        check(account(receive(newton, "--scan", *scans)) == by_file,
              "printed, scanned at 150 dpi, blurred and 5 degrees askew")
        page = pages[0].read_text()
        check(GARDEN not in page and "garden" not in page and "part 1 of" in page
              and "To restore" in page, "the page names no room, its parts, and how to restore")

        terminal = screenshots(folder, share(alice, "--qr", "-").stdout)
        check(account(receive(newton, "--scan", *terminal)) == by_file,
              f"as {len(terminal)} screenshots of a terminal")

        other = folder / "other"
        share(alice, "--qr", other)
        parts = sorted(other.glob("part-*.png"))
        short = newton.run(
            "receive", "--scan", *parts[:2], "--from", "alice", "--room", GARDEN, "--json",
            status=2)
        check(b"2 of %d codes" % len(parts) in short.stderr and b"parts not seen: 3" in short.stderr,
              "some missing: it says how many of how many, and which")
        kept = newton.home / "codes"
        check(kept.stat().st_mode & 0o777 == 0o600, "what was seen is kept, for its owner alone")
        (folder / "no.png").write_bytes(b"no picture")
        newton.run("receive", "--scan", parts[2], folder / "no.png", "--from", "alice", "--room",
                   GARDEN, status=4)
        check(account(receive(newton, "--scan", *parts[3:])) == by_file,
              "the rest completes them later, also what stood before a picture that is none")
        from_paths = subprocess.run(
            [HEIRLOOM, "receive", "--scan", "-", "--json", "--again", "--from", "alice", "--room",
             GARDEN], input="\n".join(map(str, pictures)).encode(), capture_output=True,
            env={"HEIRLOOM_HOME": str(newton.home)}, cwd=folder)
        check(from_paths.returncode == 0, "picture paths from standard input")
        mixed = newton.run(
            "receive", "--scan", *pictures, *parts, "--from", "alice", "--room", GARDEN, status=1)
        check(b"2 whole hand-overs" in mixed.stderr, "two hand-overs are never mixed")
    print(f"{person.checks} checks, all of them hold")


main()
