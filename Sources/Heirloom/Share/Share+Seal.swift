import Bundles
import Bytes
import Carriers
import HistoryRules
import MatrixTypes
import Megolm
import RoomTimelines
import Sealing
import Secrets
import Selection

extension Share {
    /// What the giver signs first: who, for whom, which room, until when.
    mutating func manifest(of plan: SharePlan) throws(HeirloomError) -> BundleManifest {
        let id = BundleID(from: &random)
        let overridden = UInt32(plan.counts.overridden)
        let giver = try request.giver.map { text throws(HeirloomError) in
            try UserID(argument: text)
        }
        let now = self.now
        let lifetime = request.lifetimeMilliseconds
        return try bundling { () throws(BundleError) in
            try BundleManifest(
                id: id, createdMilliseconds: now, expiresMilliseconds: now + lifetime,
                signerUserID: giver,
                audience: AudienceHash.list(
                    of: plan.recipients.map(\.identity.encryptionKey), bundle: id),
                roomID: plan.roomID, window: plan.statedWindow,
                visibilityBasis: plan.gathered?.currentVisibility?.value,
                visibilityEventID: plan.gathered?.currentVisibility?.id, overrideCount: overridden,
                overrideReason: overridden > 0 ? plan.overrideReason ?? "" : "")
        }
    }

    /// Bundle → seal → carrier: all in one stream, so that nothing readable is ever written down.
    mutating func seal(
        _ plan: SharePlan, _ manifest: BundleManifest, _ identity: borrowing Identity,
        into destination: Destination
    ) throws(HeirloomError) -> SealedReport {
        let output = try destination.open(step: .carry)
        let sessions = try seal(plan, manifest, identity, into: output.sink, destination.path)
        let byteCount = try output.commit(step: .carry)
        return SealedReport(
            path: destination.path, byteCount: byteCount, bundleID: manifest.id.description,
            sessions: sessions,
            expiresAt: UTCDate.text(milliseconds: manifest.expiresMilliseconds))
    }

    /// The same, for carriers that are no file: the sealed bytes in memory.
    mutating func seal(
        _ plan: SharePlan, _ manifest: BundleManifest, _ identity: borrowing Identity
    ) throws(HeirloomError) -> SealedHandOver {
        let sink = MemorySink()
        let sessions = try seal(plan, manifest, identity, into: sink, "the sealed bytes")
        return SealedHandOver(
            bytes: sink.bytes, bundleID: manifest.id.description, sessions: sessions,
            expiresAt: UTCDate.text(milliseconds: manifest.expiresMilliseconds))
    }

    private mutating func seal(
        _ plan: SharePlan, _ manifest: BundleManifest, _ identity: borrowing Identity,
        into sink: any ByteSink, _ name: String
    ) throws(HeirloomError) -> Int {
        let sealed: SealedFileWriter
        do throws(SealingError) {
            sealed = try SealedFileWriter(
                to: plan.recipients.map(\.identity.recipient), into: sink, random: &random)
        } catch {
            throw HeirloomError(.seal, error, of: "the recipients")
        }
        let totals = try write(plan, manifest, identity, into: sealed)
        try moving(.seal, name) { () throws(StreamError) in try sealed.finish() }
        return totals.sessionCount
    }

    private func write(
        _ plan: SharePlan, _ manifest: BundleManifest, _ identity: borrowing Identity,
        into sealed: SealedFileWriter
    ) throws(HeirloomError) -> BundleTotals {
        do throws(BundleError) {
            var bundle = try BundleWriter(
                to: sealed, manifest: manifest, signedBy: identity.signingKey)
            for (place, session) in plan.sessions.enumerated() {
                if place % 1000 == 0 {
                    let fraction = Double(place) / Double(plan.sessions.count)
                    report(Progress(work: .sealing, fraction: fraction))
                }
                if let record = try record(of: session) {
                    try bundle.add(record, signedBy: identity.signingKey)
                }
            }
            return try bundle.finish(signedBy: identity.signingKey)
        } catch {
            throw HeirloomError(bundling: error)
        }
    }

    /// What the bundle says of a session: the key from the allowed index on, or that it is withheld.
    ///
    /// A session whose copies contradict each other is not mentioned: its id may be nobody's. Nor is
    /// one that was not asked for: what else exists is not the recipient's business.
    private func record(of session: PlannedSession) throws(BundleError) -> BundleRecord? {
        guard let key = session.key else { return nil }
        let sender = BundleSender(claims: key.claims)
        guard let start = session.start else {
            guard session.fate == .withheld || session.fate == .refused else { return nil }
            return .withheld(
                WithheldSession(sessionID: key.sessionID, code: .historyNotShared, sender: sender))
        }
        var marks: SessionMarks = key.sharedHistory == .shareable ? .sharedHistory : []
        if case .overridden = session.fate { marks.insert(.override) }
        if case .proven = session.proof { marks.insert(.hasDecrypted) }
        do throws(MegolmError) {
            return .session(
                BundledSession(
                    sessionKey: try key.sessionKey.wound(to: start), sender: sender, marks: marks))
        } catch {
            throw .malformedSession(error, record: 0)
        }
    }
}

extension SharePlan {
    /// The window as the giver states it.
    fileprivate var statedWindow: BundleWindow {
        guard let window else { return .whole }
        return BundleWindow(
            fromMilliseconds: window.since ?? 0, toMilliseconds: window.until ?? .max) ?? .whole
    }
}

extension Gathered {
    /// The visibility event that holds at the end of what was saved; `nil` where it is not known.
    fileprivate var currentVisibility: StateEvent<HistoryVisibility>? {
        guard let last = timeline.visibilityChanges.last,
            case .known(_, by: let id?) = timeline.visibility(at: timeline.eventCount - 1).after,
            id == last.id
        else { return nil }
        return last
    }
}

extension UserID {
    init(argument text: String) throws(HeirloomError) {
        do throws(MatrixTypeError) {
            try self.init(text)
        } catch {
            throw HeirloomError(.bundle, .badArgument, "the Matrix user's id is not one: \(error)")
        }
    }
}
