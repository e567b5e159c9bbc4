import Bytes
import MatrixTypes
import Megolm
import StrictJSON

extension SavedEvent {
    /// Events may nest as deep as they are long; nothing here follows them.
    private static let maximumDepth = Int.max

    /// Reads one event; `nil` for one of another room than `room`.
    ///
    /// - Throws: `UnreadEvent`.
    init?(_ text: Span<UInt8>, of room: RoomID?, room found: inout RoomID?) throws(UnreadEvent) {
        guard
            let event = try? JSONObject(
                text, maximumDepth: Self.maximumDepth, nested: .skimmed)
        else { throw UnreadEvent(fault: .notAnObject, mayBeState: true) }
        do throws(EventFault) {
            try self.init(event, text, of: room, room: &found)
        } catch {
            throw UnreadEvent(fault: error, mayBeState: event.value("state_key", in: text) != nil)
        }
    }

    private init?(
        _ event: JSONObject, _ text: Span<UInt8>, of room: RoomID?, room found: inout RoomID?
    ) throws(EventFault) {
        guard let roomText = event.string("room_id", in: text) else { throw .noRoom }
        if let room = room ?? found {
            guard roomText.utf8.elementsEqual(room.text.utf8) else { return nil }
        } else {
            guard let id = try? RoomID(roomText) else { throw .noRoom }
            found = id
        }
        guard let id = event.string("event_id", in: text) else { throw .noID }
        guard let sender = event.string("sender", in: text) else { throw .noSender }
        guard let type = event.value("type", in: text), type.kind == .string else { throw .noType }
        guard let timestamp = event.milliseconds("origin_server_ts", in: text) else {
            throw .noTime
        }
        let unsigned = Unsigned(event.object("unsigned", in: text))
        self.id = id
        self.sender = sender
        self.timestamp = timestamp
        readerMembership = unsigned.membership(text)
        body = try Self.body(of: event, type: type, unsigned, text)
    }

    private static func body(
        of event: JSONObject, type: JSONObject.Value, _ unsigned: Unsigned, _ text: Span<UInt8>
    ) throws(EventFault) -> Body {
        let stateKey = event.string("state_key", in: text)
        guard let contentRange = event.object("content", in: text) else { return .other }
        if text.spells("m.room.encrypted", at: type.range) {
            return stateKey == nil ? message(text.extracting(contentRange)) : .other
        }
        guard let stateKey else { return .other }
        if text.spells("m.room.create", at: type.range), stateKey.isEmpty { return .creation }
        if text.spells("m.room.history_visibility", at: type.range), stateKey.isEmpty {
            let value = try readWord("history_visibility", in: text.extracting(contentRange))
            return .visibility(
                value.flatMap(HistoryVisibility.init) ?? .shared,
                unsigned.predecessor(text) { content in
                    // An old content without the word is not the same as an unknown one.
                    word("history_visibility", in: content).map {
                        HistoryVisibility(rawValue: $0) ?? .shared
                    }
                })
        }
        if text.spells("m.room.member", at: type.range), let user = try? UserID(stateKey) {
            let value = try readWord("membership", in: text.extracting(contentRange))
            return .membership(
                user, value.flatMap(Membership.init) ?? .leave,
                unsigned.predecessor(text) { content in
                    word("membership", in: content).flatMap(Membership.init)
                })
        }
        return .other
    }

    private static func message(_ content: Span<UInt8>) -> Body {
        guard
            let object = try? JSONObject(content, maximumDepth: maximumDepth, nested: .skimmed)
        else { return .undecipherable }
        guard let algorithm = object.value("algorithm", in: content) else {
            return .redactedMessage
        }
        guard content.spells("m.megolm.v1.aes-sha2", at: algorithm.range),
            let session = object.string("session_id", in: content),
            let sessionID = try? SessionID(session),
            let ciphertext = object.value("ciphertext", in: content), ciphertext.kind == .string
        else { return .undecipherable }
        let message: MegolmMessage?
        if ciphertext.hasEscapes {
            message = try? MegolmMessage(ciphertext: content.text(of: ciphertext))
        } else {
            message = try? MegolmMessage(base64: content.extracting(ciphertext.range))
        }
        guard let message else { return .undecipherable }
        let senderKey = object.string("sender_key", in: content)
            .flatMap { UnpaddedBase64.decode32($0) }
        return .message(
            sessionID, message, senderKey: senderKey.map { Curve25519PublicKey(bytes: $0) })
    }

    /// The member that a state event is about, where it is a string.
    ///
    /// - Throws: `notAnObject` for a content that cannot be read: what it says is not known, which is
    ///   not the same as saying nothing.
    private static func readWord(
        _ name: StaticString, in content: Span<UInt8>
    ) throws(EventFault) -> String? {
        guard let object = try? JSONObject(content, maximumDepth: maximumDepth, nested: .skimmed)
        else { throw .notAnObject }
        return object.string(name, in: content)
    }

    /// A member of an earlier content, or of `unsigned`, that is a string.
    private static func word(_ name: StaticString, in content: Span<UInt8>) -> String? {
        guard let object = try? JSONObject(content, maximumDepth: maximumDepth, nested: .skimmed)
        else { return nil }
        return object.string(name, in: content)
    }

    /// `unsigned`, which the homeserver adds for whoever reads.
    private struct Unsigned {
        private let range: Range<Int>?

        init(_ range: Range<Int>?) {
            self.range = range
        }

        func membership(_ text: Span<UInt8>) -> Membership? {
            guard let range else { return nil }
            return SavedEvent.word("membership", in: text.extracting(range))
                .flatMap(Membership.init)
        }

        func predecessor<Value>(
            _ text: Span<UInt8>, _ value: (Span<UInt8>) -> Value?
        ) -> StatePredecessor<Value> {
            var result = StatePredecessor<Value>()
            guard let range else { return result }
            let unsigned = text.extracting(range)
            guard
                let object = try? JSONObject(
                    unsigned, maximumDepth: SavedEvent.maximumDepth, nested: .skimmed)
            else { return result }
            result.id = object.string("replaces_state", in: unsigned).flatMap { try? EventID($0) }
            if let content = object.object("prev_content", in: unsigned) {
                result.value = value(unsigned.extracting(content))
            }
            return result
        }
    }
}

extension JSONObject {
    /// A member that is a string, as text.
    fileprivate func string(_ name: StaticString, in text: Span<UInt8>) -> String? {
        guard let value = value(name, in: text), value.kind == .string else { return nil }
        return text.text(of: value)
    }

    /// Where a member that is an object stands.
    fileprivate func object(_ name: StaticString, in text: Span<UInt8>) -> Range<Int>? {
        guard let value = value(name, in: text), value.kind == .object else { return nil }
        return value.range
    }

    /// A member that is a number of milliseconds, from 0 to 2⁵³ − 1; any other number counts as 0.
    ///
    /// The sender's homeserver writes what it likes there, and must not be able to make an event
    /// disappear by it.
    fileprivate func milliseconds(_ name: StaticString, in text: Span<UInt8>) -> UInt64? {
        guard let value = value(name, in: text), value.kind == .number else { return nil }
        guard value.range.count <= 16 else { return 0 }
        var number: UInt64 = 0
        for place in value.range {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[place]) else { return 0 }
            number = number * 10 + UInt64(text[place] - UInt8(ascii: "0"))
        }
        return number < 1 << 53 ? number : 0
    }
}
