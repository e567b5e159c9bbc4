import Carriers
import Homeserver
import MatrixTypes

/// A room's past, fetched for one walk and forgotten after it.
final class FetchedEvidence: Sendable {
    fileprivate static let prefix = "evidence-"
    fileprivate static let lockSuffix = ".lock"
    private static let suffixes = ["", ".state.json", ".part", ".part.json", lockSuffix]

    let path: String
    /// How to call it in a sentence.
    let name: String
    /// Tells other runs of the program that it is in use.
    private let lock: Folder.Lock

    fileprivate init(path: String, name: String, lock: Folder.Lock) {
        self.path = path
        self.name = name
        self.lock = lock
    }

    deinit {
        // What stays, the next run sweeps away.
        for suffix in Self.suffixes { try? Folder.remove(path + suffix) }
    }
}

extension Home {
    /// Fetches a room's past, as this login may see it, for the rules to judge by.
    func fetchEvidence(
        of room: RoomID, _ session: ServerSession, now: UInt64,
        report: @escaping (Progress) -> Void
    ) async throws(HeirloomError) -> FetchedEvidence {
        try makeData()
        try sweepEvidence()
        let path = "\(data)/\(FetchedEvidence.prefix)\(UInt32.random(in: 0...UInt32.max)).jsonl"
        let lock = try carrying(.history, path) { () throws(CarrierError) in
            try Folder.Lock(path: path + FetchedEvidence.lockSuffix)
        }
        let evidence = FetchedEvidence(
            path: path, name: "the history at \(session.name.shown)", lock: lock)
        var request = HistoryFetchRequest(room: room.text)
        request.user = session.user.text
        let fetch = HistoryFetch(request, home: self, now: now, report: report)
        _ = try await fetch.run(into: evidence.path)
        return evidence
    }

    /// Removes what a run of the program left that was killed: nobody holds its lock any more.
    private func sweepEvidence() throws(HeirloomError) {
        let names = try carrying(.history, data) { () throws(CarrierError) in
            try Folder.names(in: data)
        }
        for name in names
        where name.hasPrefix(FetchedEvidence.prefix)
            && name.hasSuffix(".jsonl" + FetchedEvidence.lockSuffix)
        {
            let path = "\(data)/\(name.dropLast(FetchedEvidence.lockSuffix.count))"
            let lock = try carrying(.history, path) { () throws(CarrierError) in
                try Folder.Lock(ifFree: path + FetchedEvidence.lockSuffix)
            }
            // Taken over only to be forgotten.
            if let lock { _ = FetchedEvidence(path: path, name: path, lock: lock) }
        }
    }
}
