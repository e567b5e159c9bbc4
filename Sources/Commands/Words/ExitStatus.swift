import ArgumentParser
import Heirloom

/// The exit codes, which never change their meaning.
enum ExitStatus: Int32, CaseIterable {
    case done = 0
    case failed = 1
    case partly = 2
    case wrongKey = 3
    case damaged = 4
    case refused = 5
    case nothingMatched = 6
    case usage = 64
    case cancelled = 130

    var meaning: String {
        switch self {
        case .done: "all done"
        case .failed: "failed"
        case .partly:
            "partly done: sessions were withheld, refused, conflicting or invalid, or codes are missing"
        case .wrongKey: "wrong passphrase, wrong key or wrong signer"
        case .damaged: "damaged input"
        case .refused: "refused by the rules, or not to be taken in (expired, replayed)"
        case .nothingMatched: "nothing matched what was asked for"
        case .usage: "wrong usage"
        case .cancelled: "cancelled"
        }
    }

    static var table: String {
        allCases.map { status in
            let code = String(status.rawValue)
            return String(repeating: " ", count: 4 - code.count) + code + "  " + status.meaning
        }.joined(separator: "\n")
    }

    /// The code for a problem.
    init(_ problem: Problem) {
        switch problem {
        case .unreadable, .unwritable, .fileExists, .openToOthers, .overLimit, .binaryToTerminal,
            .noIdentity, .identityExists, .weakPassphrase, .noPassphrase, .brokenLibrary,
            .tooMuchWork, .newerVersion, .wrongClock, .archiveBusy, .notReversible,
            .severalTransfers, .unreadableCode, .unknownHomeserver, .unreachableServer,
            .serverRefused, .notLoggedIn,
            .loggedInAlready, .noPasswordLogin, .backupReplaced:
            self = .failed
        case .wrongPassphraseOrDamaged, .wrongRecoveryKey, .wrongPassphrase, .notForUs,
            .unknownSigner, .wrongSigner, .changedKey, .fingerprintMismatch, .wrongAudience,
            .wrongArchiveKey, .loginEnded, .wrongPassword, .badDeviceKeys:
            self = .wrongKey
        case .damagedArchive, .brokenChain, .unknownKind, .wrongKind, .cutShort, .damaged,
            .pythonLiteral, .badIdentity, .malformedAnswer, .otherHandOver,
            .notABundle, .badSignature, .malformedBundle, .contradictoryHistory,
            .contradictoryCodes:
            self = .damaged
        case .expired, .notYetValid, .replayed, .replayedWithOtherContent, .wrongPurpose,
            .refusedByRules, .otherUser, .notProven:
            self = .refused
        case .incompleteScan: self = .partly
        case .nothingMatched, .wrongRoom,
            .unknownContact, .noCode, .noBackup, .noHandOver, .noPublishedIdentity:
            self = .nothingMatched
        case .badArgument, .badContact, .noHistory, .unknownUser, .plainHTTP, .severalLogins:
            self = .usage
        case .cancelled: self = .cancelled
        }
    }
}

/// Prints what the exit codes mean.
struct ExitCodesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exit-codes", abstract: "Lists what the exit codes mean.")

    func run() throws {
        Output.data(ExitStatus.table)
    }
}
