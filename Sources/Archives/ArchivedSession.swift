package import MatrixTypes
package import Megolm

/// A session as the archive holds it: every copy, who brought it, what events said.
///
/// Needs no key to be read; the ratchets in it are sealed. `Archive.open(_:)` opens and decides.
package struct SessionRecord: Sendable {
    /// What one source said of one copy.
    package struct Claim: Hashable, Sendable {
        package let source: SourceID
        /// The journal's entry that recorded it.
        package let entry: EntryID
        package let owner: OwnerClaims
        package let sharedHistory: SharedHistory
        /// Whether the source is one to be taken only on proof.
        package let isQuarantined: Bool
    }

    /// One distinct ratchet.
    package struct Copy: Sendable {
        package let id: CopyID
        package let firstKnownIndex: MessageIndex
        /// By source.
        package internal(set) var claims: [Claim]
        /// From where on events proved it.
        package let provenFrom: MessageIndex?
        /// Whether events failed to open under it.
        package let isRefuted: Bool
        let sealed: [UInt8]
    }

    package let roomID: RoomID
    package let sessionID: SessionID
    package internal(set) var copies: [Copy]
    /// The first import that brought the session for another room, from a source believed.
    let arrivalElsewhere: Int64?
    /// Whether an event proved the session to be another room's.
    let isProvenElsewhere: Bool
}

/// A copy's number within its session.
package struct CopyID: Hashable, Sendable {
    let value: Int64
}

/// A session with its ratchets open, and what they amount to.
package struct ArchivedSession: Sendable {
    /// The key to use: the copy that counts, wound forward to where it may be used from, with what
    /// the sources that agree on it say of owner and flag.
    package let key: RoomKey
    package let standing: Standing
    package let notes: ClaimNotes
    /// Every copy, whether it counts or not.
    package let copies: [OpenedCopy]

    package struct OpenedCopy: Sendable {
        package let copy: SessionRecord.Copy
        package let sessionKey: ExportedSessionKey
        package let relation: CopyRelation
    }

    /// Every source that brought a copy.
    package var sources: [SourceID] {
        Set(copies.flatMap { $0.copy.claims.map(\.source) }).sorted()
    }
}

/// What was unusual about the sources' claims.
package struct ClaimNotes: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Sources name different owners; the owner counts as unknown.
    package static let ownerContested = ClaimNotes(rawValue: 1 << 0)
    /// One source says shareable and another says not; it counts as not.
    package static let flagsDisagree = ClaimNotes(rawValue: 1 << 1)
}

extension ArchivedSession {
    /// Decides which of the copies counts.
    ///
    /// - Throws: `damagedRatchet`, or `megolm`.
    init?(_ record: SessionRecord, opening ratchets: RatchetSeal) throws(ArchiveError) {
        var decided: [SessionDecision.Copy] = []
        for copy in record.copies {
            let place = RatchetPlace(
                roomID: record.roomID, sessionID: record.sessionID, number: copy.id.value,
                firstIndex: copy.firstKnownIndex)
            decided.append(
                SessionDecision.Copy(
                    number: copy.id.value, key: try ratchets.open(copy.sealed, at: place),
                    arrival: copy.claims.map(\.entry.value).min() ?? .max,
                    isQuarantined: copy.claims.allSatisfy(\.isQuarantined),
                    provenFrom: copy.provenFrom, isRefuted: copy.isRefuted))
        }
        let decision: SessionDecision?
        do throws(MegolmError) {
            decision = try SessionDecision(decided)
        } catch {
            throw .megolm(error)
        }
        guard let decision else { return nil }
        self.init(record, decided: decided, decision)
    }

    private init(
        _ record: SessionRecord, decided: [SessionDecision.Copy], _ decision: SessionDecision
    ) {
        copies = zip(record.copies, decided).map { copy, decided in
            OpenedCopy(
                copy: copy, sessionKey: decided.key,
                relation: decision.relations[decided.number] ?? .contradicts)
        }
        let agreeing = copies.filter {
            $0.relation == .agrees || $0.copy.id.value == decision.chosen
        }
        .flatMap(\.copy.claims)
        // Who is taken only on proof has no say where somebody believed has one.
        let believed = agreeing.filter { !$0.isQuarantined }
        let claims = believed.isEmpty ? agreeing : believed
        var notes: ClaimNotes = []
        var owner: OwnerClaims? = .unknown
        for claim in claims { owner = owner.flatMap { $0.merged(with: claim.owner) } }
        if owner == nil { notes.insert(.ownerContested) }
        let flags = Set(claims.map(\.sharedHistory))
        if flags.isSuperset(of: [.shareable, .notShareable]) { notes.insert(.flagsDisagree) }
        key = RoomKey(
            roomID: record.roomID, sessionKey: decision.key, claims: owner ?? .unknown,
            sharedHistory: flags.contains(.notShareable)
                ? .notShareable : flags.contains(.shareable) ? .shareable : .unstated)
        self.notes = notes
        let arrival = decided.filter { !$0.isQuarantined }.map(\.arrival).min() ?? .max
        let cameElsewhereFirst = record.arrivalElsewhere.map { $0 < arrival } ?? false
        let isContested = record.isProvenElsewhere || cameElsewhereFirst
        standing =
            decision.standing == .vouched && isContested ? .contested : decision.standing
    }
}
