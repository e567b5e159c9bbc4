"""How well spoilt pictures of codes are read: our command beside zxing-cpp, which reads the same.

codes.py HEIRLOOM [COUNT]    needs numpy and pillow. Prints the table of `formats/qr-frames.md`.
"""

import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy as np
import zxingcpp
from PIL import Image, ImageFilter

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEIRLOOM = str(pathlib.Path(sys.argv[1]).resolve())
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 20


def perspective(image, strength):
    w, h = image.size
    d = strength * w
    corners = [(random.uniform(0, d), random.uniform(0, d)) for _ in range(4)]
    target = [(corners[0][0], corners[0][1]), (w - corners[1][0], corners[1][1]),
              (w - corners[2][0], h - corners[2][1]), (corners[3][0], h - corners[3][1])]
    source = [(0, 0), (w, 0), (w, h), (0, h)]
    rows = []
    for (x, y), (u, v) in zip(target, source):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    flat = [c for p in source for c in p]
    return image.transform((w, h), Image.PERSPECTIVE, np.linalg.solve(rows, flat), Image.BICUBIC,
                           fillcolor=255)


def uneven(image):
    a = np.asarray(image, dtype=float)
    shade = np.linspace(1, 0.35, a.shape[1]) * np.linspace(1, 0.8, a.shape[0])[:, None]
    return Image.fromarray((a * shade).astype(np.uint8))


def noise(image, sd):
    a = np.asarray(image, dtype=float) + np.random.normal(0, sd, image.size[::-1])
    return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))


def jpeg(image, quality):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue()))


def photo(image):
    image = perspective(image, 0.05).rotate(
        random.uniform(-15, 15), expand=True, fillcolor=255, resample=Image.BICUBIC)
    return jpeg(noise(uneven(image.filter(ImageFilter.GaussianBlur(0.8))), 8), 75)


def turned(degrees):
    return lambda i: i.rotate(degrees, expand=True, fillcolor=255, resample=Image.BICUBIC)


SPOILING = [
    ("clean", lambda i: i), ("blur σ = 1 px", lambda i: i.filter(ImageFilter.GaussianBlur(1))),
    ("blur σ = 2 px", lambda i: i.filter(ImageFilter.GaussianBlur(2))),
    ("noise sd 40", lambda i: noise(i, 40)), ("JPEG 50", lambda i: jpeg(i, 50)),
    ("turned 5°", turned(5)), ("turned 15°", turned(15)),
    ("tilted 8 %", lambda i: perspective(i, 0.08)), ("uneven light", uneven),
    ("smaller × 0.6", lambda i: i.resize((int(i.width * .6), int(i.height * .6)), Image.BICUBIC)),
    ("photo", photo),
]


def run(folder, *arguments):
    return subprocess.run([HEIRLOOM, *map(str, arguments)], capture_output=True, cwd=folder,
                          stdin=subprocess.DEVNULL,
                          env={**os.environ, "HEIRLOOM_HOME": str(folder / "home")})


def main():
    random.seed(1)
    np.random.seed(1)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run(folder, "identity", "new", "--no-passphrase")
        me = run(folder, "identity", "show").stdout.decode().strip()
        (folder / "pass").write_text("flagged pass 2\n")
        print("| picture | low (v10) | normal (v18) | high (v25) | zxing-cpp, normal |")
        print("|---|---|---|---|---|")
        pictures = {}
        for density in ("low", "normal", "high"):
            out = folder / density
            run(folder, "share", "--yes", "--keys", ROOT / "Examples" / "alice.keys.txt",
                "--keys-passphrase-file", "pass", "--room", "!yJSbNihwXduhZwPJJb:heirloom.test",
                "--to", me, "--qr", out, "--qr-density", density)
            pictures[density] = sorted(out.glob("part-*.png"))
        for what, spoil in SPOILING:
            cells, peer = [], 0
            for density, files in pictures.items():
                read = 0
                for n in range(COUNT):
                    image = Image.open(files[n % len(files)]).convert("L")
                    # Four pixels a module, as a screen of middling size shows it.
                    image = image.resize((image.width * 4 // 6,) * 2, Image.NEAREST)
                    spoilt = spoil(image).convert("L")
                    spoilt.save(folder / "picture.png")
                    (folder / "home" / "codes").unlink(missing_ok=True)
                    told = run(folder, "receive", "--scan", "picture.png", "--from", me, "--room",
                               "!x:x", "--plan").stderr.decode()
                    read += "picture.png: 1 new" in told
                    if density == "normal":
                        peer += bool(zxingcpp.read_barcodes(spoilt))
                cells.append(f"{read} of {COUNT}")
            print(f"| {what} | {' | '.join(cells)} | {peer} of {COUNT} |", flush=True)


main()
