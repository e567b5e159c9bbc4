import Bytes
import Homeserver
import MatrixTypes
import Secrets
import StrictJSON
import Testing

/// An identity in a profile: whose it is, and until when.
@Suite struct IdentityStatementTests {
    static let day: UInt64 = 86_400_000
    static let now: UInt64 = 1_795_478_400_000
    static let bob = "@bob:example.org"

    static func key(_ byte: UInt8) -> Ed25519.SigningKey {
        let seed = [UInt8](repeating: byte, count: 32)
        return Ed25519.SigningKey(seed: SecretBytes(copying: seed.span))
    }

    static func signed(
        by byte: UInt8 = 7, user: String = bob, issued: UInt64 = now, lifetime: UInt64 = 366 * day
    ) throws -> JSONValue {
        let key = key(7)
        let identity = [UInt8](repeating: 9, count: 32) + key.publicKey.bytes.array
        let statement = IdentityStatement(
            identity: identity, user: try UserID(user), deviceID: "ABC", issued: issued,
            expires: issued + lifetime)
        return statement.signed(by: Self.key(byte))
    }

    static func fault(_ value: JSONValue, at now: UInt64 = now) throws -> StatementFault? {
        let user = try UserID(bob)
        do {
            _ = try IdentityStatement(verifying: value, of: user, now: now)
            return nil
        } catch HomeserverError.badStatement(let fault) {
            return fault
        }
    }

    @Test func whatWasSignedIsRead() throws {
        let value = try Self.signed()
        let statement = try IdentityStatement(
            verifying: value, of: UserID(Self.bob), now: Self.now + Self.day)
        #expect(statement.identity.count == 64)
        #expect(statement.deviceID == "ABC")
        #expect(statement.issued == Self.now)
    }

    /// So that it can be taken for no other signed object of Matrix.
    @Test func itsMembersAreItsOwn() throws {
        let members = try #require(try Self.signed().members)
        #expect(
            members.keys.sorted() == [
                "device_id", "expires_at", "identity", "issued_at", "signature", "type", "user_id",
            ])
    }

    @Test func isRefused() throws {
        #expect(try Self.fault(Self.signed(by: 8)) == .signature)
        #expect(try Self.fault(Self.signed(user: "@eve:example.org")) == .otherUser)
        #expect(try Self.fault(Self.signed(), at: Self.now + 367 * Self.day) == .expired)
        #expect(try Self.fault(Self.signed(), at: Self.now - 2 * Self.day) == .times)
        #expect(try Self.fault(Self.signed(lifetime: 800 * Self.day)) == .times)
        #expect(try Self.fault(Self.signed(lifetime: 0)) == .times)
        #expect(try Self.fault(.null) == .malformed)
    }

    @Test(
        "any change breaks the signature",
        arguments: [
            "type", "identity", "user_id", "device_id", "issued_at", "expires_at", "signature",
        ])
    func changesAreSeen(name: String) throws {
        var members = try #require(try Self.signed().members)
        members[name] = nil
        #expect(try Self.fault(.object(members)) != nil)
        members = try #require(try Self.signed().members)
        switch members[name] {
        case .integer(let number): members[name] = .integer(number + 1)
        case .string(let text): members[name] = .string("Z" + text.dropFirst())
        default: Issue.record("no such member")
        }
        #expect(try Self.fault(.object(members)) != nil)
    }

    @Test func nothingMayStandBesideIt() throws {
        var members = try #require(try Self.signed().members)
        members["more"] = .boolean(true)
        #expect(try Self.fault(.object(members)) == .signature)
    }
}
