/// An event's id: `$` and an opaque rest, at most 255 bytes (Matrix spec, appendices, "Event IDs").
package struct EventID: MatrixIdentifier {
    package let text: String

    /// - Throws: `MatrixTypeError` naming what is wrong.
    package init(_ text: String) throws(MatrixTypeError) {
        try IdentifierText.check(text, sigil: "$")
        self.text = text
    }
}
