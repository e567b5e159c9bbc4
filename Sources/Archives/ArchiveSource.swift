package import Bytes

/// Where keys came from, as the caller knows it.
package struct ArchiveSource: Hashable, Sendable {
    /// What kind of file it was.
    package enum Kind: Int, Hashable, Sendable {
        case keyExport = 1
        case keyBackup = 2
        case roomKeyBundle = 3
        case jsonLines = 4
        /// A sealed hand-over.
        case bundle = 5
        /// A segment of a write-only archive.
        case segment = 6
    }

    package let kind: Kind
    /// The file's name, for people; at most 255 bytes.
    package let name: String
    /// A digest of the file's bytes: the same digest is the same source.
    package let digest: Bytes32
    /// When its maker says it was made, in milliseconds since 1970.
    package let madeMilliseconds: UInt64?
    /// The Ed25519 key that signed it, where one did.
    package let signer: Bytes32?
    /// The bundle's id, 16 bytes, where it was one.
    package let bundle: [UInt8]?

    /// - Throws: `badText`.
    package init(
        kind: Kind, name: String, digest: Bytes32, madeMilliseconds: UInt64? = nil,
        signer: Bytes32? = nil, bundle: [UInt8]? = nil
    ) throws(ArchiveError) {
        precondition(bundle == nil || bundle?.count == 16)
        self.kind = kind
        self.name = try checked(name)
        self.digest = digest
        self.madeMilliseconds = madeMilliseconds
        self.signer = signer
        self.bundle = bundle
    }
}

/// A source's number in its archive.
package struct SourceID: Hashable, Comparable, Sendable {
    package let value: Int64

    package init(_ value: Int64) {
        self.value = value
    }

    package static func < (left: SourceID, right: SourceID) -> Bool { left.value < right.value }
}

/// A source as the archive holds it.
package struct ArchivedSource: Hashable, Sendable {
    package let id: SourceID
    package let source: ArchiveSource
    /// When it was first added, in milliseconds since 1970.
    package let addedMilliseconds: UInt64
}
