#!/usr/bin/env python3
"""Writes the test vectors beside this file: one case a file, always the same bytes.

An implementation of formats/sealed-file.md, bundle.md and identity.md of its own. It makes files,
good and bad; it never reads one. Needs `cryptography` and `PyNaCl`. Nothing here is for real
secrets: every key and every nonce is derived from a name.

    python3 generate.py            write the vectors into this folder
    python3 generate.py FOLDER     write them elsewhere
"""
import base64
import hashlib
import hmac
import os
import struct
import sys
import zlib
from datetime import datetime, timezone

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from nacl import bindings as sodium

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = sys.argv[1] if len(sys.argv) > 1 else HERE
CTX = b"heirloom/v1/"
MIB = 1 << 20
MINUTE, DAY = 60_000, 86_400_000
NOW = 1_795_435_200_000  # 2026-11-23T12:00:00Z
ROOM = "!winter-garden:example.org"


def u16(n): return struct.pack(">H", n)
def u32(n): return struct.pack(">I", n)
def u64(n): return struct.pack(">Q", n)
def h256(data, key=b""): return hashlib.blake2b(data, key=key, digest_size=32).digest()
def h512(data): return hashlib.blake2b(data).digest()
def string(text): return u16(len(raw(text))) + raw(text)
def raw(text): return text if isinstance(text, bytes) else text.encode()


class Random:
    """A stream of bytes that depends on a name and on nothing else."""

    def __init__(self, name):
        self.name, self.counter = name, 0

    def __call__(self, count):
        out = b""
        while len(out) < count:
            out += hashlib.sha256(f"heirloom vectors/{self.name}/{self.counter}".encode()).digest()
            self.counter += 1
        return out[:count]


# ── edwards25519, as much as the bad points need ─────────────────────────────────────────────────

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P)
    return x % P, y % P


def multiply(n, a):
    total = (0, 1)
    while n:
        if n & 1:
            total = add(total, a)
        a, n = add(a, a), n >> 1
    return total


def root_x(y, sign):
    """The x of a point, or None."""
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * pow(2, (P - 1) // 4, P) % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def encode(a): return (a[1] | (a[0] & 1) << 255).to_bytes(32, "little")


def decode(data):
    n = int.from_bytes(data, "little")
    y = n & (1 << 255) - 1
    return root_x(y, n >> 255), y


BASE = (root_x(4 * pow(5, P - 2, P) % P, 0), 4 * pow(5, P - 2, P) % P)


def order_eight():
    y = 2
    while True:
        x = root_x(y, 0)
        if x is not None:
            t = multiply(L, (x, y))
            if multiply(4, t) != (0, 1):
                return t
        y += 1


EIGHTH = order_eight()
SMALL_ORDER = [encode(multiply(n, EIGHTH)) for n in range(8)]
NOT_CANONICAL = next((y + P).to_bytes(32, "little") for y in range(2, 19) if root_x(y, 0))
MONTGOMERY_LOW = [bytes.fromhex(h) for h in (
    "00" * 32, "01" + "00" * 31,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")] + [
    (P + n).to_bytes(32, "little") for n in (-1, 0, 1)]


def mixed_order(public): return encode(add(decode(public), EIGHTH))


# ── identities ───────────────────────────────────────────────────────────────────────────────────

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32, BECH32M = 1, 0x2BC830A3


def checksum(hrp, values):
    chk = 1
    for v in [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp] + values:
        top = chk >> 25
        chk = (chk & 0x1FFFFFF) << 5 ^ v
        for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            chk ^= g if top >> i & 1 else 0
    return chk


def bech32(hrp, data, constant=BECH32, fill=0):
    """fill: what to put in the bits left over; anything but 0 is a fault."""
    bits, spare = int.from_bytes(data, "big"), -len(data) * 8 % 5
    bits = bits << spare | fill
    count = (len(data) * 8 + spare) // 5
    values = [bits >> 5 * i & 31 for i in reversed(range(count))]
    chk = checksum(hrp, values + [0] * 6) ^ constant
    values += [chk >> 5 * i & 31 for i in reversed(range(6))]
    return hrp + "1" + "".join(ALPHABET[v] for v in values)


class Identity:
    def __init__(self, name):
        self.x_seed, self.ed_seed = Random(name + "/x25519")(32), Random(name + "/ed25519")(32)
        self.x_secret = X25519PrivateKey.from_private_bytes(self.x_seed)
        self.ed_secret = Ed25519PrivateKey.from_private_bytes(self.ed_seed)
        self.x = self.x_secret.public_key().public_bytes_raw()
        self.ed = self.ed_secret.public_key().public_bytes_raw()
        self.heir = bech32("heir", self.x + self.ed, BECH32M)
        self.age = bech32("age", self.x)
        self.secret = bech32("age-secret-key-", self.x_seed).upper()

    def sign(self, message): return self.ed_secret.sign(message)


ALICE, BOB, CAROL, DAVE, MALLORY = map(Identity, ("alice", "bob", "carol", "dave", "mallory"))
WORDS = open(os.path.join(HERE, "..", "fingerprint-words.txt")).read().split()


def fingerprint(x, ed):
    n = int.from_bytes(h256(CTX + b"fingerprint\0" + x + ed), "big") >> 256 - 132
    words = " ".join(WORDS[n >> 11 * i & 2047] for i in reversed(range(12)))
    digits = f"{n:040d}"
    return words, " ".join(digits[i:i + 5] for i in range(0, 40, 5))


# ── inner container ──────────────────────────────────────────────────────────────────────────────

MANIFEST, DATA, PADDING, SINGLE, END = 1, 2, 3, 0x10, 0x7F


def audience_hash(bundle_id, x): return h256(CTX + b"audience\0" + x, key=bundle_id)


def manifest(case, **change):
    """A good handover manifest for Bob from Alice; keyword arguments put other things in it."""
    m = dict(suite=1, purpose=1, id=Random(case + "/id")(16), created=NOW - 5 * MINUTE,
             expires=None, user="@alice:example.org", device="HEIRLOOMAA", to=[BOB.x], hashes=None,
             count=None, room=ROOM, since=0, until=2**64 - 1, basis=2,
             event="$visibility:example.org", overrides=0, reason="", rest=b"")
    assert set(change) <= set(m), set(change) - set(m)
    m.update(change)
    if m["expires"] is None:
        m["expires"] = m["created"] + 30 * DAY
    hashes = m["hashes"]
    if hashes is None:
        hashes = sorted(audience_hash(m["id"], x) for x in m["to"])
    return b"".join((
        bytes([m["suite"], m["purpose"]]), m["id"], u64(m["created"]), u64(m["expires"]),
        string(m["user"]), string(m["device"]),
        bytes([len(hashes) if m["count"] is None else m["count"]]), *hashes,
        string(m["room"]), u64(m["since"]), u64(m["until"]), bytes([m["basis"]]),
        string(m["event"]), u32(m["overrides"]), string(m["reason"]), m["rest"]))


def sender(curve, ed, user, device): return curve + ed + string(user) + string(device)


PHONE, TABLET = Identity("alice's phone"), Identity("dave's tablet")  # stand in for Matrix devices
SENDERS = [sender(PHONE.x, PHONE.ed, "@alice:example.org", "HEIRLOOMAA"),
           sender(TABLET.x, TABLET.ed, "@dave:example.org", "")]


def export(rand, index=0, version=1, ed=None):
    ed = ed or Ed25519PrivateKey.from_private_bytes(rand(32)).public_key().public_bytes_raw()
    return bytes([version]) + u32(index) + rand(128) + ed


def session(key, flags=1, who=0): return bytes([1, flags]) + u16(who) + key
def withheld(key, code=1, who=0): return bytes([2, code]) + u16(who) + key
def session_id(record): return record[-32:]


def sessions(case, count, **change):
    rand = Random(case + "/sessions")
    flags, who = change.pop("flags", 1), change.pop("who", 0)
    made = [session(export(rand, **change), flags, who) for _ in range(count)]
    return sorted(made, key=session_id)


def data(records, senders=SENDERS, s=None, r=None, rest=b""):
    return (u16(len(senders) if s is None else s) + b"".join(senders)
            + u32(len(records) if r is None else r) + b"".join(records) + rest)


def signed_bytes(public, m, index, kind, body):
    return CTX + b"frame\0" + public + m + u64(index) + bytes([kind]) + h512(body)


def frame(kind, index, body, m, signer=ALICE, length=None, signature=None):
    if signature is None:
        signature = signer.sign(signed_bytes(signer.ed, m, index, kind, body))
    return bytes([kind]) + u32(len(body) if length is None else length) + body + signature


def padme(length):
    e = length.bit_length() - 1
    mask = (1 << e - e.bit_length()) - 1
    return length + mask & ~mask


def padding_bodies(unpadded):
    target = padme(unpadded)
    while 0 < target - unpadded < 69:
        target = padme(target + 1)
    gap = target - unpadded
    frames = -(-gap // (MIB + 69))
    left, bodies = gap - 69 * frames, []
    for _ in range(frames):
        bodies.append(bytes(min(MIB, left)))
        left -= len(bodies[-1])
    return bodies


def build(man, datas=(), signer=ALICE, padding=None, order=None, magic=b"heirloom", version=1,
          totals=(0, 0, 0), wrong_hash=False, end_cut=0):
    """[preamble, frame, frame, …], a good bundle unless told otherwise.

    padding: a list of bodies, or None for Padmé. order: the frames' (type, body) in another order,
    made from the usual list. totals: what to add to the end frame's three numbers.
    """
    preamble = magic + bytes([version]) + signer.ed
    m = h512(man)
    frames = [(MANIFEST, man)] + [(DATA, d) for d in datas]
    if padding is None:
        padding = padding_bodies(41 + sum(69 + len(b) for _, b in frames) + 69 + 88)
    frames += [(PADDING, b) for b in padding]
    if order:
        frames = order(frames)
    parts = [preamble]
    for i, (kind, body) in enumerate(frames):
        parts.append(frame(kind, i, body, bytes(64) if i == 0 else m, signer))
    count = [0, 0]
    for d in datas:
        for kind, _ in records_of(d):
            count[kind - 1] += 1
    digest = h512(b"".join(parts))
    if wrong_hash:
        digest = digest[:-1] + bytes([digest[-1] ^ 1])
    end = b"".join(u64(n + t) for n, t in zip((*count, len(frames)), totals)) + digest
    parts.append(frame(END, len(frames), end[:88 - end_cut], m, signer))
    return parts


def records_of(body):
    """The records of a data body that this program wrote, bad contents allowed."""
    at, found = 2, []
    for _ in range(struct.unpack_from(">H", body)[0]):
        at += 64
        for _ in range(2):
            if at + 2 > len(body):
                return []
            at += 2 + struct.unpack_from(">H", body, at)[0]
    if at + 4 > len(body):
        return []
    at += 4
    while at < len(body) and body[at] in (1, 2):
        size = 169 if body[at] == 1 else 36
        found.append((body[at], body[at:at + size]))
        at += size
    return found


# ── outer container ──────────────────────────────────────────────────────────────────────────────

def b64(data): return base64.b64encode(data).rstrip(b"=")


def hkdf(secret, salt, info):
    key = hmac.digest(salt or bytes(32), secret, "sha256")
    return hmac.digest(key, info + b"\x01", "sha256")


def stanza(kind, arguments, body):
    text = b64(body)
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    if not lines or len(lines[-1]) == 64:
        lines.append(b"")
    return b" ".join([b"->", kind, *arguments]) + b"\n" + b"".join(l + b"\n" for l in lines)


def x25519_stanza(file_key, recipient, rand, share=None, shared=None):
    if share is None:
        ephemeral = X25519PrivateKey.from_private_bytes(rand(32))
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    key = hkdf(shared, share + recipient, b"age-encryption.org/v1/X25519")
    body = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
    return stanza(b"X25519", [b64(share)], body)


def header(file_key, stanzas, mac_over=None):
    text = b"age-encryption.org/v1\n" + b"".join(stanzas) + b"---"
    mac = hmac.digest(hkdf(file_key, b"", b"header"), mac_over or text, "sha256")
    return text + b" " + b64(mac) + b"\n"


def chunk(key, counter, final, piece):
    nonce = counter.to_bytes(11, "big") + bytes([final])
    return ChaCha20Poly1305(key).encrypt(nonce, piece, None)


def payload(file_key, plaintext, rand, mend=None):
    """nonce and chunks; mend changes the list of chunks, given the payload key."""
    nonce = rand(16)
    key = hkdf(file_key, nonce, b"payload")
    pieces = [plaintext[i:i + 65536] for i in range(0, len(plaintext), 65536)] or [b""]
    chunks = [chunk(key, i, i == len(pieces) - 1, p) for i, p in enumerate(pieces)]
    return nonce + b"".join(mend(chunks, key, pieces) if mend else chunks)


def seal(case, plaintext, to=None, extra=None, mend=None):
    """An age file to the recipients; extra changes the list of stanzas, given the file key."""
    rand = Random(case + "/seal")
    file_key = rand(16)
    stanzas = [x25519_stanza(file_key, x, rand) for x in to or [BOB.x]]
    if extra:
        stanzas = extra(stanzas, file_key, rand)
    return header(file_key, stanzas) + payload(file_key, plaintext, rand, mend)


def armor(sealed, end=b"\n"):
    text = base64.b64encode(sealed)
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    lines = [b"-----BEGIN AGE ENCRYPTED FILE-----", *lines, b"-----END AGE ENCRYPTED FILE-----"]
    return b"".join(l + end for l in lines)


# ── cases ────────────────────────────────────────────────────────────────────────────────────────

LAYER = {c: l for l, names in {
    "seal": "armor header nomatch hmac payload",
    "bundle": "frame signer sig audience time replay room record limit",
    "verdict": "policy", "identity": "identity pass"}.items() for c in names.split()}
tally, used = {}, set()


def write(name, fields, content):
    assert name not in used and name == name.lower(), name
    used.add(name)
    tally[fields["expect"]] = tally.get(fields["expect"], 0) + 1
    head = "".join(f"{k}: {v}\n" for k, v in fields.items() if v is not None)
    with open(os.path.join(OUT, name), "wb") as file:
        file.write(head.encode() + b"\n" + content)


def sealed_case(name, expect, comment, content, layer=None, who=BOB, signer=ALICE.ed, room=ROOM,
                now=NOW, seen=None, other=None, datas=None):
    fields = dict(expect=expect, layer=layer or LAYER.get(expect), identity=who.secret,
                  signer=signer.hex(), room=room, now=now, seen=seen and seen.hex())
    if other:
        fields["other-identity"] = other.secret
    if expect == "ok":
        records = [r for d in datas for r in records_of(d)]
        fields["released"] = hashlib.sha256(b"".join(b for _, b in records)).hexdigest()
        fields["sessions"] = sum(kind == 1 for kind, _ in records)
        fields["withheld"] = sum(kind == 2 for kind, _ in records)
    write(name, {**fields, "comment": comment}, content)


def ok(name, comment, datas, man=None, content=None, padding=None, to=None, extra=None, **fields):
    if content is None:
        parts = build(man or manifest(name), datas, padding=padding)
        content = seal(name, b"".join(parts), to, extra)
    sealed_case(name, "ok", comment, content, datas=datas, **fields)


def bad(name, expect, comment, parts, to=None, **fields):
    """A fault inside: the bundle is parts joined, sealed without fault."""
    sealed_case(name, expect, comment, seal(name, b"".join(parts), to), **fields)


def small(name): return build(manifest(name), [data(sessions(name, 1))])


def good_cases():
    n = "ok-01_one_session"
    ok(n, "one recipient, one session, padded as a writer pads", [data(sessions(n, 1))])
    n = "ok-02_no_sessions"
    ok(n, "no data frame at all", [])
    n = "ok-03_32_recipients_ours_last"
    people = [Identity(f"reader {i}").x for i in range(31)] + [BOB.x]
    ok(n, "32 recipients, and the reader's stanza is the last", [data(sessions(n, 1))],
       manifest(n, to=people), to=people)
    n = "ok-04_grease_stanza"
    grease = lambda s, k, r: [stanza(b"joint-oil", [b"x", b"%d"], r(100)), *s,
                              stanza(b"!", [], b""), stanza(b"empty-last-line", [], r(48))]
    ok(n, "stanzas of unknown types before and after ours", [data(sessions(n, 1))], extra=grease)
    n = "ok-05_withheld"
    mixed = sessions(n, 2) + [withheld(Random(f"{n}/{i}")(32), i, 1) for i in (1, 2, 3)]
    ok(n, "two sessions and three withheld ones, all three codes",
       [data(sorted(mixed, key=session_id))])
    n = "ok-06_two_frames_two_chunks"
    many = sessions(n, 400)
    ok(n, "400 sessions in two data frames, over more than one 64 KiB chunk",
       [data(many[:200]), data(many[200:])])
    n = "ok-07_unknown_origin"
    nobody = sender(bytes(32), bytes(32), "", "")
    ok(n, "the sender's keys, user and device are unknown", [data(sessions(n, 2), [nobody])])
    n = "ok-08_overrides"
    ok(n, "two of three sessions were handed over against the rules' advice",
       [data(sorted(sessions(n, 2, flags=0b1110) + sessions(n + "/plain", 1), key=session_id))],
       manifest(n, overrides=2, reason="Dave asked for them in the meeting of 3 May"))
    for i, (sizes, what) in enumerate((
            ([], "no padding frame"), ([0], "one empty padding frame"),
            ([1, 0, 2000], "three padding frames"),
            ([4096], "4,096 bytes of padding: allowed, though more than 15 %"))):
        n = f"ok-09_padding_{'abcd'[i]}"
        ok(n, what, [data(sessions(n, 1))], padding=[bytes(z) for z in sizes])
    n = "ok-10_padding_15_percent"
    datas = [data(sessions(n, 180))]
    base = len(b"".join(build(manifest(n), datas, padding=[b""])))
    ok(n, "the most padding a longer bundle may have", datas, padding=[bytes(15 * base // 85)])
    n = "ok-11_all_flags_high_index"
    ok(n, "every flag but the override, first index 2^24, sender without a device",
       [data(sessions(n, 1, flags=0b111, who=1, index=1 << 24))])
    n = "ok-12_window_and_empty_strings"
    ok(n, "a closed window, and every string that may be empty is empty", [data(sessions(n, 1))],
       manifest(n, user="", device="", event="", basis=0, since=NOW - 9 * DAY, until=NOW - 2 * DAY))
    n = "ok-13_text_beyond_ascii"
    ok(n, "identifiers in UTF-8, one of them 255 bytes long", [data(sessions(n, 1))],
       manifest(n, user="@ælfrīc:" + "é" * 122 + "a", device="📱 kitchen"))
    n = "ok-14_90_days"
    ok(n, "expires exactly 90 days after it was made, and is used in its last millisecond",
       [data(sessions(n, 1))], manifest(n, created=NOW - 90 * DAY, expires=NOW))
    n = "ok-15_other_bundle_seen"
    ok(n, "another bundle was seen before", [data(sessions(n, 1))], seen=Random(n + "/seen")(16))


def armor_cases():
    n = "arm-01_armored"
    d = [data(sessions(n, 1))]
    whole = armor(seal(n, b"".join(build(manifest(n), d))))
    ok(n, "the same file, armored", d, content=whole)
    ok("arm-02_armored_crlf_and_space", "CRLF line ends, white space before and after", d,
       content=b"\r\n \t\n" + whole.replace(b"\n", b"\r\n") + b"\r\n  \n")
    lines = whole.split(b"\n")
    for name, comment, text in (
            ("arm-03_text_after", "a line of text after the armor", whole + b"Kind regards\n"),
            ("arm-04_no_end_line", "the end line is missing", b"\n".join(lines[:-2]) + b"\n"),
            ("arm-05_long_line", "a line of 128 characters",
             b"\n".join([lines[0], lines[1] + lines[2], *lines[3:]])),
            ("arm-06_empty_line", "an empty line in the middle",
             b"\n".join([*lines[:3], b"", *lines[3:]])),
            ("arm-07_pem_header", "a PEM header line", b"\n".join(
                [lines[0], b"Comment: keys", b"", *lines[1:]])),
            ("arm-08_url_alphabet", "the alphabet of base64url",
             b"\n".join([lines[0], lines[1][:-2] + b"-_", *lines[2:]]))):
        sealed_case(name, "armor", comment, text)
    n = "arm-09_no_base64_padding"
    text, device = whole, ""
    while b"=\n" not in text:
        device += "A"
        text = armor(seal(n, b"".join(build(manifest(n, device=device), padding=[]))))
    sealed_case(n, "armor", "the padding of the last line is left out", text.replace(b"=", b""))


def outer_cases():
    n = "out-03_33_x25519_stanzas"
    sealed_case(n, "limit", "33 X25519 stanzas", layer="seal", content=seal(
        n, b"".join(small(n)), [Identity(f"reader {i}").x for i in range(32)] + [BOB.x]))
    n = "out-04_header_33_kib"
    sealed_case(n, "limit", "a header of 33 KiB, nearly all of it one unknown stanza", layer="seal",
                content=seal(n, b"".join(small(n)), extra=lambda s, k, r: [
                    stanza(b"vast", [], r(24_800)), *s]))
    n = "out-06_65_stanzas"
    sealed_case(n, "limit", "65 stanzas, 64 of them of an unknown type", layer="seal",
                content=seal(n, b"".join(small(n)), extra=lambda s, k, r: [
                    *(stanza(b"grease", [], b"") for _ in range(64)), *s]))
    for name, expect, comment, mine in (
            ("out-07_two_file_keys_first_good", "ok", "two stanzas for us with different file keys,"
             " the first one is the file's", 0),
            ("out-08_two_file_keys_second_good", "hmac",
             "the same, but only the second is the file's", 1)):
        def twice(s, k, r, mine=mine):
            return [*s, x25519_stanza(r(16), BOB.x, r)][::1 if mine == 0 else -1]
        d = [data(sessions(name, 1))]
        content = seal(name, b"".join(build(manifest(name), d)), extra=twice)
        sealed_case(name, expect, comment, content, datas=d)
    n = "out-09_scrypt_beside_x25519"
    sealed_case(n, "header", "a scrypt stanza must stand alone", seal(
        n, b"".join(small(n)), extra=lambda s, k, r: [
            *s, stanza(b"scrypt", [b64(r(16)), b"10"], r(32))]))
    for i, point in enumerate(MONTGOMERY_LOW):
        for top in (0, 1):
            n = f"out-10_low_order_share_{i + 1}{'ab'[top]}"
            share = point[:31] + bytes([point[31] | top << 7])
            sealed_case(n, "header", "a share of low order" + (", top bit set" if top else ""),
                        seal(n, b"".join(small(n)), extra=lambda s, k, r: [
                            x25519_stanza(k, BOB.x, r, share, bytes(32))]))
    for letter, comment in (("a", "the top bit of the share is set, and was when it was sealed"),
                            ("b", "the share is 9 + p, and was when it was sealed")):
        n = f"out-11_share_not_canonical_{letter}"

        def odd(s, k, r, letter=letter):
            if letter == "b":
                return [x25519_stanza(k, BOB.x, r, (9 + P).to_bytes(32, "little"), BOB.x)]
            secret = X25519PrivateKey.from_private_bytes(r(32))
            share = bytearray(secret.public_key().public_bytes_raw())
            share[31] |= 0x80
            shared = secret.exchange(X25519PublicKey.from_public_bytes(BOB.x))
            return [x25519_stanza(k, BOB.x, r, bytes(share), shared)]
        ok(n, comment, [data(sessions(n, 1))], extra=odd)
    n = "out-12_file_key_of_17_bytes"
    sealed_case(n, "header", "the stanza's body is 33 bytes", seal(
        n, b"".join(small(n)), extra=lambda s, k, r: [x25519_stanza(k + b"\0", BOB.x, r)]))
    n = "out-13_somebody_else"
    sealed_case(n, "nomatch", "sealed to Carol", seal(n, b"".join(small(n)), [CAROL.x]))
    n = "out-14_header_crlf"
    whole = seal(n, b"".join(small(n)))
    head = whole.index(b"\n", whole.index(b"\n---") + 1) + 1
    sealed_case(n, "header", "the header's lines end with CRLF",
                whole[:head].replace(b"\n", b"\r\n") + whole[head:])
    n = "out-15_stanza_not_under_mac"
    rand = Random(n)
    key, one = rand(16), None
    one = x25519_stanza(key, BOB.x, rand)
    two = x25519_stanza(key, CAROL.x, rand)
    inner = b"".join(small(n))
    sealed_case(n, "hmac", "the MAC was made before the second stanza was put in", header(
        key, [one, two], b"age-encryption.org/v1\n" + one + b"---") + payload(key, inner, rand))
    n = "out-16_bit_flipped"
    whole = seal(n, b"".join(small(n)))
    head = whole.index(b"\n", whole.index(b"\n---") + 1) + 1
    share = whole.index(b"X25519 ") + 8

    def flip(at, bit=1): return whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1:]
    for letter, expect, comment, content in (
            ("a_version", "header", "a bit of the version line", flip(20)),
            ("b_wrapped_key", "nomatch", "a character of the wrapped file key",
             swap64(whole, share + 45)),
            ("c_mac", "hmac", "a character of the MAC", swap64(whole, head - 30)),
            ("d_nonce", "payload", "a bit of the payload's nonce", flip(head + 3)),
            ("e_chunk", "payload", "a bit of the first chunk", flip(head + 99)),
            ("f_tag", "payload", "the last bit of the file", flip(len(whole) - 1, 128))):
        sealed_case(f"{n}_{letter}", expect, comment, content)
    for letter, expect, comment, size in (
            ("a_header", "header", "cut inside the header", 100),
            ("b_nonce", "header", "cut inside the payload's nonce", head + 9),
            ("c_chunk", "payload", "cut inside the only chunk", head + 300),
            ("d_no_chunk", "payload", "cut after the nonce", head + 16)):
        sealed_case(f"out-17_cut_{letter}", expect, comment, whole[:size])
    n = "out-18_chunks_exchanged"
    long = build(manifest(n), [data(sessions(n, 1200))])
    sealed_case(n, "payload", "the second and third chunk of four change places", seal(
        n, b"".join(long), mend=lambda c, k, p: [c[0], c[2], c[1], *c[3:]]))

    def exactly_one_chunk(name):
        datas = [data(sessions(name, 360))]
        room = 65536 - len(b"".join(build(manifest(name), datas, padding=[b""])))
        inner = b"".join(build(manifest(name), datas, padding=[bytes(room)]))
        assert len(inner) == 65536
        return inner
    n = "out-19_no_final_flag"
    sealed_case(n, "payload", "a whole bundle of one full chunk, but its final flag is missing",
                seal(n, exactly_one_chunk(n), mend=lambda c, k, p: [chunk(k, 0, False, p[0])]))
    n = "out-20_byte_after_a_short_chunk"
    sealed_case(n, "payload", "one byte after the final chunk", seal(n, b"".join(small(n))) + b"\0")
    n = "out-20_byte_after_b_full_chunk"
    sealed_case(n, "payload", "one byte after a final chunk of 64 KiB",
                seal(n, exactly_one_chunk(n)) + b"\0")
    n = "out-21_second_file_after"
    one = seal(n, b"".join(small(n)))
    sealed_case(n, "payload", "the same file twice, one after the other", one + one)
    n = "out-22_empty_final_chunk"
    sealed_case(n, "payload", "a full chunk, then an empty final one", seal(
        n, exactly_one_chunk(n),
        mend=lambda c, k, p: [chunk(k, 0, False, p[0]), chunk(k, 1, True, b"")]))
    n = "out-27_gzip"
    whole = seal(n, b"".join(small(n)))
    stored = b"\x01" + struct.pack("<HH", len(whole), len(whole) ^ 0xFFFF) + whole
    sealed_case(n, "header", "a good file in a gzip file", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + stored
                + struct.pack("<II", zlib.crc32(whole), len(whole)))
    sealed_case("out-27_zstd", "header", "a good file in a zstd frame",
                b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(whole))
                + struct.pack("<I", len(whole) << 3 | 1)[:3] + whole)
    for letter, comment, plaintext in (
            ("a_pdf", "the start of a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
            ("b_key_export", "a Matrix key export", b"-----BEGIN MEGOLM SESSION DATA-----\n"
             b"AXNhbHRzYWx0\n-----END MEGOLM SESSION DATA-----\n"),
            ("c_age", "another age file", whole), ("d_nothing", "nothing", b"")):
        n = f"out-29_holds_{letter}"
        sealed_case(n, "frame", f"a good age file that holds {comment}", seal(n, plaintext))


def swap64(data, at):
    """Another base64 character in the place of this one."""
    return data[:at] + (b"B" if data[at:at + 1] != b"B" else b"C") + data[at + 1:]


def signature_cases():
    n = "sig-01_record_rewritten"
    parts = small(n)
    body = bytearray(parts[2])
    body[-64 - 100] ^= 1
    bad(n, "sig", "a co-recipient changed one byte of a ratchet and sealed it again",
        [*parts[:2], bytes(body), *parts[3:]])
    n = "sig-02_signed_again_by_another"
    bad(n, "signer", "a co-recipient signed everything again with a key of his own",
        build(manifest(n, to=[BOB.x, MALLORY.x]), [data(sessions(n, 1))], signer=MALLORY))

    def bare(public, man, signature):
        return [b"heirloom\x01" + public, frame(MANIFEST, 0, man, bytes(64), signature=signature)]
    for i, point in enumerate(SMALL_ORDER):
        n = f"sig-03_small_order_signer_{i + 1}"
        bad(n, "signer", f"the signer's key is {i} times a point of order 8; R = identity, S = 0",
            bare(point, manifest(n), SMALL_ORDER[0] + bytes(32)), signer=point)
    n = "sig-04_mixed_order_signer"
    mixed = Mixed(MALLORY)
    bad(n, "signer", "the signer's key has a part of order 8, and its signatures verify",
        build(manifest(n), [data(sessions(n, 1))], signer=mixed), signer=mixed.ed)
    n = "sig-05_signer_not_canonical"
    bad(n, "signer", "the signer's key has y >= p", bare(NOT_CANONICAL, manifest(n), bytes(64)),
        signer=NOT_CANONICAL)
    n = "sig-06_s_plus_l"
    parts = small(n)
    s = int.from_bytes(parts[2][-32:], "little") + L
    bad(n, "sig", "L is added to the S of the data frame's signature",
        [*parts[:2], parts[2][:-32] + s.to_bytes(32, "little"), *parts[3:]])
    n = "sig-07_zero_signature"
    parts = small(n)
    bad(n, "sig", "the data frame's signature is all zero",
        [*parts[:2], parts[2][:-64] + bytes(64), *parts[3:]])
    n = "sig-07_zero_manifest_signature"
    parts = small(n)
    bad(n, "sig", "the manifest's signature is all zero",
        [parts[0], parts[1][:-64] + bytes(64), *parts[2:]])
    n = "sig-08_frame_of_another_bundle"
    parts = build(manifest(n), [data(sessions(n, 1))])
    other = build(manifest(n + "/other"), [data(sessions(n, 1))])
    bad(n, "sig", "the data frame comes from another bundle of the same signer, body alike",
        [*parts[:2], other[2], *parts[3:]])

    def pair(name):
        all_of = sessions(name, 4)
        return build(manifest(name), [data(all_of[:2]), data(all_of[2:])])
    n = "sig-09_frames_exchanged"
    p = pair(n)
    bad(n, "sig", "the two data frames change places", [p[0], p[1], p[3], p[2], *p[4:]])
    n = "sig-10_frame_twice"
    p = pair(n)
    bad(n, "sig", "the second data frame stands there twice", [*p[:4], p[3], *p[4:]])
    n = "sig-11_frame_removed"
    p = pair(n)
    bad(n, "sig", "the first data frame is missing", [*p[:2], *p[3:]])
    n = "sig-12_last_data_frame_removed"
    p = pair(n)
    bad(n, "sig", "the last data frame is missing, the end frame is the old one",
        [*p[:3], p[-1]])
    n = "sig-13_no_end_frame"
    bad(n, "frame", "the end frame is missing", small(n)[:-1])
    n = "sig-14_two_end_frames"
    p = small(n)
    bad(n, "frame", "the end frame stands there twice", [*p, p[-1]])
    n = "sig-15_bytes_after_end"
    bad(n, "frame", "one byte after the end frame", [*small(n), b"\0"])
    n = "sig-16_no_manifest"
    p = small(n)
    bad(n, "frame", "the first frame is a data frame", [p[0], *p[2:]])
    n = "sig-17_two_manifests"
    bad(n, "frame", "a second manifest, signed for its place", build(
        manifest(n), [data(sessions(n, 1))],
        order=lambda f: [f[0], (MANIFEST, manifest(n)), *f[1:]]))
    for letter, totals in (("a", (1, 0, 0)), ("b", (0, 1, 0)), ("c", (0, 0, 1)), ("d", (-1, 0, 0))):
        n = f"sig-18_wrong_total_{letter}"
        bad(n, "frame", "a total of the end frame is off by one; signed",
            build(manifest(n), [data(sessions(n, 1))], totals=totals))
    n = "sig-19_wrong_hash"
    bad(n, "frame", "the end frame's hash is wrong; signed",
        build(manifest(n), [data(sessions(n, 1))], wrong_hash=True))
    for letter, kind, which in (("a", "manifest", 1), ("b", "data", 2)):
        n = f"sig-20_length_ffffffff_{letter}"
        p = small(n)
        p[which] = p[which][:1] + b"\xff" * 4 + p[which][5:]
        bad(n, "limit", f"the {kind} frame says it is 4 GiB long", p)
    n = "sig-20_manifest_4097"
    bad(n, "limit", "a manifest body of 4,097 bytes; signed",
        build(manifest(n) + bytes(4097 - len(manifest(n)))))
    n = "sig-20_data_262145"
    p = small(n)
    p[2] = p[2][:1] + u32(262_145) + p[2][5:]
    bad(n, "limit", "a data frame says that it is one byte longer than allowed", p)
    for letter, which, change in (("a", 1, 1), ("b", 1, -1), ("c", 2, 1), ("d", 2, -1)):
        n = f"sig-21_length_off_by_one_{letter}"
        p = small(n)
        p[which] = p[which][:1] + u32(len(p[which]) - 69 + change) + p[which][5:]
        bad(n, "sig", "a frame's length is off by one", p)
    n = "sig-21_end_of_87_bytes"
    bad(n, "frame", "an end frame of 87 bytes; signed",
        build(manifest(n), [data(sessions(n, 1))], end_cut=1))
    n = "sig-22_unknown_type"
    bad(n, "frame", "a frame of type 0x04; signed", build(
        manifest(n), [data(sessions(n, 1))], order=lambda f: [*f[:2], (4, b"later"), *f[2:]]))
    n = "sig-23_padding_not_zero"
    bad(n, "frame", "the last byte of the padding is 1; signed",
        build(manifest(n), [data(sessions(n, 1))], padding=[bytes(40) + b"\x01"]))
    n = "sig-24_padding_before_data"
    bad(n, "frame", "padding stands before data; signed", build(
        manifest(n), [data(sessions(n, 1))], order=lambda f: [f[0], f[2], f[1], *f[3:]]))
    n = "sig-25_padding_16_percent"
    datas = [data(sessions(n, 180))]
    base = len(b"".join(build(manifest(n), datas, padding=[b""])))
    bad(n, "limit", "16 % of the plaintext is padding; signed",
        build(manifest(n), datas, padding=[bytes(-(-16 * base // 84))]))
    n = "sig-25_padding_frame_too_long"
    p = build(manifest(n), [data(sessions(n, 1))], padding=[bytes(10)])
    p[3] = p[3][:1] + u32(MIB + 1) + p[3][5:]
    bad(n, "limit", "a padding frame says that it is one byte longer than 1 MiB", p)
    for name, comment, change in (("a_magic", "the magic is HEIRLOOM", dict(magic=b"HEIRLOOM")),
                                  ("b_version_2", "version 2", dict(version=2)),
                                  ("c_version_0", "version 0", dict(version=0))):
        n = f"sig-26_{name}"
        bad(n, "frame", comment, build(manifest(n), [data(sessions(n, 1))], **change))
    for name, change in (
            ("suite_0", dict(suite=0)), ("suite_2", dict(suite=2)),
            ("purpose_0", dict(purpose=0)), ("purpose_3", dict(purpose=3))):
        manifest_case(f"sig-27_{name}", "frame", f"{name.replace('_', ' ')}; signed", **change)
    n = "sig-28_single_frame_type"
    bad(n, "frame", "a frame of the reserved type 0x10; signed", build(
        manifest(n), [data(sessions(n, 1))],
        order=lambda f: [f[0], (SINGLE, f[1][1]), *f[2:]]))
    manifest_case("sig-29_byte_after_manifest", "frame", "one byte after the manifest's last field",
                  rest=b"\0")
    for name, comment, text in (
            ("overlong_utf8", "an overlong UTF-8 sequence", b"@al\xc0\xafice:example.org"),
            ("surrogate", "a lone surrogate", b"@al\xed\xa0\x80ice:example.org"),
            ("cut_utf8", "a UTF-8 sequence cut short", b"@alice:example.or\xc3"),
            ("nul", "a NUL", "@al\0ice:example.org"), ("esc", "an ESC", "@al\x1bice:example.org"),
            ("newline", "a line feed", "@al\nice:example.org"),
            ("del", "a DEL", "@al\x7fice:example.org"),
            ("c1", "a C1 control", "@al\x9bice:example.org"),
            ("bidi", "U+202E", "@al\u202eice:example.org"),
            ("isolate", "U+2066", "@al\u2066ice:example.org"),
            ("line_separator", "U+2028", "@al\u2028ice:example.org")):
        manifest_case(f"sig-30_{name}", "frame", f"{comment} in the user id; signed", user=text)
    for name, comment, change in (
            ("user_256_bytes", "a user id of 256 bytes", dict(user="@alice:" + "x" * 249)),
            ("user_without_at", "a user id without its @", dict(user="alice:example.org")),
            ("user_without_colon", "a user id without a colon", dict(user="@alice")),
            ("room_without_bang", "a room id without its !", dict(room=ROOM[1:])),
            ("room_empty", "an empty room id", dict(room="")),
            ("event_without_dollar", "an event id without its $", dict(event="visibility"))):
        manifest_case(f"sig-31_{name}", "frame", f"{comment}; signed", **change)
    for name, comment, change in (
            ("window_backwards", "a window that ends before it starts",
             dict(since=NOW, until=NOW - 1)),
            ("visibility_5", "visibility basis 5", dict(basis=5)),
            ("overrides_without_reason", "overrides, but no reason", dict(overrides=1)),
            ("reason_without_overrides", "a reason, but no overrides", dict(reason="as agreed")),
            ("archive_tail_in_handover", "an archive's 72 bytes in a handover",
             dict(rest=bytes(72)))):
        manifest_case(f"frm-01_{name}", "frame", f"{comment}; signed", **change)
    n = "frm-02_override_count"
    bad(n, "frame", "the manifest counts two overrides, the records have one; signed", build(
        manifest(n, overrides=2, reason="as agreed"), [data(sessions(n, 1, flags=0b1001))]))
    n = "frm-03_unannounced_override"
    bad(n, "frame", "the manifest counts no override, a record has one; signed",
        build(manifest(n), [data(sessions(n, 1, flags=0b1001))]))
    one = sessions("frm", 1)
    for name, comment, body in (
            ("no_records", "a data frame without records", data([])),
            ("unknown_record_type", "a record of type 3", data([b"\x03" + one[0][1:]])),
            ("byte_after_records", "one byte after the last record", data(one, rest=b"\0")),
            ("record_cut_short", "the last record is one byte short", data([one[0][:-1]])),
            ("more_records_promised", "two records promised, one there", data(one, r=2)),
            ("esc_in_sender", "an ESC in a sender's device id",
             data(one, [sender(PHONE.x, PHONE.ed, "@alice:example.org", "A\x1b[31m")])),
            ("sender_without_at", "a sender's user id without its @",
             data(one, [sender(PHONE.x, PHONE.ed, "alice:example.org", "")]))):
        n = f"frm-04_{name}"
        bad(n, "frame", f"{comment}; signed", build(manifest(n), [body]))
    for name, comment, keep in (("preamble", "the plaintext ends in the preamble", 20),
                                ("manifest", "the plaintext ends in the manifest", 150),
                                ("signature", "the plaintext ends in a signature", -1)):
        n = f"frm-05_ends_in_{name}"
        p = small(n)
        bad(n, "frame", comment, [b"".join(p[:2])[:keep]])


def manifest_case(name, expect, comment, **change):
    bad(name, expect, comment, build(manifest(name, **change), [data(sessions(name, 1))]))


class Mixed:
    """A signer whose public key is a·B plus a point of order 8. Its signatures verify wherever
    the equation is tested without the cofactor: R is drawn again until k is a multiple of 8."""

    def __init__(self, base):
        digest = hashlib.sha512(base.ed_seed).digest()
        scalar = bytearray(digest[:32])
        scalar[0] &= 248
        scalar[31] = scalar[31] & 63 | 64
        self.a = int.from_bytes(scalar, "little")
        self.ed = mixed_order(base.ed)

    def sign(self, message):
        rand = Random("mixed/" + message.hex())
        while True:
            r = int.from_bytes(rand(64), "little") % L
            big_r = encode(multiply(r, BASE))
            k = int.from_bytes(hashlib.sha512(big_r + self.ed + message).digest(), "little") % L
            if k % 8 == 0:
                return big_r + ((r + k * self.a) % L).to_bytes(32, "little")


def binding_cases():
    n = "aud-01_sealed_on_to_another"
    bad(n, "audience", "Bob opened it and sealed the same plaintext to Carol", small(n),
        to=[CAROL.x], who=CAROL)
    manifest_case("aud-02_empty", "frame", "an empty audience; signed", to=[])
    manifest_case("aud-02_33", "frame", "an audience of 33; signed",
                  to=[Identity(f"reader {i}").x for i in range(32)] + [BOB.x])
    n = "aud-03_unsorted"
    bundle_id = Random(n + "/id")(16)
    hashes = sorted(audience_hash(bundle_id, x.x) for x in (BOB, CAROL))
    manifest_case(n, "frame", "the audience is not ascending; signed", hashes=hashes[::-1])
    n = "aud-03_twice"
    bundle_id = Random(n + "/id")(16)
    manifest_case(n, "frame", "the same hash twice; signed",
                  hashes=[audience_hash(bundle_id, BOB.x)] * 2)
    n = "aud-04_hash_under_another_id"
    manifest_case(n, "audience", "our hash, but made with another bundle id; signed",
                  hashes=[audience_hash(Random(n + "/other")(16), BOB.x)])
    n = "aud-05_our_other_identity"
    bad(n, "audience", "sealed to one of the reader's identities, addressed to the other",
        build(manifest(n, to=[CAROL.x]), [data(sessions(n, 1))]), other=CAROL)

    def timed(name, expect, comment, now=NOW, **change):
        d = [data(sessions(name, 1))]
        content = seal(name, b"".join(build(manifest(name, **change), d)))
        sealed_case(name, expect, comment, content, now=now, datas=d)
    timed("tim-01_11_minutes_ahead", "time", "made 11 minutes from now", created=NOW + 11 * MINUTE)
    timed("tim-01_10_minutes_and_1_ms", "time", "made 10 minutes and 1 ms from now",
          created=NOW + 10 * MINUTE + 1)
    timed("tim-02_9_minutes_ahead", "ok", "made 9 minutes from now", created=NOW + 9 * MINUTE)
    timed("tim-02_10_minutes_ahead", "ok", "made 10 minutes from now", created=NOW + 10 * MINUTE)
    timed("tim-03_expired", "time", "expired one millisecond ago", created=NOW - DAY,
          expires=NOW - 1)
    timed("tim-04_expires_before_created", "frame", "expires before it was made; signed",
          created=NOW, expires=NOW - 1)
    timed("tim-04_91_days", "limit", "expires 91 days after it was made; signed",
          expires=NOW - 5 * MINUTE + 91 * DAY)
    timed("tim-04_90_days_and_1_ms", "limit", "expires 90 days and 1 ms after it was made; signed",
          expires=NOW - 5 * MINUTE + 90 * DAY + 1)
    timed("tim-04_never", "frame", "a handover that never expires; signed", expires=0)
    timed("tim-04_end_of_time", "limit", "expires at 2^64 - 1; signed", expires=2**64 - 1)
    timed("tim-05_clock_in_2023", "time", "the reader's clock stands before 2024",
          now=1_704_067_199_999)

    n = "rep-01_seen"
    bad(n, "replay", "the bundle id was seen before", small(n), seen=Random(n + "/id")(16))
    n = "rep-03_same_id_other_content"
    bad(n, "replay", "the id of rep-01 with other content, same signer",
        build(manifest(n, id=Random("rep-01_seen/id")(16)), [data(sessions(n, 1))]),
        seen=Random("rep-01_seen/id")(16))
    manifest_case("rom-01_other_room", "room", "the manifest names another room; signed",
                  room="!kitchen:example.org")
    for name, comment, room in (("case", "a capital letter", "!Winter-garden:example.org"),
                                ("space", "a space at the end", ROOM + " "),
                                ("lookalike", "a Cyrillic letter", ROOM.replace("a", "\u0430", 1))):
        manifest_case(f"rom-02_{name}", "room", f"the room id differs by {comment}; signed",
                      room=room)
    n = "arc-01_archive_segment"
    tail = u64(0) + bytes(32) + DAVE.ed
    sealed_case(n, "policy", "a well-formed archive segment, given to a handover's reader",
                seal(n, b"".join(build(manifest(n, purpose=2, expires=0, rest=tail),
                                       [data(sessions(n, 1))]))))


def record_cases():
    def record(name, expect, comment, *bodies):
        bad(name, expect, f"{comment}; signed", build(manifest(name), bodies))

    def made(name, **change): return data(sessions(name, 1, **change))
    n = "rec-01_export_version_2"
    record(n, "record", "the version byte of an export is 2", made(n, version=2))
    n = "rec-01_export_version_0"
    record(n, "record", "the version byte of an export is 0", made(n, version=0))
    for name, comment, point in (
            ("identity", "the identity", SMALL_ORDER[0]), ("order_8", "of order 8", SMALL_ORDER[1]),
            ("ff", "all ones", b"\xff" * 32), ("mixed", "of mixed order", mixed_order(DAVE.ed)),
            ("not_canonical", "not canonical", NOT_CANONICAL)):
        n = f"rec-02_{name}"
        record(n, "record", f"the key inside an export is {comment}", made(n, ed=point))
    for name, index in (("2_24_plus_1", (1 << 24) + 1), ("2_32_minus_1", 2**32 - 1)):
        n = f"rec-03_index_{name}"
        record(n, "limit", "a first index above 2^24", made(n, index=index))
    n = "rec-04_not_ascending"
    record(n, "record", "two sessions, not ascending", data(sessions(n, 2)[::-1]))
    n = "rec-04_twice"
    record(n, "record", "the same session twice", data(sessions(n, 1) * 2))
    n = "rec-04_not_ascending_over_frames"
    two = sessions(n, 2)
    record(n, "record", "ascending in each frame, not over both", data(two[1:]), data(two[:1]))
    n = "rec-05_session_and_withheld"
    one = sessions(n, 1)
    record(n, "record", "a session is handed over and withheld",
           data([one[0], withheld(session_id(one[0]))]))
    for name, who, senders in (("2_of_2", 2, SENDERS), ("65535", 65535, SENDERS),
                               ("0_of_0", 0, [])):
        n = f"rec-06_sender_{name}"
        record(n, "record", "a sender index that is not in the table",
               data(sessions(n, 1, who=who), senders))
    for bit in (4, 7):
        n = f"rec-07_flag_bit_{bit}"
        record(n, "record", "an undefined flag", made(n, flags=1 << bit))
    for code in (0, 4):
        n = f"rec-07_withheld_code_{code}"
        record(n, "record", "an undefined code", data([withheld(Random(n)(32), code)]))
    for name, comment, curve, ed in (
            ("curve_low_order", "curve25519 key is of low order", MONTGOMERY_LOW[2], DAVE.ed),
            ("curve_not_canonical", "curve25519 key is p + 9", (9 + P).to_bytes(32, "little"),
             DAVE.ed),
            ("curve_top_bit", "curve25519 key has its top bit set",
             DAVE.x[:31] + bytes([DAVE.x[31] | 128]), DAVE.ed),
            ("ed_order_8", "ed25519 key is of order 8", DAVE.x, SMALL_ORDER[3]),
            ("ed_mixed", "ed25519 key is of mixed order", DAVE.x, mixed_order(DAVE.ed)),
            ("ed_not_canonical", "ed25519 key is not canonical", DAVE.x, NOT_CANONICAL)):
        n = f"rec-08_{name}"
        record(n, "record", f"a sender's {comment}",
               data(sessions(n, 1), [sender(curve, ed, "@dave:example.org", "")]))
    n = "rec-10_4097_senders"
    record(n, "limit", "a frame promises 4,097 senders", data(sessions(n, 1), s=4097))


# ── identities as text ───────────────────────────────────────────────────────────────────────────

PASSPHRASE = "correct horse battery staple"
CREATED = NOW - 40 * DAY + 123


def comment_line(public, created=CREATED):
    stamp = datetime.fromtimestamp(created // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"# {public} created {stamp}\n"


def identity_text(body, public, mark="HEIRLOOM-IDENTITY-V1"):
    return (comment_line(public) + mark + "\n" + base64.b64encode(body).decode() + "\n").encode()


def protected(name, who, passes=2, kib=65536, derive=True, kdf=2):
    rand = Random(name + "/file")
    head = bytes([1, kdf]) + u32(passes) + u32(kib) + rand(16) + rand(24)
    if derive:
        keys = sodium.crypto_pwhash_alg(64, PASSPHRASE.encode(), head[10:26], passes, kib * 1024,
                                        sodium.crypto_pwhash_ALG_ARGON2ID13)
    else:
        keys = rand(64)
    head += keys[32:]
    secret = who.x_seed + who.ed_seed + u64(CREATED)
    return head + sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
        secret, head + who.x + who.ed, head[26:50], keys[:32])


def identity_cases():
    def file(name, expect, comment, text, who=None, passphrase=PASSPHRASE):
        fields = dict(kind="identity-file", expect=expect,
                      layer=None if expect == "ok" else "identity", passphrase=passphrase)
        if who:
            fields.update({"public": who.heir, "identity": who.secret,
                           "signing-seed": who.ed_seed.hex(), "created": CREATED})
        write(name, {**fields, "comment": comment}, text)

    def public(name, expect, comment, text, **fields):
        write(name, dict(kind="public-identity", expect=expect,
                         layer=None if expect == "ok" else "identity", **fields, comment=comment),
              text.encode() + b"\n")

    good = protected("idn-00", BOB)
    file("idn-00_protected", "ok", "under a passphrase", identity_text(good, BOB.heir), BOB)
    plain = b"\x01\x00" + BOB.x_seed + BOB.ed_seed + u64(CREATED)
    file("idn-00_unprotected", "ok", "without a passphrase", identity_text(plain, BOB.heir), BOB,
         None)
    for who in (ALICE, BOB):
        words, digits = fingerprint(who.x, who.ed)
        n = "alice" if who is ALICE else "bob"
        public(f"idn-00_heir_{n}", "ok", "a public identity, with its fingerprint", who.heir,
               x25519=who.x.hex(), ed25519=who.ed.hex(), age=who.age, words=words, digits=digits)
    public("idn-00_heir_upper", "ok", "in capitals, as QR codes like it", BOB.heir.upper(),
           x25519=BOB.x.hex(), ed25519=BOB.ed.hex())
    public("idn-00_age", "ok", "the half one can seal to", BOB.age, x25519=BOB.x.hex())
    file("idn-01_wrong_passphrase", "pass", "the passphrase is another one",
         identity_text(good, BOB.heir), passphrase="correct horse battery stable")
    for name, expect, at in (
            ("version", "identity", 0), ("passes", "pass", 5), ("memory", "pass", 9),
            ("salt", "pass", 10), ("nonce", "identity", 26), ("check_value", "pass", 50),
            ("secret", "identity", 82), ("tag", "identity", 169)):
        body = bytearray(good)
        body[at] ^= 1
        file(f"idn-02_{name}", expect, f"the last bit of byte {at} is flipped",
             identity_text(bytes(body), BOB.heir))
    for name, passes, kib in (("memory_4_tib", 2, 2**32 - 1), ("memory_above_1_gib", 2, MIB + 1),
                              ("memory_63_mib", 2, 63 * 1024), ("passes_0", 0, 65536),
                              ("passes_1", 1, 65536), ("passes_11", 11, 65536),
                              ("passes_2_32_minus_1", 2**32 - 1, 65536)):
        n = f"idn-03_{name}"
        file(n, "limit", "to be refused before any work is done",
             identity_text(protected(n, BOB, passes, kib, derive=False), BOB.heir))
    for kdf in (1, 3):
        n = f"idn-04_kdf_{kdf}"
        file(n, "identity", "a key derivation that is not known",
             identity_text(protected(n, BOB, derive=False, kdf=kdf), BOB.heir))
    file("idn-05_other_public_line", "identity", "the public line is Carol's",
         identity_text(good, CAROL.heir))
    file("idn-05_other_public_line_unprotected", "identity",
         "the public line is Carol's, no passphrase", identity_text(plain, CAROL.heir),
         passphrase=None)
    text = identity_text(good, BOB.heir)
    for name, comment, content in (
            ("mark", "the second line says V2",
             identity_text(good, BOB.heir, "HEIRLOOM-IDENTITY-V2")),
            ("no_public_line", "the first line is missing", text[text.index(b"\n") + 1:]),
            ("line_after", "a fourth line", text + b"\n"),
            ("crlf", "CRLF line ends", text.replace(b"\n", b"\r\n")),
            ("cut", "the body is one byte short", identity_text(good[:-1], BOB.heir)),
            ("base64_unpadded", "the body's base64 has lost its padding",
             text.replace(b"=", b"")),
            ("base64_not_canonical", "a spare bit of the body's base64 is set",
             spare_bit_set(text))):
        file(f"idn-06_{name}", "identity", comment, content)
    i = 0
    while not (who := Identity(f"ends in p {i}")).age.endswith("p"):
        i += 1
    public("idn-07_age_q_inserted", "identity", "a q before the final p: the checksum still holds",
           who.age[:-1] + "qp")
    letter = next(c for c in BOB.age[20:] if c.isalpha())
    public("idn-07_age_mixed_case", "identity", "one capital letter",
           BOB.age[:20] + BOB.age[20:].replace(letter, letter.upper(), 1))
    public("idn-07_age_31_bytes", "identity", "31 bytes", bech32("age", BOB.x[:31]))
    public("idn-07_age_33_bytes", "identity", "33 bytes", bech32("age", BOB.x + b"\0"))
    public("idn-07_age_bech32m", "identity", "the checksum of Bech32m",
           bech32("age", BOB.x, BECH32M))
    public("idn-07_age_spare_bits", "identity", "the bits left over are not zero",
           bech32("age", BOB.x, fill=1))
    public("idn-07_heir_bech32", "identity", "the checksum of Bech32",
           bech32("heir", BOB.x + BOB.ed))
    public("idn-07_heir_spare_bits", "identity", "the bits left over are not zero",
           bech32("heir", BOB.x + BOB.ed, BECH32M, fill=1))
    public("idn-07_heir_x_half_only", "identity", "32 bytes", bech32("heir", BOB.x, BECH32M))
    rand = Random("idn-08")
    for wrong in (1, 2, 3, 4):
        text = list(BOB.heir)
        for at in {6 + int.from_bytes(rand(4), "big") % 100 for _ in range(wrong)}:
            text[at] = ALPHABET[(ALPHABET.index(text[at]) + 1 + rand(1)[0] % 31) % 32]
        public(f"idn-08_heir_{wrong}_wrong", "identity", "wrong characters", "".join(text))
    top = BOB.x[:31] + bytes([BOB.x[31] | 128])
    for name, comment, x, ed in (
            ("x_zero", "the X25519 half is 0", bytes(32), BOB.ed),
            ("x_order_8", "the X25519 half is of order 8", MONTGOMERY_LOW[2], BOB.ed),
            ("x_not_canonical", "the X25519 half is p + 9", (9 + P).to_bytes(32, "little"), BOB.ed),
            ("x_top_bit", "the X25519 half has its top bit set", top, BOB.ed),
            ("ed_identity", "the Ed25519 half is the identity", BOB.x, SMALL_ORDER[0]),
            ("ed_order_8", "the Ed25519 half is of order 8", BOB.x, SMALL_ORDER[1]),
            ("ed_mixed", "the Ed25519 half is of mixed order", BOB.x, mixed_order(BOB.ed)),
            ("ed_not_canonical", "the Ed25519 half has y >= p", BOB.x, NOT_CANONICAL)):
        public(f"idn-09_{name}", "identity", comment, bech32("heir", x + ed, BECH32M))
    public("idn-09_age_low_order", "identity", "an age string of order 8",
           bech32("age", MONTGOMERY_LOW[2]))
    public("idn-10_plugin", "identity", "a plugin's recipient", bech32("age1name", BOB.x))
    public("idn-10_path", "identity", "a path in the place of a plugin's name",
           bech32("age1../../bin/sh", BOB.x))
    public("idn-10_not_ascii", "identity", "a letter that only looks like an e",
           BOB.heir.replace("he", "h\u0435", 1))


def spare_bit_set(text):
    """170 bytes leave two spare bits before the = sign; set the lowest."""
    at = text.index(b"=") - 1
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return text[:at] + letters[letters.index(text[at:at + 1]) + 1:][:1] + text[at + 1:]


def request_cases():
    def parts(name, **change):
        rand = Random(name)
        base = dict(magic=b"heirgaps", version=b"\x01", signer=BOB.ed, made=u64(CREATED),
                    room=string(ROOM), user=string("@bob:example.org"),
                    gaps=[(rand(32), 3)], count=None, rest=b"")
        base.update(change)
        return base

    def body(p):
        gaps = b"".join(i + u32(n) for i, n in p["gaps"])
        count = u32(len(p["gaps"])) if p["count"] is None else p["count"]
        return (p["magic"] + p["version"] + p["signer"] + p["made"] + p["room"] + p["user"]
                + count + gaps + p["rest"])

    def signed(unsigned, who=BOB):
        return unsigned + who.sign(CTX + b"request\0" + h512(unsigned))

    def case(name, expect, comment, content, **fields):
        write(name, dict(kind="request", expect=expect,
                         layer=None if expect == "ok" else "bundle", **fields, comment=comment),
              content)

    def ids(name, count):
        rand = Random(name + "/ids")
        return sorted(rand(32) for _ in range(count))

    one = body(parts("gap-00_one"))
    case("gap-00_one", "ok", "one session, from message 3 on", signed(one), signer=BOB.ed.hex(),
         room=ROOM, user="@bob:example.org", created=CREATED, sessions=1)
    many = parts("gap-00_many", gaps=[(i, n) for n, i in enumerate(ids("gap-00", 40))],
                 user=string(""))
    case("gap-00_many", "ok", "forty sessions, no user named", signed(body(many)),
         signer=BOB.ed.hex(), room=ROOM, user="", created=CREATED, sessions=40)
    top = parts("gap-00_top", gaps=[(ids("gap-00_top", 1)[0], 1 << 24)])
    case("gap-00_top_index", "ok", "the highest index", signed(body(top)), signer=BOB.ed.hex(),
         room=ROOM, user="@bob:example.org", created=CREATED, sessions=1)
    case("gap-01_magic", "frame", "another magic", signed(body(parts("m", magic=b"heirgap5"))))
    case("gap-01_bundle_magic", "frame", "a bundle's magic",
         signed(body(parts("b", magic=b"heirloom"))))
    case("gap-01_version", "frame", "version 2", signed(body(parts("v", version=b"\x02"))))
    case("gap-01_short", "frame", "cut inside the key", one[:40])
    case("gap-02_other_signature", "sig", "signed by Mallory",
         signed(body(parts("s")), MALLORY))
    case("gap-02_no_context", "sig", "signed without the context",
         one + BOB.sign(h512(one)))
    case("gap-02_frame_context", "sig", "signed as a frame of a bundle",
         one + BOB.sign(CTX + b"frame\0" + h512(one)))
    for at, what in ((41, "the time"), (60, "the room"), (len(one) - 1, "the index")):
        changed = bytearray(signed(one))
        changed[at] ^= 1
        case(f"gap-02_byte_{at}", "sig", f"a bit of {what} is flipped", bytes(changed))
    case("gap-03_small_order", "signer", "a key of order 8",
         signed(body(parts("o", signer=SMALL_ORDER[1]))))
    case("gap-03_mixed_order", "signer", "a key of mixed order",
         signed(body(parts("x", signer=mixed_order(BOB.ed)))))
    case("gap-04_no_room", "frame", "no room", signed(body(parts("r", room=string("")))))
    case("gap-04_bad_room", "frame", "a room id without its !",
         signed(body(parts("r", room=string("winter-garden:example.org")))))
    case("gap-04_bad_user", "frame", "a user id without its @",
         signed(body(parts("u", user=string("bob:example.org")))))
    case("gap-04_unprintable_user", "frame", "a user id that turns the line",
         signed(body(parts("u", user=string("@b\u202eob:example.org")))))
    case("gap-05_none", "frame", "no session", signed(body(parts("n", gaps=[]))))
    case("gap-05_count_above", "frame", "a count above what follows",
         signed(body(parts("c", count=u32(2)))))
    case("gap-05_count_below", "frame", "a count below what follows",
         signed(body(parts("c", gaps=[(i, 0) for i in ids("gap-05", 2)], count=u32(1)))))
    case("gap-05_trailing", "frame", "a byte behind the last session",
         signed(body(parts("t", rest=b"\0"))))
    case("gap-05_count_limit", "limit", "200,001 sessions are claimed",
         signed(body(parts("l", count=u32(200001)))))
    case("gap-05_count_max", "limit", "2^32 - 1 sessions are claimed",
         signed(body(parts("l", count=u32(2**32 - 1)))))
    pair = ids("gap-06", 2)
    case("gap-06_descending", "record", "the ids descend",
         signed(body(parts("d", gaps=[(pair[1], 0), (pair[0], 0)]))))
    case("gap-06_twice", "record", "a session twice",
         signed(body(parts("d", gaps=[(pair[0], 0), (pair[0], 1)]))))
    case("gap-07_index", "limit", "an index above 2^24",
         signed(body(parts("i", gaps=[(pair[0], (1 << 24) + 1)]))))


def receipt_cases():
    def body(magic=b"heirrcpt", version=b"\x01", signer=BOB.ed, taken=3, total=4):
        return (magic + version + signer + Random("receipt")(16) + u64(CREATED) + u32(taken)
                + u32(total))

    def signed(unsigned, who=BOB):
        return unsigned + who.sign(CTX + b"receipt\0" + h512(unsigned))

    def case(name, expect, comment, content, **fields):
        write(name, dict(kind="receipt", expect=expect,
                         layer=None if expect == "ok" else "bundle", **fields, comment=comment),
              content)

    good = signed(body())
    case("rcp-00_good", "ok", "three of four", good, signer=BOB.ed.hex(), created=CREATED,
         bundle=Random("receipt")(16).hex(), sessions=3)
    case("rcp-01_magic", "frame", "another magic", signed(body(magic=b"heirgaps")))
    case("rcp-01_version", "frame", "version 2", signed(body(version=b"\x02")))
    case("rcp-01_short", "frame", "a byte short", good[:-1])
    case("rcp-01_long", "frame", "a byte long", good + b"\0")
    case("rcp-02_other_signature", "sig", "signed by Mallory", signed(body(), MALLORY))
    case("rcp-02_request_context", "sig", "signed as a request",
         body() + BOB.sign(CTX + b"request\0" + h512(body())))
    case("rcp-02_count", "sig", "a count is changed", body(taken=4) + good[-64:])
    case("rcp-03_small_order", "signer", "a key of order 8", signed(body(signer=SMALL_ORDER[1])))
    case("rcp-04_more_taken", "frame", "five of four", signed(body(taken=5)))


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    for group in (good_cases, armor_cases, outer_cases, signature_cases, binding_cases,
                  record_cases, identity_cases, request_cases,
                  receipt_cases):
        group()
    print(", ".join(f"{c} {n}" for c, n in sorted(tally.items())), "=", sum(tally.values()))
