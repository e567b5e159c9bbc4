import Foundation

/// The JSON of one entry, its members in order and each to be spoiled.
struct EntryJSON: Sendable {
    private var members: [(name: String, value: String)]

    /// An entry as a good client writes it, without a flag.
    init(_ session: TestSession = .first, roomID: String = "!r:example.org") {
        members = [
            ("algorithm", #""m.megolm.v1.aes-sha2""#),
            ("room_id", quoted(roomID)),
            ("sender_key", quoted(TestSession.senderKey)),
            ("session_id", quoted(session.id)),
            ("session_key", quoted(session.exported)),
            ("sender_claimed_keys", "{\"ed25519\":\(quoted(TestSession.ed25519))}"),
            ("forwarding_curve25519_key_chain", "[]"),
        ]
    }

    /// With a member's value replaced or a member added; `value` is JSON.
    func with(_ name: String, _ value: String) -> EntryJSON {
        var copy = self
        if let index = members.firstIndex(where: { $0.name == name }) {
            copy.members[index].value = value
        } else {
            copy.members.append((name, value))
        }
        return copy
    }

    /// With a member added, whether or not its name is there already.
    func adding(_ name: String, _ value: String) -> EntryJSON {
        var copy = self
        copy.members.append((name, value))
        return copy
    }

    func without(_ name: String) -> EntryJSON {
        var copy = self
        copy.members.removeAll { $0.name == name }
        return copy
    }

    var text: String {
        "{" + members.map { quoted($0.name) + ":" + $0.value }.joined(separator: ",") + "}"
    }

    /// So long in all, by a member that nobody reads.
    func padded(toByteCount byteCount: Int) -> EntryJSON {
        let bare = adding("note", quoted("")).text.utf8.count
        return adding("note", quoted(String(repeating: "x", count: byteCount - bare)))
    }
}

/// A JSON string of text that needs no escapes.
func quoted(_ text: String) -> String {
    "\"\(text)\""
}
