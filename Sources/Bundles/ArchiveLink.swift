package import Bytes

/// An archive segment's place in its chain.
///
/// ```
/// 0               8                                 40                72
/// sequence be64   previous manifest's BLAKE2b-512,  next writer key
///                 first 32 bytes                    zeros for none
/// ```
package struct ArchiveLink: Hashable, Sendable {
    package let sequence: UInt64
    package let previous: Bytes32
    package let nextWriterKey: Bytes32

    package init(sequence: UInt64, previous: Bytes32, nextWriterKey: Bytes32) {
        self.sequence = sequence
        self.previous = previous
        self.nextWriterKey = nextWriterKey
    }

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: sequence)
        return bytes + previous.array + nextWriterKey.array
    }

    init(from reader: inout FieldReader) throws(BundleError) {
        sequence = try reader.integer(of: .archiveLink)
        previous = try reader.bytes32(of: .archiveLink)
        nextWriterKey = try reader.bytes32(of: .archiveLink)
    }
}
