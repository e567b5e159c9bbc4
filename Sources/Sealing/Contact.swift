package import Bytes

/// A public identity that was pinned to a name.
package struct Contact: Equatable, Sendable {
    /// How it was made sure that the key is the person's.
    package enum Check: Equatable, Sendable {
        /// Not at all: the key came from where it came from.
        case unverified
        /// The fingerprint was compared, at a time in milliseconds since 1970.
        case fingerprintCompared(at: UInt64)
    }

    package let name: String
    package let identity: PublicIdentity
    /// The Matrix user it was said to belong to: a claim, never proof.
    package let matrixUser: String?
    package let check: Check
    /// The master key of that user's cross-signing as it was when last looked at, 32 bytes.
    package let masterKey: Bytes32?
    /// When it was pinned, in milliseconds since 1970.
    package let pinnedAt: UInt64

    /// - Throws: `unsuitableName`, `malformedMatrixUser`.
    package init(
        name: String, identity: PublicIdentity, matrixUser: String? = nil,
        check: Check = .unverified, masterKey: Bytes32? = nil, pinnedAt: UInt64
    ) throws(SealingError) {
        try ContactName.check(name)
        if let matrixUser {
            // The room of Matrix's own types is not known here; this keeps a screen and a file safe.
            guard matrixUser.hasPrefix("@"), matrixUser.contains(":"),
                matrixUser.utf8.count <= 255,
                !matrixUser.unicodeScalars.contains(where: ContactName.isInvisible)
            else { throw .malformedMatrixUser }
        }
        self.name = name
        self.identity = identity
        self.matrixUser = matrixUser
        self.check = check
        self.masterKey = masterKey
        self.pinnedAt = pinnedAt
    }

    private init(_ other: Contact, check: Check) {
        name = other.name
        identity = other.identity
        matrixUser = other.matrixUser
        pinnedAt = other.pinnedAt
        masterKey = other.masterKey
        self.check = check
    }

    /// The same contact after its fingerprint was compared.
    ///
    /// - Parameter now: milliseconds since 1970.
    func verified(at now: UInt64) -> Contact {
        Contact(self, check: .fingerprintCompared(at: now))
    }
}
