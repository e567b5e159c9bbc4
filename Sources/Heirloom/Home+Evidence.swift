import Carriers
import Homeserver
import MatrixTypes

/// A room's past, fetched for one walk and forgotten after it.
final class FetchedEvidence {
    let path: String

    fileprivate init(path: String) {
        self.path = path
    }

    deinit {
        for suffix in ["", ".state.json", ".part", ".part.json"] {
            PartialFile.remove(path + suffix)
        }
    }
}

extension Home {
    /// Fetches a room's past, as this login may see it, for the rules to judge by.
    func fetchEvidence(
        of room: RoomID, _ session: ServerSession, now: UInt64,
        report: @escaping (Progress) -> Void
    ) async throws(HeirloomError) -> FetchedEvidence {
        try makeData()
        let evidence = FetchedEvidence(
            path: "\(data)/evidence-\(UInt32.random(in: 0...UInt32.max)).jsonl")
        var request = HistoryFetchRequest(room: room.text)
        request.user = session.user.text
        let fetch = HistoryFetch(request, home: self, now: now, report: report)
        _ = try await fetch.run(into: evidence.path)
        return evidence
    }
}
