import Bytes
import Carriers
import HistoryRules
import MatrixTypes
import RoomTimelines
import StrictJSON

/// Reads saved history files into one timeline.
struct History {
    /// The largest file of saved history, in bytes.
    private static let fileByteCount = 64 << 30

    let paths: [String]
    let report: (Progress) -> Void

    /// - Parameters:
    ///   - roomID: the room whose events are taken; `nil` for that of the first event.
    ///   - users: whose membership is kept; `nil` for everybody's.
    /// - Returns: the timeline, and what became of each file's events.
    func timeline(
        of roomID: RoomID?, users: Set<UserID>?
    ) throws(HeirloomError) -> (RoomTimeline, [HistoryFileReport]) {
        var builder = TimelineBuilder(roomID: roomID, users: users)
        var reports: [HistoryFileReport] = []
        for path in paths { reports.append(try read(path, into: &builder)) }
        let names = paths.map(\.shown).joined(separator: ", ")
        do throws(TimelineError) {
            return (try builder.timeline(), reports)
        } catch {
            throw HeirloomError(error, of: names)
        }
    }

    private func read(
        _ path: String, into builder: inout TimelineBuilder
    ) throws(HeirloomError) -> HistoryFileReport {
        let (source, layout) = try open(path)
        do throws(TimelineError) {
            return HistoryFileReport(path, try builder.read(source, layout: layout))
        } catch {
            throw HeirloomError(error, of: path.shown)
        }
    }

    /// A file of saved history at its start, and how it is laid out.
    func open(_ path: String) throws(HeirloomError) -> (any ByteSource, HistoryLayout) {
        let file = try carrying(.history, path) { () throws(CarrierError) in
            try InputFile(path: path, rules: .pipesInMemory, limit: Self.fileByteCount)
        }
        var beginning = [UInt8](repeating: 0, count: HistoryLayout.sniffByteCount)
        let count = try moving(.history, path) { () throws(StreamError) in
            var span = beginning.mutableSpan
            let count = try file.fill(&span)
            try file.rewind()
            return count
        }
        let report = self.report
        do throws(TimelineError) {
            let layout = try HistoryLayout(beginningOf: beginning.span.extracting(first: count))
            return (
                ReportingSource(file) { report(Progress(work: .readingHistory, fraction: $0)) },
                layout
            )
        } catch {
            throw HeirloomError(error, of: path.shown)
        }
    }
}

extension HeirloomError {
    init(_ error: TimelineError, of name: String) {
        let problem: Problem =
            switch error {
            case .stream(.tooLarge), .tooManyEvents: .overLimit
            case .stream: .unreadable
            case .json(.cutShort): .cutShort
            case .json: .damaged
            case .unknownLayout: .unknownKind
            case .chatExport: .wrongKind
            case .contradictoryCopies, .contradictoryOrder, .noOrder: .contradictoryHistory
            case .empty: .nothingMatched
            }
        self.init(.history, problem, "\(name): \(error)")
    }
}
