package import Bytes
package import MatrixTypes
package import Megolm
import StrictJSON

/// The encrypted messages of saved history one after another, whole, for reading them.
///
/// In the order of the file, which is not yet the room's: `RoomTimeline` has that.
package struct SavedMessages: ~Copyable {
    /// One message and the event it stands in.
    package struct Message: Sendable {
        package let eventID: String
        package let sessionID: SessionID
        package let message: MegolmMessage
        /// What stands outside the ciphertext of another event.
        package let relation: MessageRelation
    }

    private var elements: JSONElements
    private let roomID: RoomID

    package init(_ source: any ByteSource, layout: HistoryLayout, of roomID: RoomID) {
        elements = JSONElements(source, layout: layout.elements)
        self.roomID = roomID
    }

    /// The next message of the room, or `nil` at the end; everything else is passed over.
    package mutating func next() throws(TimelineError) -> Message? {
        while let element = try TimelineBuilder.next(&elements) {
            guard case .value(let range, _) = element else { continue }
            let roomID = self.roomID
            var found: RoomID? = roomID
            let window = elements.window
            let event = try? SavedEvent(window.span.extracting(range), of: roomID, room: &found)
            guard let event = event ?? nil, case .message(let session, let message, _) = event.body
            else { continue }
            return Message(
                eventID: event.id, sessionID: session, message: message,
                relation: MessageRelation(event: window.span.extracting(range)))
        }
        return nil
    }
}
