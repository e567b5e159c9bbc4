import Bytes
import Carriers
import HistoryRules
import MatrixTypes
import RoomTimelines
import StrictJSON

/// Reads saved history files into one timeline.
struct History {
    /// The largest file of saved history, in bytes.
    static let fileByteCount = 64 << 30

    /// The files, and how to call each in a sentence.
    private let files: [(path: String, name: String)]
    private let report: (Progress) -> Void

    /// - Parameter fetched: a room's past that was fetched for this walk; `nil` for none.
    init(
        _ paths: [String], fetched: FetchedEvidence? = nil, report: @escaping (Progress) -> Void
    ) {
        files = paths.map { ($0, $0) } + (fetched.map { [($0.path, $0.name)] } ?? [])
        self.report = report
    }

    /// Whether there is anything to read.
    var isEmpty: Bool { files.isEmpty }

    /// - Parameters:
    ///   - roomID: the room whose events are taken; `nil` for that of the first event.
    ///   - users: whose membership is kept; `nil` for everybody's.
    /// - Returns: the timeline, and what became of each file's events.
    func timeline(
        of roomID: RoomID?, users: Set<UserID>?
    ) throws(HeirloomError) -> (RoomTimeline, [HistoryFileReport]) {
        var builder = TimelineBuilder(roomID: roomID, users: users)
        var reports: [HistoryFileReport] = []
        for file in files { reports.append(try read(file, into: &builder)) }
        let names = files.map(\.name.shown).joined(separator: ", ")
        do throws(TimelineError) {
            return (try builder.timeline(), reports)
        } catch {
            throw HeirloomError(error, of: names)
        }
    }

    private func read(
        _ file: (path: String, name: String), into builder: inout TimelineBuilder
    ) throws(HeirloomError) -> HistoryFileReport {
        let (source, layout) = try open(file.path)
        do throws(TimelineError) {
            return HistoryFileReport(file.name, try builder.read(source, layout: layout))
        } catch {
            throw HeirloomError(error, of: file.name.shown)
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
