/// What kind of thing went wrong, for a program to switch over and for the command's hints and exit
/// codes.
///
/// The sentence for a person stands in `HeirloomError`.
public enum Problem: String, CaseIterable, Codable, Sendable {
    // Files
    /// A file cannot be read.
    case unreadable
    /// A file cannot be written.
    case unwritable
    /// There is a file of that name already.
    case fileExists
    /// A file that holds secrets is open to others.
    case openToOthers
    /// It is larger or asks for more than is accepted.
    case overLimit
    /// Binary would go to a terminal.
    case binaryToTerminal

    // Key files
    /// It is no kind of file that is known here.
    case unknownKind
    /// A kind of file that this step does not take.
    case wrongKind
    /// It ends too early.
    case cutShort
    /// Its bytes or text are damaged.
    case damaged
    /// The passphrase is wrong, or the file damaged: the format cannot tell.
    case wrongPassphraseOrDamaged
    /// What was given does not open a key backup.
    case wrongRecoveryKey
    /// It asks for more key-derivation work than is done unasked.
    case tooMuchWork
    /// Keys printed by Python where JSON belongs.
    case pythonLiteral

    // Identity and contacts
    /// There is no identity yet.
    case noIdentity
    /// There is an identity already.
    case identityExists
    /// The passphrase of the identity is wrong.
    case wrongPassphrase
    /// A passphrase is too short to guard anything.
    case weakPassphrase
    /// No way to ask for a passphrase.
    case noPassphrase
    /// An identity or its text is malformed.
    case badIdentity
    /// No contact has this name.
    case unknownContact
    /// A name cannot be a contact's.
    case badContact
    /// A known name came with another key.
    case changedKey
    /// A typed fingerprint is another's.
    case fingerprintMismatch

    // Opening and verifying
    /// It is sealed to somebody else.
    case notForUs
    /// It is sealed for us, but is no bundle.
    case notABundle
    /// It was made by a newer version.
    case newerVersion
    /// Its signer is nobody we know.
    case unknownSigner
    /// It is signed by somebody else than was named.
    case wrongSigner
    /// A signature does not verify.
    case badSignature
    /// It is signed, but breaks its format.
    case malformedBundle
    /// We opened it, but it was not addressed to us.
    case wrongAudience
    /// Its time is over.
    case expired
    /// It was made in the future.
    case notYetValid
    /// The clock here cannot be right.
    case wrongClock
    /// It was taken in before.
    case replayed
    /// Another bundle under an id that was taken in before.
    case replayedWithOtherContent
    /// It is of another room.
    case wrongRoom
    /// It is an archive, not a hand-over.
    case wrongPurpose

    // The archive
    /// Another program is writing to it.
    case archiveBusy
    /// The archive's file is damaged.
    case damagedArchive
    /// The archive belongs to another identity.
    case wrongArchiveKey
    /// Segments of a write-only archive are missing, changed or out of order.
    case brokenChain
    /// It was undone before, or is final.
    case notReversible

    // Codes
    /// Not all codes have been seen yet.
    case incompleteScan
    /// No code of ours is in the pictures.
    case noCode
    /// The pictures hold codes of more than one hand-over.
    case severalTransfers
    /// Codes contradict each other.
    case contradictoryCodes
    /// A code that was made does not read back.
    case unreadableCode

    // Evidence
    /// Saved history contradicts itself.
    case contradictoryHistory
    /// A window was asked for, and there is no saved history to cut it by.
    case noHistory
    /// Nobody says for which Matrix user to judge.
    case unknownUser
    /// A recipient is to be judged by the rights of another Matrix user than their own.
    case otherUser
    /// Proof was asked for, and no message proves anything.
    case notProven

    // The homeserver
    /// Plain HTTP to another machine.
    case plainHTTP
    /// A server name does not lead to a homeserver.
    case unknownHomeserver
    /// The homeserver does not answer, or fails again and again.
    case unreachableServer
    /// The homeserver refuses what was asked.
    case serverRefused
    /// The homeserver's answer is not what the specification says.
    case malformedAnswer
    /// Nobody is logged in, or not the one named.
    case notLoggedIn
    /// The user is logged in already.
    case loggedInAlready
    /// More than one is logged in, and none was named.
    case severalLogins
    /// The access token is not, or no longer, valid.
    case loginEnded
    /// The password, or the user, is wrong.
    case wrongPassword
    /// The homeserver takes no passwords.
    case noPasswordLogin
    /// There is no key backup.
    case noBackup
    /// The key backup is another one by now.
    case backupReplaced
    /// No hand-over came with the invite.
    case noHandOver
    /// What was downloaded is not what the invite says.
    case otherHandOver
    /// A person's device or cross-signing keys do not verify.
    case badDeviceKeys
    /// A person's profile holds no identity, or none that verifies.
    case noPublishedIdentity

    // The walk
    /// Something given is not a room's or user's id, or not a number.
    case badArgument
    /// None of the keys is of this room.
    case nothingMatched
    /// The rules let nothing through.
    case refusedByRules
    /// The person said no, or pressed Ctrl-C.
    case cancelled
    /// The cryptographic libraries are not what they should be.
    case brokenLibrary
}
