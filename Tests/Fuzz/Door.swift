import Bundles
import Bytes
import Carriers
import Foundation
import Homeserver
import KeyFormats
import MatrixTypes
import Megolm
import RoomTimelines
import Sealing
import Secrets
import StrictJSON

/// A place where a stranger's bytes come in.
///
/// Whatever a reader throws is right; what is looked for are traps, loops and memory without bound,
/// and the few promises that are checked here.
enum Door: String, CaseIterable {
    case bundle
    case codes
    case history
    case identity
    case json
    case keyExport = "key-export"
    case message
    case picture
    case roomKeys = "room-keys"
    case sealedFile = "sealed-file"

    /// Lets bytes in.
    func take(_ bytes: [UInt8]) {
        switch self {
        case .bundle: Self.bundle(bytes)
        case .codes: Self.codes(bytes)
        case .history: Self.history(bytes)
        case .identity: Self.identity(bytes)
        case .json: Self.json(bytes)
        case .keyExport: Self.keyExport(bytes)
        case .message: Self.message(bytes)
        case .picture: _ = try? GreyPicture(file: bytes)
        case .roomKeys: Self.roomKeys(bytes)
        case .sealedFile: Self.sealedFile(bytes)
        }
    }

    /// The reader of `formats/vectors`: what is sealed there opens up to the fault in it.
    private static let reader =
        "AGE-SECRET-KEY-1T2DZZETRF8ZY2Y2E8FX0J5W8AACU0NNWF7QEPRVNSEP584SYZY9SKMHSKL"

    private static func bundle(_ bytes: [UInt8]) {
        _ = try? BundleManifest(parsing: bytes.span)
        _ = try? GapRequest(bytes.span)
        _ = try? HandOverReceipt(bytes.span)
        guard let bundle = try? UnverifiedBundle(reading: MemorySource(bytes)) else { return }
        let signer = bundle.claimedSigner
        _ = try? bundle.verified(as: signer)
    }

    private static func codes(_ bytes: [UInt8]) {
        var collector = QRCollector()
        for line in bytes.split(separator: 0x0a) {
            _ = collector.take(String(decoding: line, as: UTF8.self))
        }
        for transfer in collector.transfers { _ = try? transfer.payload() }
        _ = try? QRCollector(serialized: String(decoding: bytes, as: UTF8.self))
    }

    private static func history(_ bytes: [UInt8]) {
        guard let layout = try? HistoryLayout(beginningOf: bytes.span) else { return }
        var builder = TimelineBuilder()
        guard (try? builder.read(MemorySource(bytes), layout: layout)) != nil,
            let timeline = try? builder.timeline()
        else { return }
        for session in timeline.sessionIDs { _ = timeline.messages(of: session) }
        for position in 0..<timeline.eventCount { _ = timeline.visibility(at: position) }
    }

    private static func identity(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let identity = try? PublicIdentity(text) {
            let spelling = text.lowercased().trimmingCharacters(in: .whitespacesAndNewlines)
            precondition(identity.text == spelling, "an identity has two spellings")
        }
        _ = try? IdentityFile(text: bytes.span)
        _ = MediaAddress(text)
        _ = try? ServerAddress(text)
        guard let contacts = try? Contacts(decoding: bytes) else { return }
        precondition(
            (try? Contacts(decoding: contacts.encoded())) != nil, "contacts cannot be read again")
    }

    private static func json(_ bytes: [UInt8]) {
        _ = try? JSONObject(bytes.span)
        guard let value = try? JSONValue(bytes.span) else { return }
        if let text = value.canonical {
            precondition((try? JSONValue(text.span)) == value, "canonical JSON reads otherwise")
        }
        _ = try? BackupVersion(value)
        _ = try? CrossSignedUser(value, of: "@bob:example.org")
        _ = try? SignedDeviceKeys(value)
        _ = HandOverReference(value)
        if let members = value.members { _ = SecretStorage(accountData: members) }
        if let user = try? UserID("@bob:example.org") {
            _ = try? IdentityStatement(verifying: value, of: user, now: 1_795_000_000_000)
        }
    }

    private static func keyExport(_ bytes: [UInt8]) {
        _ = try? KeyExport.facts(of: MemorySource(bytes))
        _ = try? KeyExport.armorTraits(of: MemorySource(bytes))
        drain(PythonListText(MemorySource(bytes)))
    }

    private static func message(_ bytes: [UInt8]) {
        guard let message = try? MegolmMessage(base64: bytes.span) else { return }
        _ = message.isSigned(by: SessionID(bytes: .zero))
    }

    private static func roomKeys(_ bytes: [UInt8]) {
        if let layout = KeyFileLayout(beginningOf: bytes.span) {
            var entries = RoomKeyEntries(MemorySource(bytes), layout: layout)
            while let entry = try? entries.next() { _ = entry }
        }
        let key = BackupKey(SecretBytes(copying: [UInt8](repeating: 7, count: 32).span))
        var entries = BackupEntries(MemorySource(bytes), key: key)
        while let entry = try? entries.next() { _ = entry }
        _ = try? SavedBackup.version(in: MemorySource(bytes))
        _ = RecoveryKey.decode(bytes.span)
    }

    private static func sealedFile(_ bytes: [UInt8]) {
        guard let key = try? AgeSecretKey(text: Array(reader.utf8).span) else {
            preconditionFailure("it is a secret key of age's")
        }
        drain(try? OpenedFile(source: MemorySource(bytes), keys: [key]))
    }

    /// Reads a source to its end.
    private static func drain(_ source: (any ByteSource)?) {
        guard let source else { return }
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            var span = piece.mutableSpan
            guard let count = try? source.read(into: &span), count > 0 else { return }
        }
    }
}
