package import Bytes
package import MatrixTypes
import Megolm
import StrictJSON

/// The entries of a key file's JSON, one at a time and in bounded memory.
///
/// Every entry comes out as something: a key, a key of another room, or a named fault. Only JSON
/// whose structure breaks ends the reading.
package struct RoomKeyEntries: ~Copyable {
    /// What is wanted of the file.
    package struct Wish: Sendable {
        /// Only this room's keys are decoded and checked; `nil` for every room's.
        package let roomID: RoomID?
        /// The highest first index accepted.
        package let indexLimit: MessageIndex

        package init(roomID: RoomID? = nil, indexLimit: MessageIndex = .usualLimit) {
            self.roomID = roomID
            self.indexLimit = indexLimit
        }
    }

    /// How many entries have come out.
    package private(set) var count = 0

    private var elements: JSONElements
    private let layout: KeyFileLayout
    private let wish: Wish
    private let checked = CheckedKeys()

    package init(_ source: any ByteSource, layout: KeyFileLayout, wish: Wish = Wish()) {
        elements = JSONElements(source, layout: layout.elements)
        self.layout = layout
        self.wish = wish
    }

    /// The next entry, or `nil` at the end of JSON that is whole.
    ///
    /// - Throws: `KeyFormatError.json`, or `.stream`.
    package mutating func next() throws(KeyFormatError) -> KeyFileEntry? {
        let element: JSONElements.Element?
        do throws(StrictJSONError) {
            element = try elements.next()
        } catch .stream(let error) {
            throw .stream(error)
        } catch {
            throw .json(error)
        }
        guard let element else { return nil }
        count += 1
        switch element {
        case .tooLong(let byteCount, _): return .invalid(.tooLong(byteCount: byteCount))
        case .member: preconditionFailure("no member's value was asked for")
        case .value(let range, let array):
            let (layout, wish, checked) = (layout, wish, checked)
            var window = elements.window
            var text = window.slice(range)
            do throws(EntryFault) {
                if layout == .bundle, array == 1 { return try text.withheldEntry() }
                return try text.roomKeyEntry(
                    wish: wish, isBundle: layout == .bundle, checked: checked)
            } catch {
                return .invalid(error)
            }
        }
    }
}
