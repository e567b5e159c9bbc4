/// A user's id: `@localpart:server`, at most 255 bytes.
///
/// Matrix spec, appendices, "User identifiers". Historical localparts may hold any printable character.
package struct UserID: MatrixIdentifier {
    package let text: String

    /// - Throws: `MatrixTypeError` naming what is wrong.
    package init(_ text: String) throws(MatrixTypeError) {
        try IdentifierText.check(text, sigil: "@")
        guard let colon = text.firstIndex(of: ":"), text.index(after: colon) < text.endIndex else {
            throw .incomplete
        }
        self.text = text
    }

    /// What stands behind the first colon: the server, with its port where there is one.
    package var serverName: String {
        String(text[text.index(after: text.firstIndex(of: ":") ?? text.startIndex)...])
    }
}
