import Bytes
import FoundationEssentials

/// The list of contacts as a file: JSON, version 1, keys sorted, so that two lists can be compared
/// line by line. Nothing in it is secret; whoever can write it decides whom this program trusts.
extension Contacts {
    /// The longest list accepted, in bytes.
    package static let byteLimit = 1 << 20

    /// The list as JSON text with an end of line.
    package func encoded() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(ContactsFile(self)) else {
            preconditionFailure("strings and whole numbers are always JSON")
        }
        return [UInt8](data) + [UInt8(ascii: "\n")]
    }

    /// Reads a list, by the same rules as adding its contacts one by one.
    ///
    /// - Throws: `contactsTooLarge`, `malformedContacts`, `unsupportedContactsVersion`, and what
    ///   pinning each contact would throw.
    package init(decoding bytes: [UInt8]) throws(SealingError) {
        guard bytes.count <= Self.byteLimit else {
            throw .contactsTooLarge(limit: Self.byteLimit)
        }
        let decoder = JSONDecoder()
        guard let stamp = try? decoder.decode(ContactsVersion.self, from: Data(bytes)) else {
            throw .malformedContacts
        }
        guard stamp.version == 1 else { throw .unsupportedContactsVersion(stamp.version) }
        guard let file = try? decoder.decode(ContactsFile.self, from: Data(bytes)) else {
            throw .malformedContacts
        }
        self.init()
        for entry in file.contacts { try add(try entry.contact()) }
    }
}

private struct ContactsVersion: Decodable {
    let version: Int
}

private struct ContactsFile: Codable {
    var version = 1
    let contacts: [ContactEntry]

    init(_ contacts: Contacts) {
        self.contacts = contacts.list.map(ContactEntry.init)
    }
}

private struct ContactEntry: Codable {
    let name: String
    let identity: String
    let user: String?
    /// Milliseconds since 1970.
    let pinnedAt: UInt64
    /// When the fingerprint was compared, in milliseconds since 1970; absent where it was not.
    let fingerprintComparedAt: UInt64?
    /// The user's cross-signing master key in hexadecimal; absent where it was not looked at.
    let masterKey: String?

    init(_ contact: Contact) {
        name = contact.name
        identity = contact.identity.text
        user = contact.matrixUser
        pinnedAt = contact.pinnedAt
        masterKey = contact.masterKey.map { hexadecimal($0.array) }
        switch contact.check {
        case .unverified: fingerprintComparedAt = nil
        case .fingerprintCompared(let time): fingerprintComparedAt = time
        }
    }

    func contact() throws(SealingError) -> Contact {
        var master: Bytes32?
        if let masterKey {
            guard let bytes = bytes(hexadecimal: masterKey).flatMap(Bytes32.init) else {
                throw .malformedContacts
            }
            master = bytes
        }
        return try Contact(
            name: name, identity: try PublicIdentity(identity), matrixUser: user,
            check: fingerprintComparedAt.map { .fingerprintCompared(at: $0) } ?? .unverified,
            masterKey: master, pinnedAt: pinnedAt)
    }
}
