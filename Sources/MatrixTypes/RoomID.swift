/// A room's id: `!` and an opaque rest, at most 255 bytes.
///
/// Rooms of version 12 have no server part, so none is asked for (Matrix spec, appendices, "Room
/// IDs"). Compared byte for byte.
package struct RoomID: MatrixIdentifier {
    package let text: String

    /// - Throws: `MatrixTypeError` naming what is wrong.
    package init(_ text: String) throws(MatrixTypeError) {
        try IdentifierText.check(text, sigil: "!")
        self.text = text
    }
}
