"""Messages opened by vodozemac, and where they stand in their sessions."""

import base64
import json

import vodozemac


def encrypted(events):
    return [e for e in events if e["type"] == "m.room.encrypted" and "ciphertext" in e["content"]]


def index(event):
    """A message's index: protobuf field 1 of the ciphertext."""
    text = event["content"]["ciphertext"]
    data = base64.b64decode(text + "=" * (-len(text) % 4))
    assert data[0] == 3 and data[1] == 8
    value = shift = 0
    for byte in data[2:]:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value


def read_with_vodozemac(keys, events):
    """event id → plaintext, for every event that some key opens."""
    sessions = {
        (k["room_id"], k["session_id"]): vodozemac.InboundGroupSession.import_session(
            vodozemac.ExportedSessionKey(k["session_key"]))
        for k in keys}
    read = {}
    for event in encrypted(events):
        session = sessions.get((event["room_id"], event["content"]["session_id"]))
        if session is None:
            continue
        try:
            message = vodozemac.MegolmMessage.from_base64(event["content"]["ciphertext"])
            read[event["event_id"]] = json.loads(session.decrypt(message).plaintext)
        except vodozemac.MegolmDecryptionException:
            pass
    return read
