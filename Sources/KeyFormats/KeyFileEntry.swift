package import Bytes
package import MatrixTypes
package import Megolm

/// What one entry of a key file turned out to be.
package enum KeyFileEntry: Sendable {
    /// A sound key, and what was unusual about it.
    case roomKey(RoomKey, EntryNotes)
    /// A key of a room that was not asked for. `sessionID` is read from the key without checking
    /// it; `nil` where there is none to read.
    case otherRoom(sessionID: Bytes32?)
    /// An entry of a room key bundle's `withheld` list.
    case withheld(RoomID, SessionID, code: String)
    /// An entry that cannot be taken, and why.
    case invalid(EntryFault)
}

/// What was unusual about an entry that was taken.
package struct EntryNotes: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The session id was spelled with padding or stray bits, and was respelled.
    package static let idRespelled = EntryNotes(rawValue: 1 << 0)
    /// Two spellings of the shared-history flag disagree; it counts as false.
    package static let flagsDisagree = EntryNotes(rawValue: 1 << 1)
    /// A spelling of the flag is not a Boolean; it counts as false.
    package static let flagNotBoolean = EntryNotes(rawValue: 1 << 2)
    /// The creator's Curve25519 or Ed25519 key is missing or is no key: its origin is unknown.
    package static let originUnknown = EntryNotes(rawValue: 1 << 3)
    /// The key was in the signed form; its signature verified and it was turned into an export.
    package static let signedKeyConverted = EntryNotes(rawValue: 1 << 4)
    /// A backup's session says it is of another room than the one it was filed under.
    package static let placeDisagrees = EntryNotes(rawValue: 1 << 5)
    /// The forwarding chain, which nobody should believe and strict readers want, is missing.
    package static let noForwardingChain = EntryNotes(rawValue: 1 << 6)
    /// The creator's Ed25519 key, which strict readers want, is missing or is not 32 bytes.
    package static let noClaimedKeys = EntryNotes(rawValue: 1 << 7)
    /// The shared-history flag stands under two names that some readers take for one.
    package static let flagUnderTwoNames = EntryNotes(rawValue: 1 << 8)
    /// The creator's Curve25519 key, which strict readers want, is missing or is not 32 bytes.
    package static let noSenderKey = EntryNotes(rawValue: 1 << 9)
}
