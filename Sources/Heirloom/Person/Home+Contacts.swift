import Bytes
import Carriers
import Sealing

extension Home {
    /// Pins an identity under a name.
    ///
    /// - Throws: `changedKey` where the name is pinned to another key: a hard stop.
    public func addContact(
        name: String, identity text: String, matrixUser: String?, now: UInt64
    ) throws(HeirloomError) -> ContactCard {
        try addContact(
            name: name, identity: text, matrixUser: matrixUser, masterKey: nil, now: now)
    }

    func addContact(
        name: String, identity text: String, matrixUser: String?, masterKey: Bytes32?,
        now: UInt64
    ) throws(HeirloomError) -> ContactCard {
        let contact = try sealing(.contacts, "the identity given") { () throws(SealingError) in
            try Contact(
                name: name, identity: PublicIdentity(text), matrixUser: matrixUser,
                masterKey: masterKey, pinnedAt: now)
        }
        try change(about: name) { (contacts: inout Contacts) throws(SealingError) in
            try contacts.add(contact)
        }
        return ContactCard(contact)
    }

    /// Compares what the other side reads out with the pinned fingerprint, and notes that it was.
    ///
    /// - Throws: `fingerprintMismatch`; nothing is noted then.
    public func verifyContact(
        name: String, typed: String, now: UInt64
    ) throws(HeirloomError) -> ContactCard {
        let contact = try pinned(name)
        guard contact.identity.fingerprint.matches(typed: typed) else {
            // Half of it says nothing about the key.
            let words = typed.split(whereSeparator: \.isWhitespace).count
            guard words >= 12 || typed.count(where: \.isNumber) >= 40 else {
                throw HeirloomError(
                    .contacts, .badArgument,
                    "what was typed is no fingerprint: expected twelve words or forty digits")
            }
            throw HeirloomError(
                .contacts, .fingerprintMismatch,
                "what was typed is not the fingerprint pinned for \(name.shown)")
        }
        try change(about: name) { (contacts: inout Contacts) throws(SealingError) in
            try contacts.verify(name, at: now)
        }
        return ContactCard(try pinned(name))
    }

    /// Forgets a pinned identity.
    public func removeContact(name: String) throws(HeirloomError) {
        try change(about: name) { (contacts: inout Contacts) throws(SealingError) in
            try contacts.remove(name)
        }
    }

    /// All pinned identities, by name.
    public func contactCards() throws(HeirloomError) -> [ContactCard] {
        try contacts().list.map(ContactCard.init)
    }

    /// One pinned identity.
    public func contactCard(name: String) throws(HeirloomError) -> ContactCard {
        ContactCard(try pinned(name))
    }

    /// The identity that WHO names: a contact's name, or a whole `heir1…`.
    func resolve(_ who: String) throws(HeirloomError) -> (PublicIdentity, ContactCard) {
        guard who.lowercased().hasPrefix("heir1") else {
            let contact = try pinned(who)
            return (contact.identity, ContactCard(contact))
        }
        let identity = try sealing(.contacts, "the identity given") { () throws(SealingError) in
            try PublicIdentity(who)
        }
        let card = try contacts().contact(of: identity).map(ContactCard.init)
        return (identity, card ?? ContactCard(givenInFull: identity))
    }

    func pinned(_ name: String) throws(HeirloomError) -> Contact {
        guard let contact = try contacts().contact(named: name) else {
            throw HeirloomError(
                .contacts, .unknownContact, "there is no contact named \(name.shown)")
        }
        return contact
    }

    func contacts() throws(HeirloomError) -> Contacts {
        let bytes = try contents(
            of: contactsPath, rules: .noSymbolicLink, limit: Contacts.byteLimit, step: .contacts)
        guard let bytes else { return Contacts() }
        return try sealing(.contacts, contactsPath) { () throws(SealingError) in
            try Contacts(decoding: bytes)
        }
    }

    /// Changes the list under a lock, so that two programs do not undo each other.
    private func change(
        about name: String, _ body: (inout Contacts) throws(SealingError) -> Void
    ) throws(HeirloomError) {
        try makeConfiguration()
        let lock = try lock(contactsPath, step: .contacts)
        defer { withExtendedLifetime(lock) {} }
        var list = try contacts()
        do throws(SealingError) { try body(&list) } catch {
            throw HeirloomError(.contacts, error, of: name)
        }
        try store(list.encoded().span, at: contactsPath, replacing: true, step: .contacts)
    }
}
