"""Writes qr-frames/cases.json: rows of QR frames, good and bad, with what a reader must say.

generate_qr.py [FOLDER]    Written from formats/qr-frames.md alone, by its own arithmetic; it shares no
code with Heirloom. Gives the same bytes every time.
"""

import base64
import hashlib
import json
import os
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(sys.argv[1] if len(sys.argv) > 1 else HERE, "qr-frames")
POLYNOMIAL = 0x1100B
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def multiply(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x10000:
            a ^= POLYNOMIAL
        b >>= 1
    return product


def inverse(a):
    """a to the power of 65,534: a field of 65,536 elements has no other inverse."""
    result, power = 1, 65534
    while power:
        if power & 1:
            result = multiply(result, a)
        a = multiply(a, a)
        power >>= 1
    return result


def noise(name, count):
    data = b""
    while len(data) < count:
        data += hashlib.sha256(f"{name}/{len(data)}".encode()).digest()
    return data[:count]


def transfer_id(payload):
    return hashlib.sha256(b"heirloom-qr-1" + payload).digest()[:8]


def parts(payload, k):
    length = -(-len(payload) // k)
    length += length % 2
    padded = payload + bytes(k * length - len(payload))
    return [padded[i * length:(i + 1) * length] for i in range(k)]


def parity(j, data):
    words = [[int.from_bytes(p[i:i + 2], "big") for i in range(0, len(p), 2)] for p in data]
    out = [0] * len(words[0])
    for i, part in enumerate(words):
        c = inverse((65535 - j) ^ i)
        for n, word in enumerate(part):
            out[n] ^= multiply(c, word)
    return b"".join(w.to_bytes(2, "big") for w in out)


def frame(payload, k, index, first=0x10, name=None, count=None, total=None, body=None, crc=None,
          at=None):
    data = parts(payload, k)
    body = body if body is not None else data[index] if index < k else parity(index - k, data)
    bytes_ = (bytes([first]) + (name if name is not None else transfer_id(payload))
              + (k if count is None else count).to_bytes(2, "big")
              + (index if at is None else at).to_bytes(2, "big")
              + (len(payload) if total is None else total).to_bytes(3, "big") + body)
    checksum = zlib.crc32(bytes_) if crc is None else crc
    return text(bytes_ + checksum.to_bytes(4, "big"))


def text(bytes_, prefix="HEIR1:"):
    return prefix + base64.b32encode(bytes_).decode().rstrip("=")


CASES = []


def case(name, expect, comment, frames, payload=None):
    entry = dict(name=name, expect=expect, comment=comment, frames=frames)
    if payload is not None:
        entry["payload"] = payload.hex()
    CASES.append(entry)


def main():
    one, some = noise("one", 20), noise("some", 101)
    row = [frame(some, 5, i) for i in range(12)]
    case("ok_one", "ok", "one code holds all", [frame(one, 1, 0)], one)
    case("ok_odd", "ok", "an odd length, padded by a byte", [frame(some[:21], 1, 0)], some[:21])
    case("ok_row", "ok", "five data parts in order", row[:5], some)
    case("ok_backwards", "ok", "the same, last first", row[4::-1], some)
    case("ok_repeated", "ok", "each three times", [f for f in row[:5] for _ in range(3)], some)
    case("ok_parity_one", "ok", "one part lost, one parity part", row[1:6], some)
    case("ok_parity_only", "ok", "parity parts alone", row[5:10], some)
    case("ok_mixed_parity", "ok", "two parts and three parity parts", [row[i] for i in (0, 3, 6, 9, 11)],
         some)
    case("ok_last_index", "ok", "the highest index", row[:4] + [frame(some, 5, 65535)], some)
    long = noise("long", 2000)
    wide = [frame(long, 40, i) for i in range(80)]
    case("ok_forty", "ok", "forty parts, every second of eighty frames", wide[::2], long)
    case("ok_other_beside", "ok", "frames of another row in between: one row is whole",
         [row[0], wide[0], row[1], wide[1], *row[2:5]], some)
    case("qr-01_missing", "incomplete", "one part short", row[:4])
    case("qr-01_missing_repeats", "incomplete", "one short, the others often", row[:4] * 5)
    other = noise("other", 101)
    mixed = [frame(other, 5, i) for i in range(5)]
    case("qr-02_mixed", "incomplete", "two rows of one shape, neither whole", row[:3] + mixed[3:])
    case("qr-03_count_0", "limit", "no part at all",
         [frame(one, 1, 0, count=0)])
    case("qr-03_count_1025", "limit", "1,025 parts", [frame(one, 1, 0, count=1025)])
    case("qr-03_count_65535", "limit", "65,535 parts", [frame(one, 1, 0, count=65535)])
    case("qr-03_total_0", "limit", "a payload of no byte", [frame(one, 1, 0, total=0)])
    case("qr-03_total_large", "limit", "a payload of 1 MiB and a byte",
         [frame(one, 1, 0, total=(1 << 20) + 1)])
    case("qr-03_total_max", "limit", "a payload of 16 MiB", [frame(one, 1, 0, total=(1 << 24) - 1)])
    case("qr-03_more_parts_than_bytes", "frame", "21 parts for 20 bytes",
         [frame(one, 1, 0, count=21, body=b"\0\0")])
    good, odd = frame(one, 1, 0), frame(some[:21], 1, 0)
    case("qr-04_lower_case", "armor", "lower case", ["HEIR1:" + good[6:].lower()])
    case("qr-04_padded", "armor", "an = at the end", [good + "="])
    case("qr-04_space", "armor", "a space inside", [good[:20] + " " + good[20:]])
    case("qr-04_digit_1", "armor", "a 1, which base32 has not", [good[:20] + "1" + good[21:]])
    case("qr-04_dangling", "armor", "a character left over",
         [text(noise("x", 25))[:6 + 40] + "A"])
    case("qr-04_unused_bits", "armor", "a bit set behind the last byte",
         [odd[:-1] + LETTERS[LETTERS.index(odd[-1]) + 1]])
    case("qr-04_line_feed", "armor", "a line feed at the end", [good + "\n"])
    case("qr-05_prefix", "frame", "another prefix", ["HRQ2:" + good[6:]])
    case("qr-05_no_prefix", "frame", "no prefix", [good[6:]])
    case("qr-05_identity", "frame", "an identity, which begins alike",
         ["HEIR1" + "QPZRY9X8" * 13 + "QP"])
    case("qr-05_version_2", "frame", "version 2", [frame(one, 1, 0, first=0x20)])
    case("qr-05_reserved", "frame", "a reserved bit", [frame(one, 1, 0, first=0x11)])
    case("qr-05_checksum", "frame", "a wrong checksum", [frame(one, 1, 0, crc=1)])
    flipped = bytearray(base64.b32decode(good[6:] + "=" * (-len(good[6:]) % 8)))
    flipped[18] ^= 1
    case("qr-05_bit", "frame", "a bit of the body is flipped", [text(bytes(flipped))])
    case("qr-05_short", "frame", "shorter than any frame", [text(noise("short", 15))])
    case("qr-05_body_short", "frame", "a body two bytes short", [frame(one, 1, 0, body=one[:18])])
    case("qr-05_body_long", "frame", "a body two bytes long",
         [frame(one, 1, 0, body=one + b"\0\0")])
    case("qr-05_too_long", "limit", "more characters than a code holds", ["HEIR1:" + "A" * 4291])
    case("qr-06_body_exchanged", "payload", "a part of another row under this row's name",
         row[:4] + [frame(some, 5, 4, body=parts(other, 5)[4])])
    case("qr-06_forged_id", "payload", "an id that is not the payload's",
         [frame(one, 1, 0, name=b"notmyid!")])
    case("qr-06_padding", "payload", "padding that is not zero",
         [frame(some[:21], 1, 0, body=some[:21] + b"\1")])
    case("qr-07_two_bodies", "conflict", "two contents for one part",
         [row[0], frame(some, 5, 0, body=parts(other, 5)[0])] + row[1:5])
    os.makedirs(OUT, exist_ok=True)
    with open(os.path.join(OUT, "cases.json"), "w", encoding="ascii") as file:
        json.dump(CASES, file, indent=1)
        file.write("\n")
    print(len(CASES), "cases")


main()
