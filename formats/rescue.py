#!/usr/bin/env python3
"""Opens a sealed file without Heirloom: python3 rescue.py SEALED_FILE AGE_IDENTITY_FILE > keys.json
Needs `cryptography`. Made from sealed-file.md and bundle.md alone; compare the signer yourself."""
import base64, hashlib, hmac, io, json, re, sys
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
def check(holds, what):
    if not holds: raise ValueError(what)
def b64(data): return base64.b64encode(data).rstrip(b"=")
def unbase64(text):
    return check(b64(data := base64.b64decode(text + b"==")) == text, "bad base64") or data
def mac(key, data): return hmac.digest(key, data, "sha256")
def hkdf(secret, salt, info): return mac(mac(salt, secret), info + b"\1")
def read_identity(text):
    found = re.search(r"^AGE-SECRET-KEY-1([02-9AC-HJ-NP-Z]{52})\w{6}\s*$", text, re.M)
    check(found, "the identity file has no AGE-SECRET-KEY-1… line")
    values = enumerate(map("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".index, found[1]))
    seed = (sum(v << 255 - 5 * i for i, v in values) >> 4).to_bytes(32, "big")  # 4 bits are spare
    return x25519.X25519PrivateKey.from_private_bytes(seed)
def open_age(sealed, identity):
    head = re.match(rb"age-encryption\.org/v1\n((?:-> [!-~]+(?: [!-~]+)*\n(?:[A-Za-z0-9+/]{64}\n)*"
                    rb"[A-Za-z0-9+/]{0,63}\n)+)--- ([A-Za-z0-9+/]{43})\n", sealed)
    check(head and len(head[0]) <= 32768, "no binary age v1 file, or its header is damaged")
    ours, file_key = identity.public_key().public_bytes_raw(), None
    for line, body in re.findall(rb"-> ([^\n]+)\n((?:[^\n]{64}\n)*[^\n]{0,63})\n", head[1]):
        (kind, *arguments), body = line.split(b" "), unbase64(body.replace(b"\n", b""))
        check(kind != b"scrypt", "a passphrase stanza, which does not belong here")
        if kind != b"X25519" or file_key: continue
        check(len(arguments) == 1 and len(body) == 32, "an X25519 stanza of wrong size")
        their = x25519.X25519PublicKey.from_public_bytes(share := unbase64(arguments[0]))
        key = hkdf(identity.exchange(their), share + ours, b"age-encryption.org/v1/X25519")
        try: file_key = ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
        except InvalidTag: pass
    check(file_key, "no stanza opens: sealed to somebody else, or the identity was mistyped")
    check(b64(mac(hkdf(file_key, bytes(32), b"header"), head[0][:-45])) == head[2], "wrong MAC")
    nonce, body = sealed[head.end():][:16], sealed[head.end() + 16:]
    cipher, count = ChaCha20Poly1305(hkdf(file_key, nonce, b"payload")), -(-len(body) // 65552)
    check(count == 1 or count and len(body) % 65552 != 16, "the file is cut short")
    return b"".join(cipher.decrypt(i.to_bytes(11, "big") + bytes([i == count - 1]),
                                   body[i * 65552:][:65552], None) for i in range(count))
def take(r, count):
    return check(len(data := r.read(count)) == count, "the content ends too early") or data
def key64(r): return b64(take(r, 32)).decode()
def number(r, size): return int.from_bytes(take(r, size), "big")
def text(r, shape=".*"):
    found = take(r, number(r, 2)).decode()
    bad = "[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
    check(len(found.encode()) < 256 and not re.search(bad, found), "a string that is not allowed")
    return check(not found or re.fullmatch(shape, found), "an id of wrong shape") or found
def read_manifest(r):
    m = {"suite": number(r, 1), "purpose": number(r, 1), "bundle_id": take(r, 16).hex(),
         "created": number(r, 8), "expires": number(r, 8), "user_id": text(r, "@.*:.*"),
         "device_id": text(r), "audience": [take(r, 32).hex() for _ in range(number(r, 1))],
         "room_id": text(r, "!.*"), "from": number(r, 8), "to": number(r, 8), "basis": number(r, 1),
         "event_id": text(r, r"\$.*"), "overrides": number(r, 4), "override_reason": text(r)}
    m["archive"] = m["purpose"] == 2 and take(r, 72).hex()
    return check(
        m["suite"] == 1 and m["purpose"] in (1, 2) and m["from"] <= m["to"] and m["basis"] <= 4
        and (m["created"] <= m["expires"] or m["archive"] and m["expires"] == 0) and m["room_id"]
        and m["audience"] == sorted(set(m["audience"])) and 1 <= len(m["audience"]) <= 32
        and (m["overrides"] > 0) == (m["override_reason"] > "") and not r.read(1), "manifest") or m
def read_records(r, room, last, out):
    senders = [dict(sender_key=key64(r), sender_claimed_ed25519=key64(r),
                    user_id=text(r, "@.*:.*"), device_id=text(r)) for _ in range(number(r, 2))]
    for _ in range(count := number(r, 4)):
        kind, flags, who = number(r, 1), number(r, 1), number(r, 2)
        check(kind in (1, 2) and flags < 16 and who < len(senders), "a record that is not allowed")
        key = take(r, 165 if kind == 1 else 32)
        last = check(last < key[-32:], "session ids out of order") or key[-32:]
        out[kind].append({"room_id": room, "session_id": b64(last).decode(), **senders[who]} | (
            {"code": flags} if kind == 2 else {
                "session_key": b64(key).decode(), "shared_history": flags & 1 > 0,
                "override": flags & 8 > 0, "first_known_index": int.from_bytes(key[1:5], "big")}))
    return check(count and not r.read(1), "a data frame of wrong length") or last
def open_bundle(plain):
    r, m, index, last, out, kind = io.BytesIO(plain), bytes(64), -1, b"", {1: [], 2: []}, 0
    check(r.read(9) == b"heirloom\1", "sealed for you, but not a key bundle of version 1")
    key = ed25519.Ed25519PublicKey.from_public_bytes(signer := take(r, 32))
    while kind != 127:
        follows = {0: (1,), 3: (3, 127)}.get(kind, (2, 3, 127))
        at, kind, size, index = r.tell(), number(r, 1), number(r, 4), index + 1
        check(kind in follows and size <= 1 << 20, "a frame of wrong type or length")
        body = take(r, size)
        hashed, place = hashlib.blake2b(body).digest(), index.to_bytes(8, "big") + bytes([kind])
        key.verify(take(r, 64), b"heirloom/v1/frame\0" + signer + m + place + hashed)
        if kind == 1: m, man = hashed, read_manifest(io.BytesIO(body))
        if kind == 2: last = read_records(io.BytesIO(body), man["room_id"], last, out)
        if kind == 3: check(not any(body), "padding that is not zero")
    totals = b"".join(n.to_bytes(8, "big") for n in (len(out[1]), len(out[2]), index))
    check(body == totals + hashlib.blake2b(plain[:at]).digest() and not r.read(1)
          and sum(s["override"] for s in out[1]) == man["overrides"], "a wrong end frame")
    return {"signer": signer.hex(), "manifest": man, "sessions": out[1], "withheld": out[2]}
try:
    identity = read_identity(open(sys.argv[2]).read())
    found = open_bundle(open_age(open(sys.argv[1], "rb").read(), identity))
    print(json.dumps(found, indent=1, ensure_ascii=False))
    print("valid signature; compare the signer yourself:", found["signer"], file=sys.stderr)
except (InvalidSignature, InvalidTag, ValueError, OSError, IndexError) as e:
    sys.exit(f"rescue: {str(e) or type(e).__name__}")
