import ArgumentParser
import Foundation
import Heirloom

/// How a failure is told: the sentence from the room where it arose, one hint from here, an exit
/// code.
///
/// With `--json` it is one document on standard output instead.
struct Failure: Error {
    let error: HeirloomError
    let isJSON: Bool

    private struct Document: Encodable {
        let schema = "heirloom.error.v1"
        let step: String
        let problem: String
        let layer: String?
        let message: String
        let hint: String?
        let exitCode: Int32
    }

    /// Tells and ends the program.
    func report() -> Never {
        let status = ExitStatus(error.problem)
        let hint = Self.hint(for: error.problem, at: error.step)
        if isJSON {
            Output.json(
                Document(
                    step: error.step.rawValue, problem: error.problem.rawValue, layer: error.layer,
                    message: error.sentence, hint: hint, exitCode: status.rawValue))
        }
        Output.talk("heirloom: \(error.sentence)")
        if let hint { Output.talk("hint: \(hint)") }
        Foundation.exit(status.rawValue)
    }

    /// What a person can do about a problem; `nil` where the sentence says it all.
    ///
    /// - Parameter step: the same problem may ask for something else elsewhere.
    static func hint(for problem: Problem, at step: HeirloomError.Step) -> String? {
        switch (problem, step) {
        case (.unreadable, .archive): "‘heirloom archive add FILE’ begins an archive"
        case (.nothingMatched, .archive):
            "‘heirloom archive list’, ‘journal’ and ‘ledger’ show what is there"
        case (.nothingMatched, .collect), (.nothingMatched, .select):
            "‘heirloom inspect FILE’ lists the rooms in a key file"
        case (.nothingMatched, _): nil
        case (.unreachableServer, .history):
            "check the address and the network, and try again; what was fetched is kept"
        default: hint(for: problem)
        }
    }

    private static func hint(for problem: Problem) -> String? {
        switch problem {
        case .unreadable: "check the path and its permissions; ‘-’ reads standard input"
        case .unwritable: "check that the folder exists, is writable and has room"
        case .fileExists: "choose another name, or add --force to replace it"
        case .openToOthers: "run ‘chmod 600’ on it, and think about who may have read it"
        case .overLimit: "nothing honest is that large; ask who made it"
        case .binaryToTerminal: "use ‘-o FILE’, or redirect standard output to a file"
        case .unknownKind: "‘heirloom inspect FILE’ tells what a file is"
        case .wrongKind: "‘heirloom inspect FILE’ tells what a file is"
        case .cutShort: "the copy is incomplete: fetch or export it again"
        case .damaged: "copy or export it again; a mail program may have changed it"
        case .wrongPassphraseOrDamaged:
            "try the passphrase again; if you are sure of it, copy or export the file again"
        case .wrongRecoveryKey:
            "it is 48 letters beginning with Es, or the security phrase; a reset made a new one"
        case .tooMuchWork:
            "--max-rounds permits more; ten million rounds take about four seconds"
        case .pythonLiteral:
            "‘heirloom doctor FILE -o NEW’ writes what was meant; or export again from the client"
        case .noIdentity: "‘heirloom identity new’ makes one"
        case .identityExists: "it opens what was sealed to you: keep it, or move it away yourself"
        case .wrongPassphrase: "try again; without the passphrase the identity cannot be opened"
        case .weakPassphrase: "leave it empty at the prompt to be given ten random words"
        case .noPassphrase:
            "run it in a terminal, or give it in a file"
        case .badIdentity: "an identity is the whole heir1… text, without breaks"
        case .unknownContact: "‘heirloom contact list’ shows whom you know"
        case .badContact: "‘heirloom contact list’ shows whom you know"
        case .changedKey:
            "stop and ask them in person: if the new key is theirs, remove the contact and add it anew"
        case .fingerprintMismatch: "read it out again; if it still differs, the key is not theirs"
        case .notForUs: "ask the giver to seal it to what ‘heirloom identity show’ prints"
        case .notABundle: "anybody can seal anything to you: ask who sent it"
        case .newerVersion: "a newer version of heirloom reads it"
        case .unknownSigner:
            "ask the giver for their heir1… identity, then: heirloom contact add NAME heir1… "
                + "and heirloom contact verify NAME"
        case .wrongSigner: "do not take it in; ask the person you expected it from"
        case .badSignature: "it was changed on its way, or never came from the giver"
        case .malformedBundle: "the program that made it is at fault: tell the giver"
        case .wrongAudience: "somebody passed on what was given to them, not to you"
        case .expired: "ask the giver to share it again"
        case .notYetValid: "compare your clock with the giver's"
        case .wrongClock: "set the clock and try again"
        case .replayed: "it was taken in before; --again takes it in once more"
        case .replayedWithOtherContent:
            "do not take it in: the giver's program or key is misused; ask them in person"
        case .wrongRoom: "name the room it is for, if you want that one"
        case .wrongPurpose: "a moderator opens an archive and shares from it"
        case .archiveBusy: "wait until the other program has finished, and try again"
        case .damagedArchive:
            "‘heirloom archive verify’ says what is wrong; keep the file and restore a copy"
        case .brokenChain:
            "somebody changed the archive's folder: compare it with a copy, and with the head you kept"
        case .wrongArchiveKey:
            "an archive opens with the identity that made it, or a key file: --archive-key-file"
        case .notReversible: "‘heirloom archive journal’ shows what can be undone"
        case .incompleteScan:
            "photograph the others and scan those alone: what was seen is kept"
        case .noCode: "hold the camera straight, fill the picture, avoid glare"
        case .severalTransfers: "scan the pictures of one hand-over at a time"
        case .contradictoryCodes: "somebody mixed false codes among them: ask for a file instead"
        case .unreadableCode: "hand it over as a file with ‘-o FILE’"
        case .contradictoryHistory:
            "save it with ‘heirloom history fetch’, or all pages one after the other in one direction"
        case .noHistory:
            "save the room's past with ‘heirloom history fetch’, and give it with --history FILE…"
        case .notProven:
            "give more of the room's history, or take them on the giver's word without --require-proof"
        case .unknownUser:
            "name them with --for @user:server, or pin the contact with --user"
        case .otherUser:
            "leave --for away; if the contact has moved to another user, remove it and add it anew"
        case .plainHTTP: "use the server's https:// address"
        case .unknownHomeserver: "name the homeserver's address with --homeserver https://…"
        case .unreachableServer:
            "check the address and the network, and try again"
        case .serverRefused: "ask whoever runs the homeserver, or the room's moderators"
        case .malformedAnswer: "check the address: what answers there may be no homeserver"
        case .notLoggedIn: "‘heirloom login --user @you:server’ logs in"
        case .loggedInAlready: "‘heirloom logout’ ends that login first"
        case .severalLogins: "say which one with --user, or with --as in ‘contact add’"
        case .loginEnded: "‘heirloom logout’ forgets the login, ‘heirloom login’ makes another"
        case .wrongPassword: "try again; after a few attempts the server makes you wait"
        case .noPasswordLogin:
            "copy an access token from your client's settings into a file: --access-token-file"
        case .noBackup: "turn on key storage in your Matrix client"
        case .backupReplaced: "try again with the recovery key of the new one"
        case .noHandOver: "ask whoever invited you whether they sent any keys"
        case .otherHandOver: "do not take it in: ask whoever invited you to send it again"
        case .badDeviceKeys: "do not trust this account's keys: ask the person over another way"
        case .noPublishedIdentity:
            "ask them to run ‘heirloom identity publish’, or for their heir1… identity"
        case .badArgument, .cancelled, .brokenLibrary, .nothingMatched: nil
        case .refusedByRules:
            "--plan shows why, session by session; ‘share --override’ hands over what is withheld, never what "
                + "is refused"
        }
    }
}
