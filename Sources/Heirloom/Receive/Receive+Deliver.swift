import Bytes
import Carriers
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
        var writer = try KeyFileWriter(
            .keyExport, under: passphrase, to: output.sink, at: destination.path, step: .deliver,
            random: &random)
        for (place, key) in keys.enumerated() {
            if place % 1000 == 0 {
                report(Progress(work: .delivering, fraction: Double(place) / Double(keys.count)))
            }
            try writer.add(key)
        }
        _ = try writer.finish()
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
}
