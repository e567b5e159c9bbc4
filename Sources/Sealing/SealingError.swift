package import Bytes

/// What sealing, opening, identities and contacts refuse.
///
/// The cases carry facts only, never bytes or text of what was read, because that may be secret.
package enum SealingError: Error, Equatable, Sendable {
    // MARK: The header of a sealed file

    /// The bytes do not begin as an age file does.
    case notAnAgeFile
    /// It is an age file of another version than 1.
    case unsupportedAgeVersion
    /// The file ends before its header, or the 16-byte nonce behind it, is complete.
    case headerEndsEarly
    /// A line of the header breaks the grammar; counted from 1.
    case malformedHeaderLine(number: Int)
    /// An X25519 stanza has not one share of 32 bytes and a body of 32; counted from 1.
    case malformedX25519Stanza(position: Int)
    /// The share of an X25519 stanza is a low-order point; counted from 1 among all stanzas.
    case lowOrderShare(position: Int)
    /// A passphrase stanza stands beside others, which age forbids.
    case passphraseStanzaNotAlone
    /// None of our keys opens any of the stanzas.
    case noMatch(recipientCount: Int)
    /// The header's code does not verify under the file key.
    case headerNotAuthentic

    // MARK: The payload

    /// A chunk does not verify in its place; counted from 0.
    case chunkNotAuthentic(index: Int)
    /// The payload ends inside a chunk's tag; counted from 0.
    case payloadEndsEarly(index: Int)
    /// The file ends where more chunks must follow.
    case finalChunkMissing
    /// Something follows the chunk that says it is the last.
    case bytesBehindFinalChunk
    /// The last chunk holds nothing although others stand before it.
    case emptyFinalChunk

    // MARK: Armor

    /// A line of the armor breaks the grammar; counted from 1.
    case malformedArmor(line: Int)
    /// The armor has no closing line.
    case armorEndsEarly

    // MARK: Keys and identities

    /// The text of a key is not what its encoding asks for.
    case malformedKeyText(KeyText, Bech32.Fault)
    /// The text of a key holds another number of bytes than such a key has.
    case wrongKeyByteCount(KeyText, expected: Int, actual: Int)
    /// An X25519 public key is of low order or not in its canonical spelling.
    case unsoundEncryptionKey
    /// An Ed25519 public key is not a canonical point of the prime-order group.
    case invalidSigningKey
    /// A part of the identity file is not as it should be.
    case malformedIdentityFile(IdentityFile.Part)
    /// The secret part of the identity file does not verify although the passphrase is right.
    case identityFileDamaged
    /// The public line of the identity file belongs to other secrets.
    case identityMismatch
    /// The identity file is under a passphrase, and none was given.
    case passphraseNeeded
    /// The identity file is not under a passphrase.
    case passphraseNotNeeded
    /// There is nobody to seal to.
    case noRecipients
    /// A recipient is named twice; both positions counted from 0.
    case duplicateRecipient(first: Int, second: Int)

    // MARK: Passphrases

    /// The passphrase is not the one the identity file was sealed under.
    case wrongPassphrase
    /// A typed passphrase has fewer characters than are asked for.
    case passphraseTooShort(minimum: Int)

    // MARK: Limits

    /// The header is longer than is accepted, in bytes.
    case headerTooLarge(limit: Int)
    /// There are more stanzas than are accepted.
    case tooManyStanzas(limit: Int)
    /// There are more recipients than are accepted.
    case tooManyRecipients(limit: Int)
    /// The armored file is longer than is accepted, in bytes.
    case armorTooLarge(limit: Int)
    /// The work Argon2id is asked to do lies outside what is accepted; memory in KiB.
    case costOutOfBounds(passes: UInt32, kibibytes: UInt32)
    /// The system has not the memory that the identity file asks for, in KiB.
    case outOfMemory(kibibytes: Int)
    /// The list of contacts is longer than is accepted, in bytes.
    case contactsTooLarge(limit: Int)

    // MARK: Contacts

    /// A contact cannot have such a name.
    case unsuitableName(ContactName.Fault)
    /// What was given as a Matrix user id is none.
    case malformedMatrixUser
    /// No contact has this name.
    case unknownContact
    /// This name is pinned to this key already.
    case alreadyPinned
    /// This key, or half of it, is pinned under another name.
    case keyPinnedElsewhere(name: String)
    /// This name is pinned to another key: nothing goes on until a person has looked.
    case keyChanged(name: String, known: Fingerprint, offered: Fingerprint)
    /// The list of contacts is not as it should be.
    case malformedContacts
    /// The list of contacts is of another version than 1.
    case unsupportedContactsVersion(Int)

    /// The bytes could not be moved.
    case stream(StreamError)
}
