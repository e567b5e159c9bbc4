/// A device's id: opaque printable text of 1 to 255 bytes.
package struct DeviceID: MatrixIdentifier {
    package let text: String

    /// - Throws: `MatrixTypeError` naming what is wrong.
    package init(_ text: String) throws(MatrixTypeError) {
        try IdentifierText.check(text, sigil: nil)
        self.text = text
    }
}
