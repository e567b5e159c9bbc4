import Archives
import Bundles
import Bytes
import Carriers
import Sealing
import Secrets

extension Receive {
    /// Writes a signed receipt for what was taken in, for the giver's ledger.
    public func writeReceipt(
        _ plan: ReceivePlan, into destination: Destination, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) {
        let identity = try home.openIdentity(passphrases)
        let account = plan.account
        let bytes = HandOverReceipt.signed(
            by: identity.signingKey, bundle: plan.manifest.id, receivedMilliseconds: now,
            takenCount: UInt32(account.taken), totalCount: UInt32(account.total))
        try destination.write(bytes)
    }
}

/// A receipt that was added to the ledger.
public struct AddedReceipt: Encodable, Equatable, Sendable {
    /// The document's name and version.
    public let schema = "heirloom.receipt.v1"
    /// The contact who signed it.
    public let signer: String
    /// The bundle's id, 32 hexadecimal digits.
    public let bundleID: String
    /// When it arrived, as they say, ISO 8601.
    public let receivedAt: String
    /// How many sessions were taken in.
    public let taken: UInt32
    /// Of how many.
    public let total: UInt32
}

extension KeyArchive {
    /// Adds a recipient's receipt to the ledger.
    ///
    /// - Throws: `unknownSigner` for one that no pinned contact signed, `nothingMatched` for one of a
    ///   hand-over that the ledger does not have.
    public func addReceipt(_ path: String) throws(HeirloomError) -> AddedReceipt {
        let file = try carrying(.collect, path) { () throws(CarrierError) in
            try InputFile(path: path, rules: .pipesInMemory, limit: KeyFileLimits.fileByteCount)
        }
        // One more than the longest, so that a longer file is no receipt, whatever it is.
        var bytes = [UInt8](repeating: 0, count: HandOverReceipt.byteCount + 1)
        let count = try moving(.collect, path) { () throws(StreamError) in
            var span = bytes.mutableSpan
            return try file.fill(&span)
        }
        bytes.removeLast(bytes.count - count)
        let receipt: HandOverReceipt
        do throws(BundleError) {
            receipt = try HandOverReceipt(bytes.span)
        } catch {
            throw HeirloomError(verifying: error, of: path)
        }
        guard let contact = try home.contacts().contact(signingWith: receipt.signer) else {
            throw HeirloomError(
                .verify, .unknownSigner, "\(path.shown): nobody you know signed the receipt",
                layer: "signer")
        }
        let archive = try open(.writing)
        let entry = try archiving { () throws(ArchiveError) in
            try archive.ledger().first { $0.handOver.bundle == receipt.bundle.array }
        }
        guard let entry else {
            throw HeirloomError(
                .archive, .nothingMatched,
                "\(path.shown): the ledger has no hand-over \(receipt.bundle)")
        }
        // Another contact's word says nothing of what a recipient did.
        guard entry.handOver.recipients.contains(where: { $0.identity == contact.identity.bytes })
        else {
            throw HeirloomError(
                .verify, .wrongSigner,
                "\(path.shown): \(contact.name.shown) signed it, to whom nothing was given",
                layer: "signer")
        }
        try archiving { () throws(ArchiveError) in
            try archive.keep(
                Receipt(
                    bundle: receipt.bundle.array, signer: receipt.signer.bytes,
                    receivedMilliseconds: receipt.receivedMilliseconds, bytes: bytes), at: now)
        }
        return AddedReceipt(
            signer: contact.name, bundleID: receipt.bundle.description,
            receivedAt: UTCDate.text(milliseconds: receipt.receivedMilliseconds),
            taken: receipt.takenCount, total: receipt.totalCount)
    }
}
