/// A room's id: `!` and an opaque rest, at most 255 bytes.
///
/// Rooms of version 12 have no server part, so none is asked for (Matrix spec, appendices, "Room
/// IDs"). Compared byte for byte.
package struct RoomID: Hashable, Comparable, Sendable {
    package let text: String

    /// - Throws: `MatrixTypeError` naming what is wrong.
    package init(_ text: String) throws(MatrixTypeError) {
        try IdentifierText.check(text, sigil: "!")
        self.text = text
    }

    package static func == (left: RoomID, right: RoomID) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package static func < (left: RoomID, right: RoomID) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

extension RoomID: CustomStringConvertible {
    package var description: String { text }
}
