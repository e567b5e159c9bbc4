import StrictJSON

/// How saved history is laid out.
package enum HistoryLayout: Hashable, Sendable {
    /// An answer of `GET /rooms/{roomId}/messages`: an object with `chunk`, `start` and `end`
    /// (Matrix client-server API).
    case page
    /// An array of events.
    case array
    /// One event a line.
    case lines

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
            // The first of these words tells: an event names its type, a page its chunk.
            let words: [(StaticString, HistoryLayout?)] = [
                ("\"chunk\"", .page), ("\"event_id\"", .lines), ("\"origin_server_ts\"", .lines),
                ("\"export_date\"", nil), ("\"exported_by\"", nil),
            ]
            let found = words.compactMap { word, layout in
                text.firstOffset(of: word).map { ($0, layout) }
            }
            guard let first = found.min(by: { $0.0 < $1.0 }) else {
                // A page without events may begin with its tokens.
                guard text.firstOffset(of: "\"end\"") != nil else { throw .unknownLayout }
                self = .page
                return
            }
            // A page's tokens may stand before its chunk, and an event before the chunk's end never.
            if let layout = first.1 { self = layout } else { throw .chatExport }
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
    /// Where `needle` first stands.
    fileprivate func firstOffset(of needle: StaticString) -> Int? {
        let length = needle.utf8CodeUnitCount
        guard count >= length else { return nil }
        return (0...count - length).first { spells(needle, at: $0..<$0 + length) }
    }
}
