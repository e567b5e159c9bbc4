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
        var beginning = SecretBytes(byteCount: KeyFileKind.sniffByteCount)
        let count: Int
        do throws(StreamError) {
            var span = beginning.mutableBytes
            count = try fill(&span)
            try rewind()
        } catch {
            throw HeirloomError(.collect, error, of: path)
        }
        return beginning.prefix(count)
    }
}
