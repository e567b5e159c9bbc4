/// The names that contacts may have.
package enum ContactName {
    /// The most characters, counted as Unicode scalars.
    package static let characterLimit = 64

    /// Why a name will not do.
    package enum Fault: Equatable, Sendable {
        /// It has no characters, or more than 64.
        case length
        /// It holds a control character, or one that turns the direction of text.
        case invisibleCharacter
        /// It begins or ends with white space.
        case outerWhiteSpace
        /// It begins with `heir1`, `age1` or `-`, and would be taken for a key or a flag.
        case ambiguousStart
    }

    /// - Throws: `unsuitableName`.
    static func check(_ name: String) throws(SealingError) {
        let scalars = name.unicodeScalars
        guard let first = scalars.first, let last = scalars.last, scalars.count <= characterLimit
        else { throw .unsuitableName(.length) }
        if scalars.contains(where: isInvisible) { throw .unsuitableName(.invisibleCharacter) }
        if first.properties.isWhitespace || last.properties.isWhitespace {
            throw .unsuitableName(.outerWhiteSpace)
        }
        let start = name.lowercased()
        if ["heir1", "age1", "-"].contains(where: start.hasPrefix) {
            throw .unsuitableName(.ambiguousStart)
        }
    }

    /// Whether a character could make a screen show something else than what is there.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1f, 0x7f...0x9f: true
        case 0x61c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: true
        default: false
        }
    }
}

extension ContactName.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .length: "it needs 1 to \(ContactName.characterLimit) characters"
        case .invisibleCharacter: "it holds a control character"
        case .outerWhiteSpace: "it begins or ends with white space"
        case .ambiguousStart: "it would be taken for a key or a flag"
        }
    }
}
