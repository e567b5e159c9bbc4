import Heirloom

/// What a file is, in words, on standard output: here the words are the data.
struct InspectText {
    private let report: InspectReport

    init(_ report: InspectReport) {
        self.report = report
    }

    func tell() {
        Output.data("\(report.path.shown): \(title) (\(report.byteCount) bytes)")
        if let rounds = report.rounds { Output.data("  \(rounds) rounds of key derivation") }
        if let keys = report.keys { KeyFileText(keys).tell() }
        if let history = report.history {
            Output.data("  room \((report.historyRoom ?? "unknown").shown)")
            Output.data(
                "  \("event".counted(history.taken)), \(history.otherRooms) of other rooms, "
                    + "\(history.malformed) malformed")
        }
        for room in report.rooms ?? [] {
            Output.data(
                "  \(room.room.shown): \(room.keys) keys, \(room.shareable) with the "
                    + "shared-history flag, \(room.fromStart) from the first message")
        }
        if let identity = report.identity {
            Output.data("  \(identity.identity)")
            Output.data("  \(identity.fingerprintWords)")
        }
        if let isProtected = report.isProtected {
            Output.data(isProtected ? "  under a passphrase" : "  under no passphrase")
        }
        if let count = report.recipientCount {
            Output.data("  sealed to \("recipient".counted(count))")
        }
        if let handover = report.handover { tell(handover) }
    }

    private func tell(_ handover: InspectReport.Handover) {
        guard let giver = handover.giver else {
            Output.data("  signed by nobody you know; signing key \(handover.signingKey)")
            return
        }
        Output.data("  signed by \(giver.shown)")
        if let room = handover.room { Output.data("  room \(room.shown)") }
        if let created = handover.createdAt, let expires = handover.expiresAt {
            Output.data("  made \(created), to be taken in until \(expires)")
        }
    }

    private var title: String {
        switch report.kind {
        case "key-export": "a key export file"
        case "key-array": "room keys in readable JSON"
        case "sessions": "room keys in readable JSON, as old nheko wrote them"
        case "room-key-bundle": "a room key bundle in readable JSON"
        case "json-lines": "room keys, one a line"
        case "server-backup": "a saved server-side key backup"
        case "python-literal":
            "room keys printed by Python, which is not JSON: ‘heirloom doctor’ mends it"
        case "saved-history": "a room's saved history"
        case "sealed-file": "a sealed file"
        case "identity-file": "an identity file"
        case "public-identity": "a public identity"
        case "age-secret-key": "a secret age key"
        case "recovery-key": "a recovery key, which opens a key backup, not a key file"
        case "opened-bundle":
            "a bundle out of its seal, signed but not verified here: receive the sealed file instead"
        case "gap-request": "a request for missing keys: answer it with ‘heirloom share --request’"
        case "receipt": "a receipt: add it with ‘heirloom archive ledger --add-receipt’"
        case "archive": "an archive of keys, or another SQLite database: see ‘heirloom archive’"
        case "empty": "an empty file"
        default: "nothing that is known here"
        }
    }
}
