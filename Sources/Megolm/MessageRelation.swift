import StrictJSON

/// What an event's content says of another event: `m.relates_to` (Matrix specification, “Forming
/// relationships between events”).
///
/// Of an encrypted event it stands outside the ciphertext, for the homeserver to see; some clients
/// leave it inside as well.
package struct MessageRelation: Hashable, Sendable {
    /// The event it replaces, for an edit.
    package var edits: String?
    /// The event it answers.
    package var repliesTo: String?

    package init() {}

    /// Reads the relation out of a content object; empty where there is none.
    package init(content: Span<UInt8>) {
        guard let object = Self.object(content),
            let relation = object.value("m.relates_to", in: content), relation.kind == .object
        else { return }
        let part = content.extracting(relation.range)
        guard let fields = Self.object(part) else { return }
        if Self.text("rel_type", of: fields, in: part) == "m.replace" {
            edits = Self.text("event_id", of: fields, in: part)
        }
        guard let reply = fields.value("m.in_reply_to", in: part), reply.kind == .object else {
            return
        }
        let answered = part.extracting(reply.range)
        repliesTo = Self.object(answered).flatMap { Self.text("event_id", of: $0, in: answered) }
    }

    /// Reads it out of a whole event.
    package init(event: Span<UInt8>) {
        guard let object = Self.object(event), let content = object.value("content", in: event),
            content.kind == .object
        else {
            self.init()
            return
        }
        self.init(content: event.extracting(content.range))
    }

    private static func object(_ text: Span<UInt8>) -> JSONObject? {
        try? JSONObject(text, maximumDepth: 100, nested: .skimmed)
    }

    private static func text(
        _ name: StaticString, of object: JSONObject, in text: Span<UInt8>
    ) -> String? {
        guard let value = object.value(name, in: text), value.kind == .string else { return nil }
        return text.text(of: value)
    }
}
