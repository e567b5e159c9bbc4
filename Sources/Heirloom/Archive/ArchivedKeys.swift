import Archives
import MatrixTypes
import Megolm
import RoomTimelines
import Selection

/// An archive's keys one by one, as they may be used; everything left out is counted.
final class ArchivedKeys {
    /// A stretch of time, and what tells when sessions were used.
    struct Window {
        let plan: WindowPlan
        let timeline: RoomTimeline
    }

    private let archive: Archive
    private let cursor: SessionCursor
    private let provenOnly: Bool
    private let window: Window?
    /// Why it ended early; `nil` where it did not.
    private(set) var failure: ArchiveError?
    private var counts = ArchiveExportReport()

    init(_ archive: Archive, _ cursor: SessionCursor, provenOnly: Bool, window: Window?) {
        self.archive = archive
        self.cursor = cursor
        self.provenOnly = provenOnly
        self.window = window
    }

    /// What became of the sessions so far.
    func account(path: String) -> ArchiveExportReport {
        var result = counts
        result.path = path
        return result
    }

    /// The next key; `nil` at the end, or where `failure` says why.
    func next() -> RoomKey? {
        while failure == nil {
            do throws(ArchiveError) {
                guard let record = try cursor.next() else { return nil }
                counts.sessions += 1
                guard let session = try archive.open(record) else {
                    counts.contradicted += 1
                    continue
                }
                switch session.standing {
                case .proven: break
                case .vouched:
                    if provenOnly {
                        counts.notProven += 1
                        continue
                    }
                case .contested, .quarantined:
                    counts.contradicted += 1
                    continue
                }
                if let key = try cut(session.key) {
                    counts.keys += 1
                    return key
                }
            } catch {
                failure = error
            }
        }
        return nil
    }

    /// The key from where the window begins; `nil` where it is left out.
    private func cut(_ key: RoomKey) throws(ArchiveError) -> RoomKey? {
        guard let window else { return key }
        let messages = window.timeline.messages(of: key.sessionID)
        switch window.plan.cut(from: key.firstKnownIndex, messages) {
        case .unknownAge: counts.unknownAge += 1
        case .outside, .leftOutForItsEnd: counts.outsideWindow += 1
        case .inside(let share):
            do throws(MegolmError) {
                return try key.wound(to: share.start)
            } catch {
                throw .megolm(error)
            }
        }
        return nil
    }
}
