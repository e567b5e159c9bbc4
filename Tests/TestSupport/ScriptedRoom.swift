import Bytes
import Foundation
import MatrixTypes

/// A room written down event by event, as a homeserver would save it: for what no real room of the
/// corpus has lived through.
public struct ScriptedRoom: Sendable {
    /// One event as JSON, and its id.
    public struct Event: Sendable {
        /// One line of JSON.
        public let json: String
        /// `$` and 43 characters.
        public let id: String
    }

    /// The room's id.
    public let id: String
    /// All events, oldest first.
    public private(set) var events: [Event] = []
    /// The time of the next event, milliseconds since 1970; an event takes a minute.
    public var now: UInt64 = 1_700_000_000_000
    private var last: [String: String] = [:]
    private var number: UInt8

    /// - Parameter number: told apart from other rooms by this.
    public init(id: String = "!room:example.org", number: UInt8 = 0, created: Bool = true) {
        self.id = id
        self.number = number
        if created { state("m.room.create", "", "{}", by: "@a:x") }
    }

    /// The ids of the last `count` events.
    public func lastIDs(_ count: Int) -> [String] {
        events.suffix(count).map(\.id)
    }

    /// Sets the room's visibility.
    public mutating func visibility(_ value: String) {
        state(
            "m.room.history_visibility", "", #"{"history_visibility":"\#(value)"}"#, by: "@a:x")
    }

    /// Changes a person's membership.
    public mutating func member(_ user: String, _ value: String) {
        state("m.room.member", user, #"{"membership":"\#(value)"}"#, by: user)
    }

    /// A state event, which names the one it replaces.
    public mutating func state(
        _ type: String, _ key: String, _ content: String, by sender: String
    ) {
        let name = "\(type) \(key)"
        let replaced = last[name].map { #""replaces_state":"\#($0)""# } ?? ""
        let event = add(
            type, content, by: sender, more: #","state_key":"\#(key)""#, unsigned: replaced)
        last[name] = event
    }

    /// An encrypted message; returns its event id.
    @discardableResult
    public mutating func message(
        _ sender: MegolmSender, by user: String = "@a:x", room: String? = nil,
        senderKey: String? = nil, session: String? = nil, unsigned: String = ""
    ) -> String {
        let plaintext =
            #"{"type":"m.room.message","content":{"body":"\#(sender.index)"},"room_id":"\#(room ?? id)"}"#
        return ciphertext(
            sender.encrypt(plaintext), session: session ?? sender.sessionID, by: user,
            senderKey: senderKey, unsigned: unsigned)
    }

    /// An encrypted message with a given ciphertext.
    @discardableResult
    public mutating func ciphertext(
        _ ciphertext: String, session: String, by user: String = "@a:x", senderKey: String? = nil,
        unsigned: String = ""
    ) -> String {
        let key = senderKey.map { #","sender_key":"\#($0)""# } ?? ""
        return add(
            "m.room.encrypted",
            #"{"algorithm":"m.megolm.v1.aes-sha2","session_id":"\#(session)","ciphertext":"\#(ciphertext)"\#(key)}"#,
            by: user, unsigned: unsigned)
    }

    /// An event of any kind; returns its id.
    @discardableResult
    public mutating func add(
        _ type: String, _ content: String, by sender: String, more: String = "",
        unsigned: String = ""
    ) -> String {
        var bytes = [UInt8](repeating: number, count: 32)
        bytes[0] = UInt8(truncatingIfNeeded: events.count >> 8)
        bytes[1] = UInt8(truncatingIfNeeded: events.count)
        let body = UnpaddedBase64.encode(bytes).replacing("+", with: "-").replacing("/", with: "_")
        let eventID = "$" + body
        events.append(
            Event(
                json: #"{"type":"\#(type)","event_id":"\#(eventID)","room_id":"\#(id)","#
                    + #""sender":"\#(sender)","origin_server_ts":\#(now),"content":\#(content)"#
                    + #"\#(more),"unsigned":{\#(unsigned)}}"#,
                id: eventID))
        now += 60_000
        return eventID
    }

    /// One event a line.
    public var lines: String { events.map(\.json).joined(separator: "\n") + "\n" }

    /// As `history fetch` saves it: newest first, and said to be.
    public var fetched: String {
        #"{"heirloom_history":1,"order":"newest-first"}"# + "\n"
            + events.reversed().map(\.json).joined(separator: "\n") + "\n"
    }

    /// Changes an event as it stands, the way a hostile homeserver would.
    public mutating func spoil(_ place: Int, _ text: String, _ replacement: String) {
        precondition(events[place].json.contains(text), "there is nothing to spoil")
        events[place] = Event(
            json: events[place].json.replacing(text, with: replacement), id: events[place].id)
    }

    /// Sets the clock of an event, which is its sender's to set.
    public mutating func setTime(_ place: Int, _ time: String) {
        events[place] = Event(
            json: events[place].json.replacing(
                /"origin_server_ts":[0-9]+/, with: #""origin_server_ts":\#(time)"#),
            id: events[place].id)
    }

    /// An array of some of the events.
    public func array(_ range: Range<Int>? = nil) -> String {
        "[\(events[range ?? 0..<events.count].map(\.json).joined(separator: ","))]"
    }

    /// An answer of `/messages`: `backward` gives the newest first.
    public func page(
        _ range: Range<Int>, backward: Bool = false, start: String, end: String?
    ) -> String {
        let chunk = events[range].map(\.json)
        let text = (backward ? chunk.reversed() : chunk).joined(separator: ",")
        let last = end.map { #","end":"\#($0)""# } ?? ""
        return #"{"start":"\#(start)","chunk":[\#(text)]\#(last)}"#
    }
}
