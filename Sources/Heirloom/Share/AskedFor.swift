import Bundles
import Bytes
import Carriers
import MatrixTypes
import Sealing
import Secrets

/// A request for missing keys whose signature verified as a pinned contact's.
struct AskedFor: Sendable {
    let path: String
    let request: GapRequest
    let identity: PublicIdentity
    let card: ContactCard

    var report: AskedForReport {
        AskedForReport(
            path: path, asker: card, claimedUser: request.userID?.text,
            createdAt: UTCDate.text(milliseconds: request.createdMilliseconds),
            sessions: request.gaps.count)
    }
}

/// A request for missing keys, as it is shown.
public struct AskedForReport: Encodable, Sendable {
    /// Where it was read.
    public let path: String
    /// The pinned identity that signed it.
    public let asker: ContactCard
    /// The Matrix user the asker says to be.
    public let claimedUser: String?
    /// When it was made, ISO 8601.
    public let createdAt: String
    /// How many sessions it names.
    public let sessions: Int
}

extension Share {
    /// Reads the request that is to be answered; `nil` for none.
    ///
    /// - Throws: `unknownSigner` for one that nobody pinned has signed.
    func askedFor() throws(HeirloomError) -> AskedFor? {
        guard let path = request.requestFile else { return nil }
        let file = try carrying(.collect, path) { () throws(CarrierError) in
            try InputFile(path: path, rules: .pipesInMemory, limit: GapRequest.byteLimit)
        }
        let bytes = try moving(.collect, path) { () throws(StreamError) in
            try file.readAll(limit: GapRequest.byteLimit)
        }
        let asked: GapRequest
        do throws(BundleError) {
            asked = try GapRequest(bytes.span)
        } catch {
            throw HeirloomError(verifying: error, of: path)
        }
        guard let contact = try home.contacts().contact(signingWith: asked.signer) else {
            throw HeirloomError(
                .verify, .unknownSigner,
                "\(path.shown): nobody you know asks; the request's signing key is "
                    + Ed25519PublicKey(bytes: asked.signer.bytes).text,
                layer: "signer")
        }
        return AskedFor(
            path: path, request: asked, identity: contact.identity, card: ContactCard(contact))
    }
}
