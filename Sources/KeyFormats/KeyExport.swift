import Bytes

/// The key export file of the Matrix spec, "Key exports".
///
/// ```
/// -----BEGIN MEGOLM SESSION DATA-----
/// base64 of:
/// offset  0    1       17     33       37            n-32   n
///         0x01 salt    IV     rounds   ciphertext    MAC
///              16      16     be32     any           32
/// -----END MEGOLM SESSION DATA-----
/// ```
///
/// PBKDF2-HMAC-SHA-512 of the passphrase gives 64 bytes: 32 for AES-256-CTR, 32 for HMAC-SHA-256
/// over everything before the MAC.
package enum KeyExport {
    static let beginLine = "-----BEGIN MEGOLM SESSION DATA-----"
    static let endLine = "-----END MEGOLM SESSION DATA-----"

    static let version: UInt8 = 1
    static let saltByteCount = 16
    static let initialVectorByteCount = 16
    static let headerByteCount = 37
    static let macByteCount = 32
    static let overheadByteCount = headerByteCount + macByteCount

    /// What is written; the spec's floor is 100,000, Element's choice is this.
    package static let writtenRounds: UInt32 = 500_000
    /// More rounds than this are not done unasked: about 4 seconds' work.
    package static let usualRoundsLimit: UInt32 = 10_000_000
    /// Base64 characters a line, as Element writes: 96 bytes.
    static let lineLength = 128
}

/// What stands in front of the ciphertext.
struct KeyExportHeader {
    let bytes: [UInt8]

    /// - Throws: `unknownVersion`, `noRounds` or `tooManyRounds`.
    init(_ bytes: [UInt8], roundsLimit: UInt32) throws(KeyFormatError) {
        self.bytes = bytes
        guard bytes[0] == KeyExport.version else { throw .unknownVersion(bytes[0]) }
        guard rounds > 0 else { throw .noRounds }
        guard rounds <= roundsLimit else {
            throw .tooManyRounds(rounds: rounds, limit: roundsLimit)
        }
    }

    init(salt: [UInt8], initialVector: [UInt8], rounds: UInt32) {
        var bytes = [KeyExport.version] + salt + initialVector
        bytes.append(bigEndian: rounds)
        self.bytes = bytes
    }

    var salt: [UInt8] { Array(bytes[1..<17]) }
    var initialVector: [UInt8] { Array(bytes[17..<33]) }
    var rounds: UInt32 { bytes.span.bigEndian(at: 33, as: UInt32.self) }
}
