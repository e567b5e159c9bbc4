package import MatrixTypes

/// What real messages of a session say of one key that claims to be the session's.
package struct KeyTrial: Hashable, Sendable {
    /// Indices of messages that the key opened: signature and MAC verified.
    package private(set) var opened: [MessageIndex] = []
    /// Indices of messages that the session signed and the key did not open.
    package private(set) var failed: [MessageIndex] = []
    /// Whether a message it opened names another room inside.
    package private(set) var namesOtherRoom = false
    private let firstKnownIndex: MessageIndex

    /// Tries `key` on messages of its session; those before its first index are passed over.
    ///
    /// A message that the session did not sign says nothing of the key and is passed over too.
    package init(of key: RoomKey, on messages: [MegolmMessage]) {
        firstKnownIndex = key.firstKnownIndex
        for message in messages where message.index >= key.firstKnownIndex {
            do throws(MegolmError) {
                _ = try DecryptedEvent(message, key: key)
                opened.append(message.index)
            } catch .otherRoom {
                namesOtherRoom = true
            } catch .malformedPlaintext {
                // The MAC verified: the key is right, whatever its sender wrote.
                opened.append(message.index)
            } catch .badSignature {
                continue
            } catch {
                failed.append(message.index)
            }
        }
    }

    /// From where on the key is proven; `nil` where no message was opened.
    package var provenFrom: MessageIndex? {
        opened.map { firstKnownIndex.provenBoundary(agreeingAt: $0) }.min()
    }

    /// Whether messages say that the key is not the session's, or not before `provenFrom`.
    package var isContradicted: Bool {
        guard let provenFrom else { return !failed.isEmpty }
        return failed.contains { $0 < provenFrom }
    }
}
