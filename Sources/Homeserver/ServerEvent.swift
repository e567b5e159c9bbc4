package import StrictJSON

/// One event as a homeserver gave it.
package struct ServerEvent: Sendable {
    /// Deeper ones are kept as they are, and nothing of them is known here: whoever sends an event must
    /// not be able to end the reading of a room by it.
    private static let maximumDepth = 128

    /// All of it; `nil` for what cannot be read.
    package let json: JSONValue?
    /// The event's own bytes on one line: what is saved is what was said.
    package let text: [UInt8]

    package var id: String? { json?["event_id"]?.text }
    package var type: String? { json?["type"]?.text }
    package var sender: String? { json?["sender"]?.text }
    package var stateKey: String? { json?["state_key"]?.text }
    package var content: JSONValue? { json?["content"] }
    /// What a change of history visibility changes to.
    package var visibility: String? { content?["history_visibility"]?.text }
    /// The id of the state event that it replaced.
    package var replaces: String? { json?["unsigned"]?["replaces_state"]?.text }
    /// Milliseconds since 1970, as the sender's server says.
    package var timestamp: UInt64? {
        json?["origin_server_ts"]?.integer.flatMap(UInt64.init(exactly:))
    }

    init(_ text: Span<UInt8>) {
        json = try? JSONValue(text, maximumDepth: Self.maximumDepth)
        var line: [UInt8] = []
        line.reserveCapacity(text.count)
        // Inside strings JSON has no line breaks; between members they are white space.
        for index in text.indices {
            let byte = text[index]
            line.append(byte == 0x0a || byte == 0x0d ? 0x20 : byte)
        }
        self.text = line
    }

    /// What stands for an event that is longer than any may be: whoever reads it finds no event, and a
    /// gap.
    static let tooLong = ServerEvent(Array("null".utf8).span)
}
