import Archives
import Bytes
import Carriers
import KeyFormats
import MatrixTypes
import Selection

/// What the key files gave.
struct CollectedKeys {
    var selection: RoomSelection
    var reports: [KeyFileReport] = []
}

extension Share {
    /// Reads all key files, keeping one room's keys and counting everything else.
    func collect(
        _ roomID: RoomID, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> CollectedKeys {
        var collected = CollectedKeys(selection: RoomSelection(roomID: roomID))
        let wish = RoomKeyEntries.Wish(
            roomID: roomID, indexLimit: request.takesHighIndices ? MessageIndex(.max) : .usualLimit)
        for (place, path) in request.keyFiles.enumerated() {
            let reader = KeyFile(path: path, roundsLimit: request.roundsLimit, report: report)
            var tally = KeyFileReport(path: path)
            try reader.read(wish, passphrases, report: &tally) { entry in
                switch entry {
                case .roomKey(let key, _): collected.selection.add(key, source: place)
                case .otherRoom(let sessionID?): collected.selection.addElsewhere(sessionID)
                case .otherRoom(nil), .withheld, .invalid: break
                }
            }
            collected.reports.append(tally)
        }
        try collectArchived(roomID, into: &collected, passphrases)
        return collected
    }

    /// Adds an archive's keys of the room: those that nothing contradicts.
    private func collectArchived(
        _ roomID: RoomID, into collected: inout CollectedKeys,
        _ passphrases: any PassphraseSource
    ) throws(HeirloomError) {
        guard let path = request.archivePath else { return }
        let keyArchive = KeyArchive(home: home, path: path, now: now, report: report)
        let archive = try keyArchive.unlocked(passphrases, access: .reading)
        let keys = try keyArchive.archiving { () throws(ArchiveError) in
            ArchivedKeys(
                archive, try archive.sessions(matching: SessionQuery(roomID: roomID)),
                provenOnly: false, window: nil)
        }
        while let key = keys.next() {
            collected.selection.add(key, source: request.keyFiles.count)
        }
        if let failure = keys.failure { throw HeirloomError(failure, of: path) }
    }
}
