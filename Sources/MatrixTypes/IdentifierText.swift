/// The rules all Matrix identifiers share.
enum IdentifierText {
    static let maximumByteCount = 255

    /// Checks what a stranger wrote where an identifier belongs.
    static func check(_ text: String, sigil: Character?) throws(MatrixTypeError) {
        if let sigil, text.first != sigil { throw .missingSigil(expected: sigil) }
        guard text.utf8.count > (sigil == nil ? 0 : 1) else { throw .incomplete }
        guard text.utf8.count <= maximumByteCount else {
            throw .tooLong(byteCount: text.utf8.count)
        }
        guard text.isPrintable else { throw .unprintable }
    }
}

/// An identifier compared byte for byte, as Matrix does.
///
/// `String` would call two spellings of é equal, and two people, rooms or events one.
package protocol MatrixIdentifier: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The identifier as it is written.
    var text: String { get }
}

extension MatrixIdentifier {
    package static func == (left: Self, right: Self) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    package var description: String { text }
}

extension String {
    /// Whether a terminal shows this text as it stands: no control characters (C0, DEL, C1), no line
    /// or paragraph separators, nothing that changes the direction of writing.
    package var isPrintable: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7f..<0xa0, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069:
                false
            default: true
            }
        }
    }
}
