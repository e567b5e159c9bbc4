import Bytes
import Foundation
import Secrets

extension KeyExport {
    /// Which byte spelling of a passphrase opened a file; clients have used them all.
    package enum PassphraseSpelling: String, CaseIterable, Sendable {
        /// UTF-8, as typed: what the spec asks for.
        case asTyped
        /// Latin-1: matrix-nio's files, whose library encodes so.
        case latin1
        /// UTF-8 in the composed normal form.
        case composed
        /// UTF-8 in the decomposed normal form.
        case decomposed

        /// The passphrase in this spelling; `nil` where it has none or is what was typed.
        ///
        /// Normalising needs a `String`, which cannot be wiped: it is made only when the typed bytes
        /// have failed and are not ASCII, and goes at once.
        func bytes(of typed: borrowing SecretBytes) -> SecretBytes? {
            if self == .asTyped { return SecretBytes(copying: typed.bytes) }
            let respelled = respelledBytes(of: typed.bytes)
            return respelled.isEmpty ? nil : SecretBytes(copying: respelled.span)
        }

        private func respelledBytes(of typed: Span<UInt8>) -> [UInt8] {
            let bytes = [UInt8](typed)
            guard bytes.contains(where: { $0 >= 0x80 }) else { return [] }
            // Bytes that are no UTF-8 are taken as typed or not at all: mended they are other bytes.
            guard let text = String(validating: bytes, as: UTF8.self) else { return [] }
            let respelled: [UInt8]
            switch self {
            case .asTyped: return []
            case .composed: respelled = Array(text.precomposedStringWithCanonicalMapping.utf8)
            case .decomposed: respelled = Array(text.decomposedStringWithCanonicalMapping.utf8)
            case .latin1:
                let scalars = text.precomposedStringWithCanonicalMapping.unicodeScalars
                guard scalars.allSatisfy({ $0.value < 0x100 }) else { return [] }
                respelled = scalars.map { UInt8($0.value) }
            }
            return respelled == bytes ? [] : respelled
        }
    }
}
