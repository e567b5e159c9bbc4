import Bytes
import KeyFormats
import MatrixTypes
import Megolm
import Secrets

/// Room keys on their way into a file, in any form that is written here.
///
/// A room key bundle is made to be handed over: it holds shareable sessions alone, and names the others
/// as withheld.
struct KeyFileWriter: ~Copyable {
    private let isBundle: Bool
    private let path: String
    private let step: HeirloomError.Step
    private let export: KeyExportWriter?
    private let attachment: AttachmentWriter?
    private var keys: RoomKeyWriter
    /// Keys written.
    private(set) var written = 0
    /// Sessions named as withheld.
    private(set) var withheld = 0

    /// - Parameters:
    ///   - passphrase: of a key export; other forms have none.
    ///   - path: how to call the file in a sentence.
    init(
        _ format: ConvertRequest.Format, under passphrase: borrowing Passphrase,
        to sink: any ByteSink, at path: String, step: HeirloomError.Step = .carry,
        random: inout AnyRandomSource
    ) throws(HeirloomError) {
        let isBundle = format.isBundle
        let export: KeyExportWriter?
        let attachment: AttachmentWriter?
        let keys: RoomKeyWriter
        do throws(KeyFormatError) {
            export =
                format == .keyExport
                ? try KeyExportWriter(to: sink, passphrase: passphrase.bytes, random: &random) : nil
            attachment =
                format == .encryptedBundle ? AttachmentWriter(to: sink, random: &random) : nil
            let layout: RoomKeyWriter.Layout =
                isBundle ? .bundle : format == .keyExport ? .array : .lines
            keys = try RoomKeyWriter(layout, to: export ?? attachment ?? sink)
        } catch {
            throw HeirloomError(writing: error, to: path, step: step)
        }
        self.isBundle = isBundle
        self.path = path
        self.step = step
        self.export = export
        self.attachment = attachment
        self.keys = keys
    }

    /// Writes one key, or names it as withheld.
    mutating func add(_ key: RoomKey) throws(HeirloomError) {
        do throws(KeyFormatError) {
            if isBundle, key.sharedHistory != .shareable {
                try keys.addWithheld(
                    roomID: key.roomID, sessionID: key.sessionID, senderKey: key.claims.senderKey,
                    code: "m.history_not_shared")
                withheld += 1
            } else {
                try keys.add(key)
                written += 1
            }
        } catch {
            throw HeirloomError(writing: error, to: path, step: step)
        }
    }

    /// Writes what stands behind the keys.
    ///
    /// - Returns: what opens an encrypted attachment; `nil` for other forms.
    consuming func finish() throws(HeirloomError) -> SharedSecret? {
        let (export, attachment, path, step) = (export, attachment, path, step)
        do throws(KeyFormatError) {
            try keys.finish()
            try export?.finish()
            return try attachment?.finishedKey()
        } catch {
            throw HeirloomError(writing: error, to: path, step: step)
        }
    }
}

extension HeirloomError {
    fileprivate init(writing error: KeyFormatError, to path: String, step: HeirloomError.Step) {
        if case .stream(let error) = error {
            self.init(step, error, of: path)
        } else {
            self.init(step, .brokenLibrary, "the keys cannot be written: \(error)")
        }
    }
}
