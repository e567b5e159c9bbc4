import Bytes
import MatrixTypes
import Megolm
import Secrets

/// The JSON of one entry being written, in secret memory: it holds a session key.
struct EntryText: ~Copyable {
    /// Enough for every key: a room id of 255 bytes takes six times that at most, the rest 1 KiB.
    ///
    /// Only a withheld entry's code, which may be any text, can make it grow.
    private var text = SecretBytes(byteCount: 4096)
    private var count = 0

    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { text.bytes.extracting(first: count) }
    }

    /// One `ExportedSessionData` object, every member that any reader asks for, the members in a
    /// fixed order.
    ///
    /// An unknown claim is written as 32 zero bytes: some clients refuse the whole file where a
    /// claim is missing, and nobody holds the zero key. The flag is written in the two spellings
    /// that today's readers know and that no reader takes for one field.
    mutating func putExported(_ key: RoomKey) {
        putCommonMembers(key)
        putOrigin(of: key)
    }

    /// One `BackedUpSessionData` object: the backup itself says which room and session it is.
    mutating func putBackedUp(_ key: RoomKey) {
        put(#"{"algorithm":"m.megolm.v1.aes-sha2""#)
        putSenderKey(of: key)
        putSecretMembers(of: key)
        putOrigin(of: key)
    }

    private mutating func putOrigin(of key: RoomKey) {
        put(#","forwarding_curve25519_key_chain":[]"#)
        switch key.sharedHistory {
        case .shareable: put(#","shared_history":true,"m.shared_history":true"#)
        case .notShareable: put(#","shared_history":false,"m.shared_history":false"#)
        case .unstated: break
        }
        put("}")
    }

    /// One entry of a bundle's `room_keys`: no chain, and the flag is implied.
    mutating func putShared(_ key: RoomKey) {
        putCommonMembers(key)
        put("}")
    }

    /// One entry of a bundle's `withheld`.
    mutating func putWithheld(roomID: RoomID, sessionID: SessionID, senderKey: String, code: String)
    {
        put(#"{"algorithm":"m.megolm.v1.aes-sha2","code":"#)
        putString(code)
        put(#","room_id":"#)
        putString(roomID.text)
        put(#","sender_key":"#)
        putString(senderKey)
        put(#","session_id":"#)
        putString(sessionID.text)
        put("}")
    }

    private mutating func putCommonMembers(_ key: RoomKey) {
        put(#"{"algorithm":"m.megolm.v1.aes-sha2","room_id":"#)
        putString(key.roomID.text)
        putSenderKey(of: key)
        put(#","session_id":"#)
        putString(key.sessionID.text)
        putSecretMembers(of: key)
    }

    private mutating func putSenderKey(of key: RoomKey) {
        put(#","sender_key":"#)
        putString(key.claims.senderKey?.text ?? UnpaddedBase64.encode(Bytes32.zero.array))
    }

    private mutating func putSecretMembers(of key: RoomKey) {
        put(#","session_key":""#)
        putBase64(key.sessionKey.bytes)
        put(#"","sender_claimed_keys":{"ed25519":"#)
        putString(key.claims.ed25519?.text ?? UnpaddedBase64.encode(Bytes32.zero.array))
        put("}")
    }

    private mutating func put(_ bytes: Span<UInt8>) {
        let start = count
        count += bytes.count
        if count > text.byteCount { grow() }
        var span = text.mutableBytes
        span.copy(bytes, to: start)
    }

    /// A session key's base64, made in place.
    private mutating func putBase64(_ bytes: Span<UInt8>) {
        let start = count
        count += SecretBase64.encodedByteCount(of: bytes.count)
        if count > text.byteCount { grow() }
        let end = count
        var span = text.mutableBytes
        var room = span.slice(start..<end)
        let length = SecretBase64.encode(bytes, into: &room)
        count = start + length
    }

    /// Makes it empty again, for the next entry.
    mutating func clear() {
        count = 0
    }

    private mutating func grow() {
        var larger = SecretBytes(byteCount: max(count, 2 * text.byteCount))
        larger.copy(text.bytes, to: 0)
        text = larger
    }

    private mutating func put(_ literal: String) {
        put(Array(literal.utf8).span)
    }

    /// A JSON string: only what must be escaped is.
    private mutating func putString(_ string: String) {
        var escaped: [UInt8] = [UInt8(ascii: "\"")]
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                escaped.append(UInt8(ascii: "\\"))
                escaped.append(byte)
            case 0..<0x20: escaped.append(contentsOf: Array("\\u00\(hexadecimal([byte]))".utf8))
            default: escaped.append(byte)
            }
        }
        escaped.append(UInt8(ascii: "\""))
        put(escaped.span)
    }
}
