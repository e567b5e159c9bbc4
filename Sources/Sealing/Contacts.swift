package import Secrets

/// The pinned identities: one key for a name, one name for a key.
///
/// Names that differ in case only are the same name, so that nobody can slip in beside another.
package struct Contacts: Equatable, Sendable {
    /// All contacts, in the order of their names.
    package private(set) var list: [Contact] = []

    package init() {}

    /// The contact of a name.
    package func contact(named name: String) -> Contact? {
        list.first { Self.isSame($0.name, name) }
    }

    /// The contact whose identity this is.
    package func contact(of identity: PublicIdentity) -> Contact? {
        list.first { $0.identity == identity }
    }

    /// The contact who signs with this key.
    package func contact(signingWith key: Ed25519.PublicKey) -> Contact? {
        list.first { $0.identity.signingKey == key }
    }

    /// Pins a key to a name.
    ///
    /// - Throws: `keyChanged` where the name is pinned to another key, which nothing may pass over;
    ///   `alreadyPinned`, `keyPinnedElsewhere`.
    package mutating func add(_ contact: Contact) throws(SealingError) {
        if let known = self.contact(named: contact.name) {
            if known.identity == contact.identity { throw .alreadyPinned }
            throw .keyChanged(
                name: known.name, known: known.identity.fingerprint,
                offered: contact.identity.fingerprint)
        }
        if let known = list.first(where: { $0.identity.sharesKey(with: contact.identity) }) {
            throw .keyPinnedElsewhere(name: known.name)
        }
        list.append(contact)
        list.sort { $0.name < $1.name }
    }

    /// Notes that a contact's fingerprint was compared and is right.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: `unknownContact`.
    package mutating func verify(_ name: String, at now: UInt64) throws(SealingError) {
        let index = try self.index(of: name)
        list[index] = list[index].verified(at: now)
    }

    /// Lets go of a name and its key.
    ///
    /// - Throws: `unknownContact`.
    package mutating func remove(_ name: String) throws(SealingError) {
        list.remove(at: try index(of: name))
    }

    private func index(of name: String) throws(SealingError) -> Int {
        guard let index = list.firstIndex(where: { Self.isSame($0.name, name) }) else {
            throw .unknownContact
        }
        return index
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.lowercased() == right.lowercased()
    }
}

extension PublicIdentity {
    /// Whether either half is the same: two people cannot have one key between them.
    fileprivate func sharesKey(with other: PublicIdentity) -> Bool {
        encryptionKey == other.encryptionKey || signingKey == other.signingKey
    }
}
