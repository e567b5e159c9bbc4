/// A message's place in its Megolm session, from 0; also the first place a key opens.
package struct MessageIndex: Hashable, Comparable, Sendable {
    package let value: UInt32

    /// The highest index accepted unless a person asks for more: nobody sends 16 million messages
    /// in one session, and a hostile index only costs work.
    package static let usualLimit = MessageIndex(1 << 24)

    package static let zero = MessageIndex(0)

    package init(_ value: UInt32) {
        self.value = value
    }

    package static func < (left: MessageIndex, right: MessageIndex) -> Bool {
        left.value < right.value
    }
}

extension MessageIndex: CustomStringConvertible {
    package var description: String { String(value) }
}
