import Secrets
import StrictJSON

/// What a decrypted message says, as far as a log shows it.
package struct MessageContent: Hashable, Sendable {
    /// `m.room.message` and its like.
    package let type: String
    /// `m.text`, `m.image` and its like; `nil` where there is none.
    package let messageType: String?
    /// The text, or a file's name.
    package let body: String?
    /// The new text of an edit.
    package let newBody: String?
    /// What it says inside of another event.
    package let relation: MessageRelation
}

extension DecryptedEvent {
    /// What the message says; `nil` for a plaintext that is no event.
    ///
    /// The text is a `String`, which is not wiped: it is about to be shown.
    package borrowing func content() -> MessageContent? {
        let text = plaintext.bytes
        guard let event = try? JSONObject(text, maximumDepth: 100, nested: .skimmed),
            let type = event.text("type", in: text)
        else { return nil }
        guard let range = event.range("content", in: text) else {
            return MessageContent(
                type: type, messageType: nil, body: nil, newBody: nil, relation: MessageRelation())
        }
        let inner = text.extracting(range)
        guard let content = try? JSONObject(inner, maximumDepth: 100, nested: .skimmed) else {
            return nil
        }
        var newBody: String?
        if let range = content.range("m.new_content", in: inner) {
            let part = inner.extracting(range)
            newBody = (try? JSONObject(part, maximumDepth: 100, nested: .skimmed))?
                .text("body", in: part)
        }
        return MessageContent(
            type: type, messageType: content.text("msgtype", in: inner),
            body: content.text("body", in: inner), newBody: newBody,
            relation: MessageRelation(content: inner))
    }
}

extension JSONObject {
    /// A member that is a string.
    fileprivate func text(_ name: StaticString, in text: Span<UInt8>) -> String? {
        guard let value = value(name, in: text), value.kind == .string else { return nil }
        return text.text(of: value)
    }

    /// Where a member that is an object stands.
    fileprivate func range(_ name: StaticString, in text: Span<UInt8>) -> Range<Int>? {
        guard let value = value(name, in: text), value.kind == .object else { return nil }
        return value.range
    }
}
