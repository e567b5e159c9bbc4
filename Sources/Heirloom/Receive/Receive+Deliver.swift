import Bytes
import Carriers
import KeyFormats
import Megolm
import Secrets

extension Receive {
    /// Writes the allowed sessions as a key export that Matrix clients import, and notes that the
    /// bundle was taken in.
    ///
    /// The note comes after the file: a crash in between leaves a file that can be made again with
    /// `again`, not a bundle that was noted and lost.
    public mutating func deliver(
        _ plan: ReceivePlan, into destination: Destination, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> ReceiveReport.Delivered {
        try plan.checkNotEmpty()
        let passphrase = try passphrases.passphrase(for: .newKeyFile(path: destination.path))
        let output = try destination.open(step: .deliver)
        let keys = try plan.taken()
        do throws(KeyFormatError) {
            try write(keys, passphrase, into: output.sink)
        } catch .stream(let error) {
            throw HeirloomError(.deliver, error, of: destination.path)
        } catch {
            throw HeirloomError(.deliver, .brokenLibrary, "the key file cannot be made: \(error)")
        }
        let byteCount = try output.commit(step: .deliver)
        try home.noteSeen(plan.manifest)
        return ReceiveReport.Delivered(
            path: destination.path, byteCount: byteCount, sessions: keys.count,
            originUnknown: keys.count { !$0.claims.isComplete })
    }

    /// Notes that the bundle was taken in, where it was kept and not delivered.
    public func noteTakenIn(_ plan: ReceivePlan) throws(HeirloomError) {
        try home.noteSeen(plan.manifest)
    }

    private mutating func write(
        _ roomKeys: [RoomKey], _ passphrase: borrowing Passphrase, into sink: any ByteSink
    ) throws(KeyFormatError) {
        let export = try KeyExportWriter(to: sink, passphrase: passphrase.bytes, random: &random)
        var keys = try RoomKeyWriter(.array, to: export)
        for (place, key) in roomKeys.enumerated() {
            if place % 1000 == 0 {
                report(
                    Progress(work: .delivering, fraction: Double(place) / Double(roomKeys.count)))
            }
            try keys.add(key)
        }
        try keys.finish()
        try export.finish()
    }
}
