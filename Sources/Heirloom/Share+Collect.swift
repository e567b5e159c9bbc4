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
        return collected
    }
}
