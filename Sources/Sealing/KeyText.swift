import Bytes
import Secrets

/// The strings that keys are written as.
package enum KeyText: Equatable, Sendable {
    /// `age1…`
    case recipient
    /// `heir1…`
    case publicIdentity
    /// `AGE-SECRET-KEY-1…`
    case ageSecretKey
}

extension KeyText: CustomStringConvertible {
    package var description: String {
        switch self {
        case .recipient: "the age1… recipient"
        case .publicIdentity: "the heir1… identity"
        case .ageSecretKey: "the age secret key"
        }
    }
}

extension KeyText {
    /// The public bytes of a text; white space around it is passed over, as it comes with pasting.
    func decode(
        _ text: String, prefix: String, as variant: Bech32.Variant, letters: Bech32.LetterCase
    ) throws(SealingError) -> [UInt8] {
        func isWhiteSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }
        var text = Array(text.utf8)[...].drop(while: isWhiteSpace)
        while let last = text.last, isWhiteSpace(last) { text.removeLast() }
        do throws(Bech32.Fault) {
            let bytes = try Bech32.decode(
                Array(text).span, prefix: prefix, as: variant, letters: letters)
            return [UInt8](bytes.bytes)
        } catch {
            throw .malformedKeyText(self, error)
        }
    }

    /// The text of public bytes, in lower case.
    static func encode(_ bytes: [UInt8], prefix: String, as variant: Bech32.Variant) -> String {
        let text = Bech32.encode(bytes.span, prefix: prefix, as: variant)
        return String(decoding: [UInt8](text.bytes), as: UTF8.self)
    }
}
