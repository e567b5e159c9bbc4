import HistoryRules
import MatrixTypes
import RoomTimelines
import Sealing
import Selection

/// The evidence of a walk, and for whom it is judged.
struct Gathered: Sendable {
    let timeline: RoomTimeline
    /// One for each person whose entitlement counts.
    let evidence: [Evidence]
    let files: [HistoryFileReport]

    var report: HistoryReport { HistoryReport(timeline, files: files, evidence: evidence) }
}

extension Share {
    /// Reads the saved history, if there is any.
    ///
    /// - Throws: `badArgument` where nobody says whose rules apply.
    func gather(
        _ roomID: RoomID, _ recipients: [(identity: PublicIdentity, card: ContactCard)]
    ) throws(HeirloomError) -> Gathered? {
        let history = History(request.historyFiles, fetched: request.fetched, report: report)
        guard !history.isEmpty else { return nil }
        let users = try judgedUsers(recipients)
        let reader = try request.giver.map { text throws(HeirloomError) in
            try UserID(argument: text)
        }
        let kept = Set(users).union(reader.map { [$0] } ?? [])
        let (timeline, files) = try history.timeline(of: roomID, users: kept)
        return Gathered(
            timeline: timeline,
            evidence: users.map { user in
                Evidence(
                    timeline: timeline,
                    recipient: Recipient(user: user, isJoining: request.asJoining), reader: reader)
            },
            files: files)
    }

    private func judgedUsers(
        _ recipients: [(identity: PublicIdentity, card: ContactCard)]
    ) throws(HeirloomError) -> [UserID] {
        if let text = request.judgedFor {
            let user = try UserID(argument: text)
            try checkStandsFor(user, recipients)
            return [user]
        }
        var users: [UserID] = []
        for recipient in recipients {
            guard let text = recipient.card.matrixUser else {
                throw HeirloomError(
                    .judge, .unknownUser,
                    "nobody says which Matrix user \(recipient.card.title) is, whose rights the "
                        + "history is to be judged by")
            }
            let user = try UserID(argument: text)
            if !users.contains(user) { users.append(user) }
        }
        return users
    }

    /// Nobody is handed what another one may see: who is pinned to one Matrix user is not judged by
    /// the rights of a second.
    private func checkStandsFor(
        _ user: UserID, _ recipients: [(identity: PublicIdentity, card: ContactCard)]
    ) throws(HeirloomError) {
        for recipient in recipients {
            guard let pinned = recipient.card.matrixUser, pinned != user.text else { continue }
            throw HeirloomError(
                .judge, .otherUser,
                "\(recipient.card.title.shown) is pinned to \(pinned.shown): their rights count, "
                    + "and not those of \(user.text.shown)")
        }
    }

    /// Key files carry no time at all: without history there is nothing to cut a window by.
    func checkWindow(_ window: TimeWindow?, _ gathered: Gathered?) throws(HeirloomError) {
        guard window != nil, gathered == nil else { return }
        throw HeirloomError.windowWithoutHistory
    }
}
