import Bytes
import KeyFormats
import Secrets

extension Destination {
    /// The name of the `EncryptedFile` object that opens an attachment written here.
    var attachmentKeyPath: String { path + ".json" }

    /// Refuses standard output for a form that is two files, and a key file that is there already.
    func checkName(for format: ConvertRequest.Format) throws(HeirloomError) {
        guard format == .encryptedBundle else { return }
        guard path != "-" else {
            throw HeirloomError(
                .carry, .badArgument, "an encrypted bundle is two files, and needs a name")
        }
        try Destination(path: attachmentKeyPath, replacing: replacing).check()
    }

    /// Writes the object before the attachment appears: it is the only key to it.
    func writeBeside(_ key: SharedSecret?, step: HeirloomError.Step) throws(HeirloomError) {
        guard let key else { return }
        let beside = Destination(path: attachmentKeyPath, replacing: replacing)
        let output = try beside.open(step: step)
        let sink = output.sink
        do throws(StreamError) {
            try sink.write(key.bytes)
            try sink.write(Array("\n".utf8))
        } catch {
            throw HeirloomError(step, error, of: beside.path)
        }
        _ = try output.commit(step: step)
    }
}

extension AttachmentWriter {
    /// Ends the attachment and gives the object that opens it.
    func finishedKey() throws(KeyFormatError) -> SharedSecret {
        do throws(StreamError) {
            let text = try finish()
            return SharedSecret(copying: text.bytes)
        } catch {
            throw .stream(error)
        }
    }
}
