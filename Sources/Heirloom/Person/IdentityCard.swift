import Bytes
import MatrixTypes
import Sealing

/// What may be shown of an identity.
public struct IdentityCard: Encodable, Equatable, Sendable {
    /// The whole public identity: `heir1…`.
    public let identity: String
    /// Its encryption half as an age recipient: `age1…`.
    public let ageRecipient: String
    /// Its fingerprint, twelve words.
    public let fingerprintWords: String
    /// The same fingerprint, forty digits.
    public let fingerprintDigits: String

    init(_ identity: PublicIdentity) {
        self.identity = identity.text
        ageRecipient = identity.recipient.text
        fingerprintWords = identity.fingerprint.words
        fingerprintDigits = identity.fingerprint.digits
    }
}

/// What may be shown of a pinned identity, or of one given in full.
public struct ContactCard: Encodable, Equatable, Sendable {
    /// The local name; `nil` for an identity given in full that no contact has.
    public let name: String?
    /// Their identity and its fingerprint.
    public let card: IdentityCard
    /// The Matrix user it was said to belong to.
    public let matrixUser: String?
    /// When its fingerprint was compared; `nil` where it was not.
    public let verifiedAt: String?
    /// That user's cross-signing master key when it was last looked at, unpadded base64.
    public let masterKey: String?

    init(_ contact: Contact) {
        name = contact.name
        card = IdentityCard(contact.identity)
        matrixUser = contact.matrixUser
        masterKey = contact.masterKey.map { UnpaddedBase64.encode($0.array) }
        verifiedAt =
            switch contact.check {
            case .unverified: nil
            case .fingerprintCompared(let at): UTCDate.text(milliseconds: at)
            }
    }

    init(givenInFull identity: PublicIdentity) {
        name = nil
        card = IdentityCard(identity)
        matrixUser = nil
        masterKey = nil
        verifiedAt = nil
    }

    /// How to call them in a sentence.
    public var title: String { name ?? card.identity }
}
