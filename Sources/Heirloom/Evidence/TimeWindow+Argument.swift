import Selection

extension TimeWindow {
    /// The stretch between two times as a person gives them, both or one; `nil` for neither.
    init?(since: String?, until: String?, now: UInt64) throws(HeirloomError) {
        if since == nil, until == nil { return nil }
        let first = try since.map { text throws(HeirloomError) in
            try PointInTime.milliseconds(text, now: now, named: "--since")
        }
        let last = try until.map { text throws(HeirloomError) in
            try PointInTime.milliseconds(text, now: now, named: "--until")
        }
        guard let window = TimeWindow(since: first, until: last) else {
            throw HeirloomError(.select, .badArgument, "the window ends before it begins")
        }
        self = window
    }
}

extension HeirloomError {
    /// A window was asked for, and there is nothing to cut it by.
    static var windowWithoutHistory: HeirloomError {
        HeirloomError(
            .select, .noHistory,
            "keys do not say when they were used: a window needs the room's saved history")
    }
}
