package import MatrixTypes

/// One message of a session, as the saved history shows it without any key.
package struct SeenMessage: Hashable, Sendable {
    /// Its place among all saved events, from 0.
    package let position: Int
    package let index: MessageIndex
    /// Milliseconds since 1970, by the clock of the sender's homeserver.
    package let timestamp: UInt64
    /// Its sender's place among `RoomTimeline.senders`.
    package let sender: Int
}
