"""generate.py SESSIONS PASSPHRASE OUT: writes a synthetic key export and prints one of its rooms.

20 rooms of equal size, 500 senders, 100,000 rounds. Every session has a real Ed25519 key, so that
no reader can tell it from a key that a client made; half of them carry the shared-history flag.
"""

import base64
import os
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Witnesses"))
import key_export  # noqa: E402

ROOMS, SENDERS, ROUNDS = 20, 500, 100_000


def text(data):
    return base64.b64encode(data).decode().rstrip("=")


def public(kind):
    return kind.generate().public_key().public_bytes_raw()


def main():
    count, passphrase, out = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    rooms = [f"!{os.urandom(9).hex()}:synthetic.test" for _ in range(ROOMS)]
    senders = [
        (text(public(X25519PrivateKey)), text(public(Ed25519PrivateKey))) for _ in range(SENDERS)
    ]
    keys = []
    for number in range(count):
        signing_key = public(Ed25519PrivateKey)
        sender_key, claimed_key = senders[number % SENDERS]
        first_index = number % 1000 if number % 20 == 7 else 0
        exported = b"\x01" + first_index.to_bytes(4, "big") + os.urandom(128) + signing_key
        keys.append(
            {
                "algorithm": "m.megolm.v1.aes-sha2",
                "forwarding_curve25519_key_chain": [],
                "room_id": rooms[number * ROOMS // count],
                "sender_claimed_keys": {"ed25519": claimed_key},
                "sender_key": sender_key,
                "session_id": text(signing_key),
                "session_key": text(exported),
                "shared_history": number % 2 == 0,
            }
        )
    # A client writes its rooms in no order; neither do we.
    keys.sort(key=lambda key: key["session_id"])
    key_export.write(out, passphrase, keys, ROUNDS)
    print(rooms[0])


main()
