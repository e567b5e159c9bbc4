import Bytes
import Homeserver
import KeyFormats
import MatrixTypes
import Sealing
import Secrets
import StrictJSON

/// A published identity.
public struct PublishReport: Encodable, Equatable, Sendable {
    /// The document's name and version.
    public let schema = "heirloom.identity-publish.v1"
    /// Whose profile it stands in.
    public let user: String
    /// The identity and its fingerprint.
    public let card: IdentityCard
    /// Until when it holds, ISO 8601.
    public let expiresAt: String
}

/// What a homeserver says of a person's devices, every signature verified.
public struct DevicesReport: Encodable, Equatable, Sendable {
    /// The Matrix user.
    public let user: String
    /// The cross-signing master key, unpadded base64: what two people compare.
    public let masterKey: String
    /// Devices that the person's cross-signing vouches for.
    public let crossSigned: [String]
    /// Devices that nothing vouches for.
    public let unsigned: [String]
    /// Devices whose own signature does not verify.
    public let invalid: [String]

    init(_ user: CrossSignedUser) {
        self.user = user.userID
        masterKey = UnpaddedBase64.encode(user.masterKey.array)
        crossSigned = user.devices.map(\.deviceID)
        unsigned = user.unsigned
        invalid = user.invalid
    }
}

extension Home {
    /// How long a published identity holds, in milliseconds: a year.
    private static let statementLifetime: UInt64 = 366 * 86_400_000

    /// Publishes the identity in the profile of a stored login, signed and bound to that user.
    ///
    /// Everybody can read a profile, and the homeserver can change it: who takes the identity from
    /// there has the server's word, until fingerprints are compared.
    public func publishIdentity(
        user: String?, now: UInt64, _ passphrases: any PassphraseSource
    ) async throws(HeirloomError) -> PublishReport {
        let session = try session(of: user)
        let who = try await session.asking { client async throws(HomeserverError) in
            try await client.whoAmI()
        }
        guard who.user == session.user else {
            throw HeirloomError(
                .server, .loginEnded, "the token is \(who.user.text.shown)’s by now")
        }
        let (value, card, expires) = try statement(for: who, now: now, passphrases)
        try await session.asking { client async throws(HomeserverError) in
            try await client.putProfileField(IdentityStatement.field, of: who.user, value)
        }
        return PublishReport(
            user: who.user.text, card: card, expiresAt: UTCDate.text(milliseconds: expires))
    }

    /// Pins an identity under a name, with what the homeserver says of the person.
    ///
    /// - Parameter identity: `heir1…`; `nil` for the one in the user's profile.
    /// - Throws: `noPublishedIdentity`, `badDeviceKeys`.
    public func addContact(
        name: String, identity: String?, matrixUser: String, login: String?, now: UInt64
    ) async throws(HeirloomError) -> (card: ContactCard, devices: DevicesReport) {
        let user = try UserID(argument: matrixUser)
        let session = try session(of: login)
        let devices = try await devices(of: user, session)
        var text = identity ?? ""
        if identity == nil { text = try await publishedIdentity(of: user, session, now: now) }
        let card = try addContact(
            name: name, identity: text, matrixUser: user.text, masterKey: devices.masterKey,
            now: now)
        return (card, DevicesReport(devices))
    }

    /// Compares the master keys of contacts with what the homeserver says now.
    ///
    /// - Throws: `changedKey` where one is another than was pinned: a hard stop.
    func checkMasterKeys(
        of cards: [ContactCard], _ session: ServerSession
    ) async throws(HeirloomError) {
        for card in cards {
            guard let pinned = card.masterKey, let text = card.matrixUser else { continue }
            let now = try await devices(of: UserID(argument: text), session)
            let current = UnpaddedBase64.encode(now.masterKey.array)
            guard current == pinned else {
                throw HeirloomError(
                    .contacts, .changedKey,
                    "the master key of \(text.shown) is \(current), and \(pinned) was pinned for "
                        + card.title.shown)
            }
        }
    }

    private func devices(
        of user: UserID, _ session: ServerSession
    ) async throws(HeirloomError) -> CrossSignedUser {
        let answer = try await session.asking { client async throws(HomeserverError) in
            try await client.deviceKeys(of: user)
        }
        return try collecting(user.text) { () throws(KeyFormatError) in
            try CrossSignedUser(answer, of: user.text)
        }
    }

    private func publishedIdentity(
        of user: UserID, _ session: ServerSession, now: UInt64
    ) async throws(HeirloomError) -> String {
        let value = try await session.asking { client async throws(HomeserverError) in
            try await client.profileField(IdentityStatement.field, of: user)
        }
        guard let value else {
            throw HeirloomError(
                .server, .noPublishedIdentity, "\(user.text.shown) has published no identity")
        }
        let statement: IdentityStatement
        do throws(HomeserverError) {
            statement = try IdentityStatement(verifying: value, of: user, now: now)
        } catch {
            throw HeirloomError(error, of: user.text)
        }
        let bytes = statement.identity.span
        return try sealing(.contacts, user.text) { () throws(SealingError) in
            try PublicIdentity(
                encryptionKey: X25519.PublicKey(
                    bytes: Bytes32(bytes.extracting(first: 32)) ?? .zero),
                signingKey: Ed25519.PublicKey(bytes: Bytes32(bytes.extracting(32..<64)) ?? .zero)
            ).text
        }
    }

    private func statement(
        for who: WhoAmI, now: UInt64, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> (JSONValue, IdentityCard, UInt64) {
        let identity = try openIdentity(passphrases)
        let expires = now + Self.statementLifetime
        let statement = IdentityStatement(
            identity: identity.publicIdentity.bytes, user: who.user, deviceID: who.device?.text,
            issued: now, expires: expires)
        return (
            statement.signed(by: identity.signingKey), IdentityCard(identity.publicIdentity),
            expires
        )
    }
}
