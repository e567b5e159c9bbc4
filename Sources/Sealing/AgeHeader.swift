package import Bytes
import Secrets

/// The header of a sealed file: age v1 (C2SP `age.md`), read strictly.
///
/// ```
/// age-encryption.org/v1
/// -> X25519 share         one stanza for each recipient, in no order that says anything
/// wrapped file key
/// --- code                HMAC-SHA-256 of everything up to and with the three hyphens
/// ```
///
/// Whatever is accepted encodes back to the same bytes.
package struct AgeHeader: Equatable, Sendable {
    /// The longest header accepted, in bytes.
    package static let byteLimit = 32 << 10
    /// The most stanzas accepted, of any type.
    package static let stanzaLimit = 64
    /// The most X25519 stanzas accepted or written.
    package static let recipientLimit = 32

    static let intro = Array("age-encryption.org/".utf8)
    private static let firstLine = Array("age-encryption.org/v1".utf8)
    private static let lastLineStart = Array("---".utf8)
    private static let newline = UInt8(ascii: "\n")

    /// Every stanza, those of unknown types too, in the order of the file.
    package let stanzas: [Stanza]
    /// The stanzas that an X25519 key may open.
    package let recipients: [X25519Stanza]
    private let code: [UInt8]

    /// A header that wraps `fileKey` in `stanzas`.
    init(stanzas: [Stanza], fileKey: borrowing FileKey) throws(SealingError) {
        self.stanzas = stanzas
        recipients = try Self.recipients(among: stanzas)
        code = fileKey.headerCode(of: Self.authenticated(stanzas))
    }

    /// Reads a header, armored or not, and leaves the rest of `source` alone: for looking at a file
    /// that nobody here can open.
    ///
    /// - Throws: `SealingError` of the layers header, armor, limit and stream.
    package init(source: any ByteSource) throws(SealingError) {
        try self.init(reading: try Armor.removed(from: source))
    }

    /// Reads a header; the source then stands at the payload.
    init(reading source: BufferedSource) throws(SealingError) {
        // Told apart here, so that another kind of file is not read for the end of its first line.
        guard try source.peek(Self.intro.count) == Self.intro else { throw .notAnAgeFile }
        var lines = HeaderLines(of: source)
        guard try lines.next() == Self.firstLine else { throw .unsupportedAgeVersion }
        var stanzas: [Stanza] = []
        var line = try lines.next()
        while line.starts(with: Stanza.start) {
            guard stanzas.count < Self.stanzaLimit else {
                throw .tooManyStanzas(limit: Self.stanzaLimit)
            }
            stanzas.append(try Stanza(line: line, body: &lines))
            line = try lines.next()
        }
        let start = Self.lastLineStart + [UInt8(ascii: " ")]
        guard !stanzas.isEmpty, line.starts(with: start),
            let code = Base64.decode(line.dropFirst(start.count)),
            code.count == HMACSHA256.byteCount
        else { throw .malformedHeaderLine(number: lines.number) }
        self.stanzas = stanzas
        self.code = code
        recipients = try Self.recipients(among: stanzas)
    }

    /// Whether the header is as it was when `fileKey` was wrapped in it.
    func isAuthentic(under fileKey: borrowing FileKey) -> Bool {
        fileKey.verifies(code, of: Self.authenticated(stanzas))
    }

    /// The header as it stands in a file.
    var encoded: [UInt8] {
        Self.authenticated(stanzas) + [UInt8(ascii: " ")] + Base64.encode(code) + [Self.newline]
    }

    /// What the code is made over.
    ///
    /// Reading accepts one spelling only, so for a header that was read these are the file's bytes.
    private static func authenticated(_ stanzas: [Stanza]) -> [UInt8] {
        var text = firstLine + [newline]
        for stanza in stanzas { text.append(contentsOf: stanza.encoded) }
        return text + lastLineStart
    }

    private static func recipients(
        among stanzas: [Stanza]
    ) throws(SealingError) -> [X25519Stanza] {
        var recipients: [X25519Stanza] = []
        for (index, stanza) in stanzas.enumerated() {
            if stanza.type == "scrypt", stanzas.count > 1 { throw .passphraseStanzaNotAlone }
            guard stanza.type == X25519Stanza.type else { continue }
            guard recipients.count < recipientLimit else {
                throw .tooManyRecipients(limit: recipientLimit)
            }
            recipients.append(try X25519Stanza(stanza, position: index + 1))
        }
        return recipients
    }
}

extension AgeHeader {
    /// The header of a sealed file, armored or not, for looking at one without opening it.
    ///
    /// - Throws: `SealingError` of the layers armor, header, limit and stream.
    package init(ofFile source: any ByteSource) throws(SealingError) {
        try self.init(reading: try Armor.removed(from: source))
    }
}
