package import StrictJSON

/// One event as a homeserver gave it.
package struct ServerEvent: Sendable {
    package let json: JSONValue
    /// The event's own bytes on one line: what is saved is what was said.
    package let text: [UInt8]

    package var id: String? { json["event_id"]?.text }
    package var type: String? { json["type"]?.text }
    package var sender: String? { json["sender"]?.text }
    package var stateKey: String? { json["state_key"]?.text }
    /// What a change of history visibility changes to.
    package var visibility: String? { json["content"]?["history_visibility"]?.text }
    /// Milliseconds since 1970, as the sender's server says.
    package var timestamp: UInt64? {
        json["origin_server_ts"]?.integer.flatMap(UInt64.init(exactly:))
    }

    /// - Throws: `StrictJSONError` where it is no JSON.
    init(_ text: Span<UInt8>) throws(StrictJSONError) {
        json = try JSONValue(text)
        var line: [UInt8] = []
        line.reserveCapacity(text.count)
        // Inside strings JSON has no line breaks; between members they are white space.
        for index in text.indices {
            let byte = text[index]
            line.append(byte == 0x0a || byte == 0x0d ? 0x20 : byte)
        }
        self.text = line
    }
}
