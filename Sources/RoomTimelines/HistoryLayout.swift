import StrictJSON

/// How saved history is laid out.
package enum HistoryLayout: Hashable, Sendable {
    /// An answer of `GET /rooms/{roomId}/messages`: an object with `chunk`, `start` and `end`
    /// (Matrix client-server API).
    case page
    /// An array of events.
    case array
    /// One event a line.
    ///
    /// A line that is `fetchedHeader` says that what follows was fetched by this program.
    case lines

    /// The first line of history that this program fetched.
    ///
    /// Everything behind it is whole, and stands newest first in the homeserver's order, so that no
    /// clock is asked. No event can be this line, because a homeserver's events have ids.
    package static let fetchedHeader: StaticString =
        #"{"heirloom_history":1,"order":"newest-first"}"#

    /// How much of a file is looked at to tell its layout, in bytes.
    package static let sniffByteCount = 1 << 16

    /// Tells the layout from the beginning of a file.
    ///
    /// - Throws: `unknownLayout`, or `chatExport` for what Element's “Export chat” writes.
    package init(beginningOf text: Span<UInt8>) throws(TimelineError) {
        var start = 0
        while start < text.count, [0x20, 0x09, 0x0a, 0x0d].contains(text[start]) { start += 1 }
        guard start < text.count else { throw .unknownLayout }
        switch text[start] {
        case UInt8(ascii: "["): self = .array
        case UInt8(ascii: "{"):
            // The first member's name tells, because what is inside a member is anybody's.
            let name = text.firstName(from: start + 1)
            if text.spellsOne(of: ["chunk", "start", "end", "state"], at: name) {
                self = .page
            } else if text.spellsOne(
                of: ["room_name", "room_creator", "export_date", "exported_by"], at: name)
            {
                throw .chatExport
            } else if text.extracting(droppingFirst: start).begins(with: Self.fetchedHeader)
                || text.firstOffset(of: "\"event_id\"") != nil
            {
                self = .lines
            } else {
                throw .unknownLayout
            }
        default: throw .unknownLayout
        }
    }

    var elements: JSONElements.Layout {
        switch self {
        case .page: .object(arrays: ["chunk"], values: ["start", "end"])
        case .array: .array
        case .lines: .lines
        }
    }
}

extension Span<UInt8> {
    /// Where the next quoted text stands, without its quotes; `nil` where there is none.
    fileprivate func firstName(from start: Int) -> Range<Int>? {
        guard let open = (start..<count).first(where: { self[$0] == UInt8(ascii: "\"") }),
            let close = (open + 1..<count).first(where: { self[$0] == UInt8(ascii: "\"") })
        else { return nil }
        return open + 1..<close
    }

    /// Whether one of some names stands at `range`.
    fileprivate func spellsOne(of names: [StaticString], at range: Range<Int>?) -> Bool {
        guard let range else { return false }
        return names.contains { spells($0, at: range) }
    }
}
