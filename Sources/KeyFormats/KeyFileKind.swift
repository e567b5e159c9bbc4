import StrictJSON

/// What a file of room keys is, told from its beginning alone.
package enum KeyFileKind: Hashable, Sendable {
    /// A key export file, encrypted under a passphrase.
    case keyExport
    /// Room keys in readable JSON.
    case plain(KeyFileLayout)
    /// A server-side key backup, saved: see `SavedBackup`.
    case serverBackup
    /// A list of keys as Python prints it, which some old tools wrote for JSON.
    case pythonLiteral

    /// How much of a file is looked at, in bytes.
    package static let sniffByteCount = KeyFileLayout.sniffByteCount

    /// Tells the kind from the first bytes of a file; `nil` where it is none of these.
    package init?(beginningOf text: Span<UInt8>) {
        if text.firstOffset(of: "-----BEGIN MEGOLM SESSION DATA-----") != nil {
            self = .keyExport
        } else if text.isPythonLiteral {
            self = .pythonLiteral
        } else if text.isServerBackup {
            self = .serverBackup
        } else if let layout = KeyFileLayout(beginningOf: text) {
            self = .plain(layout)
        } else {
            return nil
        }
    }
}

extension Span<UInt8> {
    /// Whether this begins as Python prints a list of dictionaries: single quotes.
    var isPythonLiteral: Bool {
        guard let start = firstNonSpace, start + 2 < count, self[start] == UInt8(ascii: "[") else {
            return false
        }
        return self[start + 1] == UInt8(ascii: "{") && self[start + 2] == UInt8(ascii: "'")
    }

    fileprivate var isServerBackup: Bool {
        guard let start = firstNonSpace, self[start] == UInt8(ascii: "{") else { return false }
        return firstOffset(of: "\"session_data\"") != nil
            || firstOffset(of: "m.megolm_backup.v1.curve25519-aes-sha2") != nil
    }
}
