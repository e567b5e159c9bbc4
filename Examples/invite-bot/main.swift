// A bot that brings somebody into a room together with the room's past.
//
//     invite-bot ROOM @USER:SERVER KEY-FILE PASSPHRASE-FILE
//
// It uses the login, the identity and the contacts in HEIRLOOM_HOME, which `heirloom login`,
// `heirloom identity new --no-passphrase` and `heirloom contact add` made.

import Foundation
import Heirloom

/// A bot has nobody to ask: every passphrase is a file's first line.
struct BotPassphrases: PassphraseSource {
    let keyFilePassphrase: String

    func passphrase(for purpose: PassphrasePurpose) throws(HeirloomError) -> Passphrase {
        guard case .keyFile = purpose,
            let file = FileHandle(forReadingAtPath: keyFilePassphrase)
        else {
            throw HeirloomError(.identity, .noPassphrase, "a bot has no passphrase for that")
        }
        return try Passphrase(readingFrom: file.fileDescriptor, named: keyFilePassphrase)
    }
}

func tell(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 4 else {
    tell("usage: invite-bot ROOM @USER:SERVER KEY-FILE PASSPHRASE-FILE")
    exit(64)
}

var request = InviteRequest(
    user: arguments[1],
    share: ShareRequest(keyFiles: [arguments[2]], room: arguments[0], recipients: []))
// They are invited in any case; the report says whether keys went along.
request.invitesAnyway = true

let invite = Invite(
    request, home: Home(environment: ProcessInfo.processInfo.environment),
    now: UInt64(Date().timeIntervalSince1970 * 1000))
let passphrases = BotPassphrases(keyFilePassphrase: arguments[3])

do throws(HeirloomError) {
    // Nothing is sent by planning; a bot may look at the plan and decide otherwise.
    let plan = try await invite.plan(passphrases)
    for session in plan.report.sessions where session.verdict != "allow" {
        tell("\(session.sessionID) stays: \(session.reason)")
    }
    let report = try await invite.send(plan, passphrases)
    if let without = report.without {
        tell("\(report.user) is invited, without keys: \(without.rawValue)")
    } else {
        tell(
            "\(report.user) is invited; sessions handed over: \(report.share.sealed?.sessions ?? 0)"
        )
    }
} catch {
    tell("invite-bot: \(error.sentence)")
    exit(1)
}
