import Bytes
import Carriers
import KeyFormats
import Secrets

extension InputFile {
    /// The first bytes of the file, by which its kind is told; the file is then read from its start
    /// again.
    ///
    /// They may be readable keys, so they are held as a secret.
    func beginning(named path: String) throws(HeirloomError) -> SecretBytes {
        do throws(StreamError) {
            let beginning = try readSecret(upTo: KeyFileKind.sniffByteCount)
            try rewind()
            return beginning
        } catch {
            throw HeirloomError(.collect, error, of: path)
        }
    }

    /// What comes next of the file, at most `limit` bytes, in memory that is wiped.
    func readSecret(upTo limit: Int) throws(StreamError) -> SecretBytes {
        var bytes = SecretBytes(byteCount: limit)
        var span = bytes.mutableBytes
        let count = try fill(&span)
        return bytes.prefix(count)
    }
}
