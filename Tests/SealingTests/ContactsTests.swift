import TestSupport
import Testing

@testable import Sealing

/// Pinned identities, and that a changed key stops everything.
struct ContactsTests {
    private let alice = newIdentity(1).publicIdentity
    private let bob = newIdentity(2).publicIdentity

    @Test func contactsAreFoundByNameAndByKey() throws {
        var contacts = Contacts()
        let contact = try Contact(name: "Alice", identity: alice, matrixUser: "@a:hs", pinnedAt: 5)
        try contacts.add(try Contact(name: "Bob", identity: bob, pinnedAt: 6))
        try contacts.add(contact)
        #expect(contacts.list.map(\.name) == ["Alice", "Bob"])
        #expect(contacts.contact(named: "alice") == contact)
        #expect(contacts.contact(of: alice) == contact)
        #expect(contacts.contact(signingWith: alice.signingKey) == contact)
        #expect(contacts.contact(named: "carol") == nil)
        try contacts.remove("ALICE")
        #expect(contacts.contact(of: alice) == nil)
        #expect(throws: SealingError.unknownContact) { try contacts.remove("Alice") }
    }

    @Test("idn-13: a new key for a pinned name") func changedKey() throws {
        var contacts = Contacts()
        try contacts.add(try Contact(name: "Alice", identity: alice, pinnedAt: 5))
        let before = contacts
        for name in ["Alice", "ALICE"] {
            let other = try Contact(name: name, identity: bob, pinnedAt: 6)
            #expect(
                throws: SealingError.keyChanged(
                    name: "Alice", known: alice.fingerprint, offered: bob.fingerprint)
            ) { try contacts.add(other) }
        }
        #expect(contacts == before)
    }

    @Test func oneKeyHasOneName() throws {
        var contacts = Contacts()
        try contacts.add(try Contact(name: "Alice", identity: alice, pinnedAt: 5))
        let again = try Contact(name: "Alice", identity: alice, pinnedAt: 6)
        #expect(throws: SealingError.alreadyPinned) { try contacts.add(again) }
        let half = try PublicIdentity(
            encryptionKey: bob.encryptionKey, signingKey: alice.signingKey)
        for identity in [alice, half] {
            let other = try Contact(name: "Mallory", identity: identity, pinnedAt: 6)
            #expect(throws: SealingError.keyPinnedElsewhere(name: "Alice")) {
                try contacts.add(other)
            }
        }
    }

    @Test func comparingIsNoted() throws {
        var contacts = Contacts()
        try contacts.add(try Contact(name: "Alice", identity: alice, pinnedAt: 5))
        try contacts.verify("alice", at: 7)
        let contact = try #require(contacts.contact(named: "Alice"))
        #expect(contact.check == .fingerprintCompared(at: 7))
        #expect(contact.pinnedAt == 5)
        #expect(throws: SealingError.unknownContact) { try contacts.verify("Bob", at: 7) }
    }

    @Test(
        "names that would mislead",
        arguments: [
            ("", ContactName.Fault.length), (String(repeating: "x", count: 65), .length),
            ("a\nb", .invisibleCharacter), ("a\u{1b}[31m", .invisibleCharacter),
            ("a\u{202e}b", .invisibleCharacter), ("a\u{2066}b", .invisibleCharacter),
            ("a\u{2028}b", .invisibleCharacter), ("a\u{85}", .invisibleCharacter),
            ("heir1abc", .ambiguousStart), ("AGE1x", .ambiguousStart), ("-o", .ambiguousStart),
            (" a", .outerWhiteSpace), ("a ", .outerWhiteSpace),
        ])
    func badNames(_ name: String, _ fault: ContactName.Fault) {
        #expect(throws: SealingError.unsuitableName(fault)) {
            _ = try Contact(name: name, identity: alice, pinnedAt: 0)
        }
    }

    @Test(arguments: ["Alice", "heirloom", "Zoë Ångström", "李", String(repeating: "x", count: 64)])
    func goodNames(_ name: String) throws {
        #expect(try Contact(name: name, identity: alice, pinnedAt: 0).name == name)
    }

    @Test(arguments: [
        "", "a:b", "@a", "@a:b\u{7}", "@" + String(repeating: "x", count: 255) + ":b",
    ])
    func badUsers(_ user: String) {
        #expect(throws: SealingError.malformedMatrixUser) {
            _ = try Contact(name: "A", identity: alice, matrixUser: user, pinnedAt: 0)
        }
    }

    @Test func listsComeBackAsTheyWere() throws {
        var contacts = Contacts()
        #expect(try Contacts(decoding: contacts.encoded()) == contacts)
        try contacts.add(try Contact(name: "Bob", identity: bob, matrixUser: "@b:hs", pinnedAt: 6))
        try contacts.add(try Contact(name: "Zoë \"/\"", identity: alice, pinnedAt: .max))
        try contacts.verify("Bob", at: 8)
        let bytes = contacts.encoded()
        let back = try Contacts(decoding: bytes)
        #expect(back == contacts)
        #expect(back.encoded() == bytes)
    }

    @Test func damagedListsAreRefused() throws {
        var contacts = Contacts()
        try contacts.add(try Contact(name: "Bob", identity: bob, pinnedAt: 6))
        let text = String(decoding: contacts.encoded(), as: UTF8.self)
        func failure(_ text: String) -> SealingError? {
            do throws(SealingError) {
                _ = try Contacts(decoding: Array(text.utf8))
                return nil
            } catch {
                return error
            }
        }
        #expect(failure(text) == nil)
        #expect(failure("") == .malformedContacts)
        #expect(failure("{\"version\": 1}") == .malformedContacts)
        #expect(failure("{\"version\": 2}") == .unsupportedContactsVersion(2))
        #expect(failure(text.replacing("Bob", with: "-Bob")) == .unsuitableName(.ambiguousStart))
        #expect(failure(text.replacing("heir1", with: "heir1q"))?.layer == .identity)
        #expect(
            failure(text.replacing("\"pinnedAt\" : 6", with: "\"pinnedAt\" : -6"))
                == .malformedContacts)
        let long = text + String(repeating: " ", count: 1 << 20)
        #expect(failure(long) == .contactsTooLarge(limit: 1 << 20))
    }
}
