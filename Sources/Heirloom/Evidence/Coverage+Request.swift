import Bundles
import Bytes
import RoomTimelines
import Sealing

/// A request for missing keys that was written.
public struct WrittenRequest: Encodable, Equatable, Sendable {
    /// Where it was written; `-` is standard output.
    public let path: String
    /// Its size.
    public let byteCount: Int
    /// How many sessions it names.
    public let sessions: Int
}

extension Coverage {
    /// Writes a signed request for what is missing: session ids and the lowest missing index of
    /// each, no content.
    ///
    /// Asks only for what the person may see, where the history says so.
    ///
    /// - Throws: `nothingMatched` where nothing is missing.
    public func writeRequest(
        for result: CoverageResult, into destination: Destination,
        _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> WrittenRequest {
        let missing = result.missing
        guard !missing.isEmpty else {
            throw HeirloomError(.select, .nothingMatched, "nothing is missing to ask for")
        }
        let identity = try home.openIdentity(passphrases)
        let now = self.now
        let bytes: [UInt8]
        do throws(BundleError) {
            bytes = try GapRequest.signed(
                by: identity.signingKey, createdMilliseconds: now, roomID: result.timeline.roomID,
                userID: result.user, gaps: missing)
        } catch {
            throw HeirloomError(bundling: error)
        }
        let output = try destination.open(step: .carry)
        let sink = output.sink
        do throws(StreamError) { try sink.write(bytes.span) } catch {
            throw HeirloomError(.carry, error, of: destination.path)
        }
        let byteCount = try output.commit(step: .carry)
        return WrittenRequest(
            path: destination.path, byteCount: byteCount, sessions: missing.count)
    }
}
