import Bundles
import Bytes
import Carriers
import KeyFormats
import Megolm
import Sealing
import StrictJSON

/// Each room's errors, mapped at the hall's wall: by step, so that the layer that refused stays
/// known, and with the name of the thing in front of the room's own sentence.
extension HeirloomError {
    init(_ step: Step, _ error: CarrierError, of path: String) {
        let problem: Problem =
            switch error {
            case .missing, .notAFile, .symbolicLink, .notOwned: .unreadable
            case .openToOthers: .openToOthers
            case .tooLarge: .overLimit
            case .exists: .fileExists
            case .noFolder: .unwritable
            case .system: step == .carry || step == .deliver ? .unwritable : .unreadable
            }
        self.init(step, problem, "\(path.shown): \(error)", layer: "io")
    }

    init(collecting error: KeyFormatError, from path: String) {
        let problem: Problem =
            switch error {
            case .stream(.tooLarge): .overLimit
            case .stream: .unreadable
            case .noBeginLine: .unknownKind
            case .noEndLine, .tooShort: .cutShort
            case .json(.cutShort): .cutShort
            case .notBase64, .json, .bothSharedAndWithheld, .cipherRefused: .damaged
            case .unknownVersion: .newerVersion
            case .noRounds: .damaged
            case .tooManyRounds: .tooMuchWork
            case .wrongPassphraseOrDamaged: .wrongPassphraseOrDamaged
            case .unknownBackup, .notAnAttachmentKey: .wrongKind
            case .unknownAttachmentVersion: .newerVersion
            case .attachmentDamaged: .damaged
            case .badDeviceKeys: .badSignature
            case .badCrossSigning: .badDeviceKeys
            case .wrongRecoveryKey, .misspelledRecoveryKey: .wrongRecoveryKey
            case .pythonLiteral: .pythonLiteral
            case .derivationFailed: .brokenLibrary
            }
        self.init(.collect, problem, "\(path.shown): \(error)")
    }

    init(_ step: Step, _ error: SealingError, of name: String) {
        let problem: Problem =
            switch error.layer {
            case .noMatch: .notForUs
            case .header, .hmac, .payload, .armor: .damaged
            case .passphrase: error == .wrongPassphrase ? .wrongPassphrase : .weakPassphrase
            case .limit: .overLimit
            case .stream: .unreadable
            case .identity: .badIdentity
            case .contact:
                switch error {
                case .unknownContact: .unknownContact
                case .keyChanged: .changedKey
                default: .badContact
                }
            }
        self.init(
            step, problem, "\(name.shown): \(error)", layer: error.layer.rawValue.lowercased())
    }

    init(verifying error: BundleError, of path: String) {
        let problem: Problem =
            switch error.layer {
            case .frame:
                switch error {
                case .notABundle: .notABundle
                case .notARequest, .notAReceipt: .unknownKind
                case .wrongVersion: .newerVersion
                case .truncated: .cutShort
                default: .malformedBundle
                }
            case .signer: error == .invalidSignerKey ? .malformedBundle : .wrongSigner
            case .sig: .badSignature
            case .audience: .wrongAudience
            case .time:
                switch error {
                case .clockTooEarly: .wrongClock
                case .notYetMade: .notYetValid
                default: .expired
                }
            case .replay: .replayed
            case .room: .wrongRoom
            case .record: .malformedBundle
            case .limit: .overLimit
            case .policy: .wrongPurpose
            case .stream: .unreadable
            }
        self.init(.verify, problem, "\(path.shown): \(error)", layer: error.layer.rawValue)
    }

    init(bundling error: BundleError) {
        let problem: Problem = error.layer == .limit ? .overLimit : .badArgument
        self.init(.bundle, problem, "the bundle cannot be made: \(error)")
    }

    init(_ step: Step, _ error: StreamError, of path: String) {
        let isOutput = step == .carry || step == .deliver || step == .seal
        let reason =
            switch error {
            case .unreadable(let code), .unwritable(let code): systemMessage(code)
            case .tooLarge, .damagedBelow: error.description
            }
        let name = path == "-" ? "standard \(isOutput ? "output" : "input")" : path.shown
        self.init(step, isOutput ? .unwritable : .unreadable, "\(name): \(reason)", layer: "io")
    }
}
