import Bytes
package import MatrixTypes
package import Secrets
package import StrictJSON

/// What a person's profile says of their identity: signed by the identity, bound to the Matrix user
/// (`formats/identity.md`, "In a profile").
///
/// It shows that whoever holds the identity meant this user. That the profile is the person's own is
/// the homeserver's word.
package struct IdentityStatement: Hashable, Sendable {
    /// The profile's field.
    package static let field = "dev.heirloom.identity"
    private static let type = "dev.heirloom.identity.v1"
    private static let context = Array("heirloom/v1/statement\0".utf8)
    /// A statement is for this long at most, in milliseconds: two years.
    package static let longestLifetime: UInt64 = 731 * 86_400_000
    /// How far a clock may be behind, in milliseconds.
    private static let skew: UInt64 = 86_400_000

    /// The identity's two public keys, 64 bytes.
    package let identity: [UInt8]
    package let user: UserID
    /// The login that published it; `nil` for a token without a device.
    package let deviceID: String?
    /// Milliseconds since 1970.
    package let issued: UInt64
    package let expires: UInt64

    package init(
        identity: [UInt8], user: UserID, deviceID: String?, issued: UInt64, expires: UInt64
    ) {
        precondition(identity.count == 64)
        self.identity = identity
        self.user = user
        self.deviceID = deviceID
        self.issued = issued
        self.expires = expires
    }

    /// The statement with its signature.
    package func signed(by key: borrowing Ed25519.SigningKey) -> JSONValue {
        var members = self.members
        let signature = key.sign(Self.signedBytes(members).span)
        members["signature"] = .string(UnpaddedBase64.encode(signature))
        return .object(members)
    }

    /// Reads and verifies what a profile says.
    ///
    /// - Parameters:
    ///   - user: whose profile it is.
    ///   - now: milliseconds since 1970.
    /// - Throws: `badStatement`.
    package init(
        verifying value: JSONValue, of user: UserID, now: UInt64
    ) throws(HomeserverError) {
        guard var members = value.members, members["type"]?.text == Self.type,
            let identity = members["identity"]?.text.flatMap({
                UnpaddedBase64.decode(Array($0.utf8).span)
            }),
            identity.count == 64, let key = Bytes32(identity.span.extracting(32..<64)),
            let named = members["user_id"]?.text.flatMap({ try? UserID($0) }),
            let issued = members["issued_at"]?.integer.flatMap(UInt64.init(exactly:)),
            let expires = members["expires_at"]?.integer.flatMap(UInt64.init(exactly:)),
            let signature = members["signature"]?.text.flatMap({
                UnpaddedBase64.decode(Array($0.utf8).span)
            })
        else { throw .badStatement(.malformed) }
        members["signature"] = nil
        let signer = Ed25519.PublicKey(bytes: key)
        guard signer.isValidPoint,
            signer.verifies(signature.span, of: Self.signedBytes(members).span)
        else { throw .badStatement(.signature) }
        guard named == user else { throw .badStatement(.otherUser) }
        guard issued <= now + Self.skew, issued < expires,
            expires - issued <= Self.longestLifetime
        else { throw .badStatement(.times) }
        guard now < expires else { throw .badStatement(.expired) }
        self.init(
            identity: identity, user: user, deviceID: members["device_id"]?.text, issued: issued,
            expires: expires)
        guard self.members == members else { throw .badStatement(.malformed) }
    }

    private var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "type": .string(Self.type), "identity": .string(UnpaddedBase64.encode(identity)),
            "user_id": .string(user.text), "issued_at": .integer(Int64(issued)),
            "expires_at": .integer(Int64(expires)),
        ]
        if let deviceID { members["device_id"] = .string(deviceID) }
        return members
    }

    /// `heirloom/v1/statement`, a zero byte, and the BLAKE2b-512 of the canonical JSON.
    private static func signedBytes(_ members: [String: JSONValue]) -> [UInt8] {
        let text = JSONValue.object(members).canonical ?? []
        return context + BLAKE2b.hash(text.span, byteCount: 64)
    }
}

/// What is wrong with a statement.
package enum StatementFault: String, Hashable, Sendable {
    case malformed = "it is no statement of this version"
    case signature = "its signature does not verify"
    case otherUser = "it is of another user"
    case times = "its times are not those of a statement"
    case expired = "its time is over"
}
