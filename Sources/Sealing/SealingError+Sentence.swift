import Bytes

extension SealingError: CustomStringConvertible {
    package var description: String {
        switch layer {
        case .header, .noMatch, .hmac, .payload, .armor, .stream: fileSentence
        case .identity, .passphrase: identitySentence
        case .limit: limitSentence
        case .contact: contactSentence
        }
    }

    private var fileSentence: String {
        switch self {
        case .notAnAgeFile: "this is not a sealed file: it does not begin as an age file does"
        case .unsupportedAgeVersion: "the sealed file is not of age version 1"
        case .headerEndsEarly: "the sealed file ends inside its header"
        case .malformedHeaderLine(let number):
            "line \(number) of the sealed file's header is malformed"
        case .malformedX25519Stanza(let position):
            "recipient entry \(position) of the sealed file is malformed"
        case .lowOrderShare(let position):
            "recipient entry \(position) of the sealed file holds a low-order point"
        case .passphraseStanzaNotAlone:
            "the sealed file mixes a passphrase entry with other recipients, which age forbids"
        case .noMatch(let count):
            "the sealed file is not for this identity; recipients it names: \(count)"
        case .headerNotAuthentic: "the sealed file's header was altered after it was made"
        case .chunkNotAuthentic(let index):
            "piece \(index) of the sealed file was altered, moved or cut"
        case .payloadEndsEarly(let index): "the sealed file ends inside piece \(index)"
        case .finalChunkMissing: "the sealed file was cut short: its last piece is missing"
        case .bytesBehindFinalChunk: "something was added behind the end of the sealed file"
        case .emptyFinalChunk: "the sealed file ends with an empty piece, which age forbids"
        case .malformedArmor(let line): "line \(line) of the armored file is malformed"
        case .armorEndsEarly: "the armored file has no closing line"
        case .stream(let error): error.description
        default: ""
        }
    }

    private var identitySentence: String {
        switch self {
        case .malformedKeyText(let text, let fault): "\(text) is malformed: \(fault)"
        case .wrongKeyByteCount(let text, let expected, let actual):
            "\(text) should hold \(expected) bytes and holds \(actual)"
        case .unsoundEncryptionKey: "the encryption key is not a sound X25519 public key"
        case .invalidSigningKey: "the signing key is not a valid Ed25519 public key"
        case .malformedIdentityFile(let part): "the identity file's \(part) is malformed"
        case .identityFileDamaged: "the passphrase is right, but the identity file is damaged"
        case .identityMismatch: "the identity file's public line does not belong to its secrets"
        case .noRecipients: "there is nobody to seal to"
        case .duplicateRecipient(let first, let second):
            "recipients \(first + 1) and \(second + 1) are the same"
        case .passphraseNeeded: "the identity file is under a passphrase"
        case .passphraseNotNeeded: "the identity file is not under a passphrase"
        case .wrongPassphrase: "the passphrase is wrong"
        case .passphraseTooShort(let minimum):
            "the passphrase is too short: it needs at least \(minimum) characters"
        default: ""
        }
    }

    private var limitSentence: String {
        switch self {
        case .headerTooLarge(let limit): "the sealed file's header is longer than \(limit) bytes"
        case .tooManyStanzas(let limit): "the sealed file has more than \(limit) entries"
        case .tooManyRecipients(let limit): "there are more than \(limit) recipients"
        case .armorTooLarge(let limit): "the armored file is longer than \(limit) bytes"
        case .costOutOfBounds(let passes, let kibibytes):
            "the identity file asks for \(passes) passes over \(kibibytes) KiB; accepted are "
                + "\(IdentityFile.acceptedPasses.lowerBound) to "
                + "\(IdentityFile.acceptedPasses.upperBound) passes over "
                + "\(IdentityFile.acceptedKibibytes.lowerBound) to "
                + "\(IdentityFile.acceptedKibibytes.upperBound) KiB"
        case .outOfMemory(let kibibytes):
            "the identity file needs \(kibibytes) KiB of memory, which the system has not"
        case .contactsTooLarge(let limit): "the list of contacts is longer than \(limit) bytes"
        default: ""
        }
    }

    private var contactSentence: String {
        switch self {
        case .unsuitableName(let fault): "a contact cannot have this name: \(fault)"
        case .malformedMatrixUser: "a Matrix user id begins with @ and has a : in it"
        case .unknownContact: "there is no contact of this name"
        case .alreadyPinned: "this contact is pinned already, with the same key"
        case .keyPinnedElsewhere(let name): "this key is already pinned as \(name)"
        case .keyChanged(let name, let known, let offered):
            "the key of \(name) has changed: pinned is \(known.words), offered is \(offered.words)"
        case .malformedContacts: "the list of contacts is malformed"
        case .unsupportedContactsVersion(let version):
            "the list of contacts is of version \(version); this program knows version 1"
        default: ""
        }
    }
}
