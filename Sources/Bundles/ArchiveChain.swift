package import Bytes
package import Secrets

/// A write-only archive so far: where its chain of segments stands, for whoever adds the next segment
/// and for whoever checks them.
///
/// Every segment names its place, the one before it, and the key that will sign the next; the writer
/// forgets a key once it has signed. So who takes the machine can add segments, and cannot change,
/// leave out or reorder those that are there. Cutting off the newest shows only against a head that was
/// kept elsewhere.
package struct ArchiveChain: Hashable, Sendable {
    /// The place of the first segment.
    package static let firstSequence: UInt64 = 1

    /// The last segment, or nothing yet.
    package private(set) var head: ArchiveHead?
    /// The key that signs the next segment; `nil` where the last one ended the chain.
    package private(set) var nextWriter: Ed25519.PublicKey?

    /// A head noted elsewhere, that the chain must come by; `nil` where none was kept, and then
    /// nobody can tell whether the newest segments are missing.
    package let keptHead: ArchiveHead?

    /// A chain with no segment yet, of a writer whose first key its owner has pinned.
    package init(firstWriter: Ed25519.PublicKey, keptHead: ArchiveHead? = nil) {
        nextWriter = firstWriter
        self.keptHead = keptHead
    }

    /// The link that the next segment's manifest carries.
    ///
    /// - Parameter nextWriter: the key that will sign the segment after it; `nil` to end the chain.
    package func link(nextWriter: Ed25519.PublicKey?) -> ArchiveLink {
        ArchiveLink(
            sequence: expectedSequence, previous: head?.digest ?? .zero,
            nextWriterKey: nextWriter?.bytes ?? .zero)
    }

    /// Takes the next segment, whose frames were verified under `writer`.
    ///
    /// - Throws: `ArchiveChainError`; the chain is then as it was.
    package mutating func append(
        _ manifest: BundleManifest, signedBy writer: Ed25519.PublicKey
    ) throws(ArchiveChainError) {
        guard let link = manifest.archiveLink else { throw .notASegment }
        let expected = expectedSequence
        guard let expectedWriter = nextWriter else { throw .ended(before: link.sequence) }
        guard link.sequence == expected else {
            throw .wrongPlace(expected: expected, actual: link.sequence)
        }
        guard writer == expectedWriter else { throw .otherWriter(sequence: expected) }
        guard link.previous == head?.digest ?? .zero else {
            throw .otherPredecessor(sequence: expected)
        }
        let next = Ed25519.PublicKey(bytes: link.nextWriterKey)
        let isLast = link.nextWriterKey == .zero
        guard isLast || next.isValidPoint else { throw .invalidNextWriter(sequence: expected) }
        let head = ArchiveHead(of: manifest, sequence: expected)
        if let keptHead, keptHead.sequence == expected, keptHead != head {
            throw .otherHead(sequence: expected)
        }
        self.head = head
        nextWriter = isLast ? nil : next
    }

    /// Refuses a chain that ends before the head kept elsewhere; asked once all segments were taken.
    ///
    /// - Throws: `truncated`.
    package func checkEnd() throws(ArchiveChainError) {
        guard let keptHead, head.map({ $0.sequence < keptHead.sequence }) ?? true else { return }
        throw .truncated(expected: keptHead.sequence, actual: head?.sequence ?? 0)
    }

    private var expectedSequence: UInt64 {
        head.map { $0.sequence + 1 } ?? Self.firstSequence
    }
}

/// A segment as its successor knows it: what is printed, mailed or posted so that nobody can cut the
/// newest segments off unseen.
package struct ArchiveHead: Hashable, Sendable {
    package let sequence: UInt64
    /// The first 32 bytes of the BLAKE2b-512 of the segment's manifest.
    package let digest: Bytes32

    /// The head once a segment was written; `nil` for a bundle that is none.
    package init?(after manifest: BundleManifest) {
        guard let link = manifest.archiveLink else { return nil }
        self.init(of: manifest, sequence: link.sequence)
    }

    init(of manifest: BundleManifest, sequence: UInt64) {
        self.sequence = sequence
        let digest = BLAKE2b.hash(manifest.encoded.span, byteCount: 64)
        self.digest = Bytes32(Array(digest.prefix(32))) ?? .zero
    }

    /// Reads `sequence:64 hexadecimal digits`, in its one spelling.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = UInt64(parts[0]), sequence > 0,
            let digest = bytes(hexadecimal: parts[1]).flatMap({ Bytes32($0) })
        else { return nil }
        self.sequence = sequence
        self.digest = digest
        guard description == text else { return nil }
    }
}

extension ArchiveHead: CustomStringConvertible {
    /// `sequence:64 hexadecimal digits`.
    package var description: String { "\(sequence):\(hexadecimal(digest.array))" }
}
