"""The key export file of the Matrix specification, by Python's own means: no line of Heirloom's."""

import base64
import hashlib
import hmac
import json
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

HEAD, FOOT = "-----BEGIN MEGOLM SESSION DATA-----", "-----END MEGOLM SESSION DATA-----"


def _keys(passphrase, salt, rounds):
    key = hashlib.pbkdf2_hmac("sha512", passphrase, salt, rounds, 64)
    return key[:32], key[32:]


def read(path, passphrase):
    """The list of room keys in an export file."""
    with open(path, encoding="ascii") as file:
        body = file.read().strip().removeprefix(HEAD).removesuffix(FOOT)
    body = "".join(body.split()).rstrip("=")
    raw = base64.b64decode(body + "=" * (-len(body) % 4))
    if isinstance(passphrase, str):
        passphrase = passphrase.encode()
    cipher_key, mac_key = _keys(passphrase, raw[1:17], int.from_bytes(raw[33:37], "big"))
    expected = hmac.digest(mac_key, raw[:-32], "sha256")
    if raw[0] != 1 or not hmac.compare_digest(expected, raw[-32:]):
        raise ValueError(f"{path}: wrong passphrase or damaged")
    cipher = Cipher(algorithms.AES(cipher_key), modes.CTR(raw[17:33])).decryptor()
    return json.loads(cipher.update(raw[37:-32]) + cipher.finalize())


def write(path, passphrase, keys, rounds):
    """Writes an export file as Element does: padded, in lines of 128 characters."""
    salt, counter = os.urandom(16), bytearray(os.urandom(16))
    counter[8] &= 0x7F  # bit 63 stays clear, for the sake of one client's counter
    cipher_key, mac_key = _keys(passphrase.encode(), salt, rounds)
    cipher = Cipher(algorithms.AES(cipher_key), modes.CTR(bytes(counter))).encryptor()
    data = json.dumps(keys, separators=(",", ":")).encode()
    raw = b"\x01" + salt + bytes(counter) + rounds.to_bytes(4, "big")
    raw += cipher.update(data) + cipher.finalize()
    raw += hmac.digest(mac_key, raw, "sha256")
    text = base64.b64encode(raw).decode()
    lines = [text[start : start + 128] for start in range(0, len(text), 128)]
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join([HEAD, *lines, FOOT]) + "\n")
