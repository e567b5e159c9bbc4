import Bytes
import MatrixTypes
import Megolm
import Secrets
import StrictJSON

/// The one algorithm whose sessions are carried.
let megolmAlgorithm: StaticString = "m.megolm.v1.aes-sha2"

/// Reading one entry, `ExportedSessionData` in the Matrix spec: an object with `algorithm`,
/// `room_id`, `session_id`, `session_key`, `sender_key`, `sender_claimed_keys`,
/// `forwarding_curve25519_key_chain` and, since 1.19, a shared-history flag.
///
/// What identifies the key is strict; what is merely claimed beside it is tolerated and noted. The
/// forwarding chain is not read: nothing vouches for it, and newer formats dropped it.
extension MutableSpan<UInt8> {
    mutating func roomKeyEntry(
        wish: RoomKeyEntries.Wish, isBundle: Bool, checked: CheckedKeys,
        backedUpAt place: BackupPlace? = nil
    ) throws(EntryFault) -> KeyFileEntry {
        let object = try entryObject()
        let algorithm = try text(.algorithm, of: object, named: "algorithm")
        guard span.spells(megolmAlgorithm, at: algorithm) else { throw .otherAlgorithm }
        var notes: EntryNotes = []
        let roomID = try roomID(of: object, backedUpAt: place, wish: wish, notes: &notes)
        let keyRange = try text(.sessionKey, of: object, named: "session_key")
        guard let roomID else {
            let id = span.extracting(keyRange).trailingKey
            return .otherRoom(sessionID: id)
        }
        let key = try sessionKey(keyRange, indexLimit: wish.indexLimit, notes: &notes)
        if let place {
            guard place.statedSessionID == key.sessionID.bytes else { throw .sessionIDMismatch }
        } else {
            try checkSessionID(of: object, is: key.sessionID, notes: &notes)
        }
        let isExport = !isBundle && place == nil
        let claims = claims(of: object, isExport: isExport, checked: checked, notes: &notes)
        if isExport { noteForm(of: object, notes: &notes) }
        let flag: SharedHistory = isBundle ? .shareable : sharedHistory(of: object, notes: &notes)
        let roomKey = RoomKey(
            roomID: roomID, sessionKey: key, claims: claims, sharedHistory: flag)
        return .roomKey(roomKey, notes)
    }

    /// The key's room; `nil` for another than the one that is wanted.
    ///
    /// A backup's plaintext has no room of its own: the place it stood at says, and a plaintext that
    /// says something else is noted.
    private mutating func roomID(
        of object: JSONObject, backedUpAt place: BackupPlace?, wish: RoomKeyEntries.Wish,
        notes: inout EntryNotes
    ) throws(EntryFault) -> RoomID? {
        if let place {
            switch place.room {
            case .notOne: throw .badRoomID
            case .named(let room):
                if object.value("room_id", in: span) != nil {
                    let range = try text(.roomID, of: object, named: "room_id")
                    if !span.holds(room.text, at: range) { notes.insert(.placeDisagrees) }
                }
                return wish.roomID.map { $0 == room } ?? true ? room : nil
            case .unnamed: break
            }
        }
        let range = try text(.roomID, of: object, named: "room_id")
        if let wanted = wish.roomID, !span.holds(wanted.text, at: range) { return nil }
        guard
            let roomID = try? RoomID(
                String(decoding: [UInt8](span.extracting(range)), as: UTF8.self))
        else { throw .badRoomID }
        return roomID
    }

    mutating func withheldEntry() throws(EntryFault) -> KeyFileEntry {
        let object = try entryObject()
        let room = try text(.roomID, of: object, named: "room_id")
        let id = try text(.sessionID, of: object, named: "session_id")
        let code = try text(.code, of: object, named: "code")
        guard
            let roomID = try? RoomID(
                String(decoding: [UInt8](span.extracting(room)), as: UTF8.self))
        else { throw .badRoomID }
        guard let sessionID = span.extracting(id).respelledKey else { throw .sessionIDMismatch }
        return .withheld(
            roomID, SessionID(bytes: sessionID),
            code: String(decoding: [UInt8](span.extracting(code)), as: UTF8.self))
    }

    private func entryObject() throws(EntryFault) -> JSONObject {
        do {
            return try JSONObject(span)
        } catch {
            throw .notAnObject
        }
    }

    /// Where the text of a string member stands, its escapes undone in place.
    private mutating func text(
        _ field: EntryFault.Field, of object: JSONObject, named name: StaticString
    ) throws(EntryFault) -> Range<Int> {
        guard let value = object.value(name, in: span) else { throw .missing(field) }
        guard value.kind == .string else { throw .notText(field) }
        return plainText(value)
    }

    private mutating func plainText(_ value: JSONObject.Value) -> Range<Int> {
        guard value.hasEscapes else { return value.range }
        let start = value.range.lowerBound
        return start..<start + unescape(value.range)
    }

    private func sessionKey(
        _ range: Range<Int>, indexLimit: MessageIndex, notes: inout EntryNotes
    ) throws(EntryFault) -> ExportedSessionKey {
        let text = span.extracting(range)
        do throws(MegolmError) {
            guard text.count == SessionKey.characterCount else {
                return try ExportedSessionKey(base64: text, indexLimit: indexLimit)
            }
            notes.insert(.signedKeyConverted)
            return try SessionKey.export(base64: text, indexLimit: indexLimit)
        } catch {
            throw .badSessionKey(kind: SessionKeyFault(error))
        }
    }

    /// The id must be the key inside.
    ///
    /// An absent one is read from the key; one spelled with padding or stray bits is respelled, so
    /// that it never becomes a second session.
    private mutating func checkSessionID(
        of object: JSONObject, is expected: SessionID, notes: inout EntryNotes
    ) throws(EntryFault) {
        guard object.value("session_id", in: span) != nil else {
            notes.insert(.idRespelled)
            return
        }
        let range = try text(.sessionID, of: object, named: "session_id")
        let stated = span.extracting(range)
        guard let bytes = stated.respelledKey, bytes == expected.bytes else {
            throw .sessionIDMismatch
        }
        if UnpaddedBase64.decode32(stated) == nil { notes.insert(.idRespelled) }
    }

    private mutating func claims(
        of object: JSONObject, isExport: Bool, checked: CheckedKeys, notes: inout EntryNotes
    ) -> OwnerClaims {
        let senderKey = key("sender_key", of: object)
        let ed25519 = claimedEd25519(of: object)
        if isExport, senderKey == nil { notes.insert(.noSenderKey) }
        if isExport, ed25519 == nil { notes.insert(.noClaimedKeys) }
        let claims = OwnerClaims(
            senderKey: senderKey.flatMap { checked.curve25519($0) },
            ed25519: ed25519.flatMap { checked.ed25519($0) })
        if !claims.isComplete { notes.insert(.originUnknown) }
        return claims
    }

    /// Notes what an exported key lacks or has too much of for strict readers.
    private func noteForm(of object: JSONObject, notes: inout EntryNotes) {
        if object.value("forwarding_curve25519_key_chain", in: span)?.kind != .array {
            notes.insert(.noForwardingChain)
        }
        if object.value("m.shared_history", in: span) != nil,
            object.value("org.matrix.msc3061.shared_history", in: span) != nil
        {
            notes.insert(.flagUnderTwoNames)
        }
    }

    private mutating func claimedEd25519(of object: JSONObject) -> Bytes32? {
        guard let claimed = object.value("sender_claimed_keys", in: span), claimed.kind == .object
        else { return nil }
        var inner = slice(claimed.range)
        guard let keys = try? JSONObject(inner.span) else { return nil }
        return inner.key("ed25519", of: keys)
    }

    /// The 32 bytes that a member spells, where it is a string that spells them.
    private mutating func key(_ name: StaticString, of object: JSONObject) -> Bytes32? {
        guard let value = object.value(name, in: span), value.kind == .string else { return nil }
        let range = plainText(value)
        return UnpaddedBase64.decode32(span.extracting(range))
    }

    /// The flag in its three spellings.
    ///
    /// Shareable only where at least one is `true` and none says
    /// otherwise (MSC4268: absent or not Boolean is false).
    private func sharedHistory(of object: JSONObject, notes: inout EntryNotes) -> SharedHistory {
        let spellings: [StaticString] = [
            "shared_history", "m.shared_history", "org.matrix.msc3061.shared_history",
        ]
        var answers: Set<Bool> = []
        for spelling in spellings {
            guard let value = object.value(spelling, in: span) else { continue }
            if case .boolean(let answer) = value.kind {
                answers.insert(answer)
            } else {
                notes.insert(.flagNotBoolean)
                answers.insert(false)
            }
        }
        if answers.count == 2 { notes.insert(.flagsDisagree) }
        if answers.isEmpty { return .unstated }
        return answers == [true] ? .shareable : .notShareable
    }
}

extension Span<UInt8> {
    /// Whether the bytes of `range` are those of `text`.
    func holds(_ text: String, at range: Range<Int>) -> Bool {
        guard text.utf8.count == range.count else { return false }
        return text.utf8.enumerated().allSatisfy {
            self[range.lowerBound + $0.offset] == $0.element
        }
    }

    /// The 32 bytes that these characters spell, padding and stray bits forgiven.
    var respelledKey: Bytes32? {
        var characters = [UInt8](self)
        while characters.last == UInt8(ascii: "=") { characters.removeLast() }
        guard characters.count == 43 else { return nil }
        // One more sextet makes the last group whole, so that stray bits fall outside the 32 bytes.
        characters.append(UInt8(ascii: "A"))
        guard let bytes = UnpaddedBase64.decode(characters.span) else { return nil }
        return Bytes32(Array(bytes[..<32]))
    }

    /// The Ed25519 key at the end of a session key of either form, read without any check.
    var trailingKey: Bytes32? {
        let exportCharacters = 220
        guard count >= exportCharacters else { return nil }
        // Characters 176 to 219 spell bytes 132 to 164.
        guard let bytes = UnpaddedBase64.decode(extracting(176..<exportCharacters)) else {
            return nil
        }
        return Bytes32(Array(bytes[1...]))
    }
}
