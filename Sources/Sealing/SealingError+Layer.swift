extension SealingError {
    /// Which layer refused; the words of the hostile-input list in `formats/`.
    package enum Layer: String, Sendable {
        case header, noMatch, hmac, payload, armor, identity, passphrase, limit, contact, stream
    }

    /// Which layer refused.
    package var layer: Layer {
        switch self {
        case .notAnAgeFile, .unsupportedAgeVersion, .headerEndsEarly, .malformedHeaderLine,
            .malformedX25519Stanza, .lowOrderShare, .passphraseStanzaNotAlone:
            .header
        case .noMatch: .noMatch
        case .headerNotAuthentic: .hmac
        case .chunkNotAuthentic, .payloadEndsEarly, .finalChunkMissing, .bytesBehindFinalChunk,
            .emptyFinalChunk:
            .payload
        case .malformedArmor, .armorEndsEarly: .armor
        case .malformedKeyText, .wrongKeyByteCount, .unsoundEncryptionKey, .invalidSigningKey,
            .malformedIdentityFile, .identityFileDamaged, .identityMismatch, .noRecipients,
            .duplicateRecipient:
            .identity
        case .passphraseNeeded, .passphraseNotNeeded, .wrongPassphrase, .passphraseTooShort:
            .passphrase
        case .headerTooLarge, .tooManyStanzas, .tooManyRecipients, .armorTooLarge,
            .costOutOfBounds, .outOfMemory, .contactsTooLarge:
            .limit
        case .unsuitableName, .malformedMatrixUser, .unknownContact, .alreadyPinned,
            .keyPinnedElsewhere, .keyChanged, .malformedContacts, .unsupportedContactsVersion:
            .contact
        case .stream: .stream
        }
    }
}
