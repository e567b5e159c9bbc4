import Bundles
import Bytes
import MatrixTypes
import Sealing
import Secrets

/// Everything a bundle held, once all of it has verified.
struct BundleRecords {
    let manifest: BundleManifest
    let sessions: [BundledSession]
    let withheld: [WithheldSession]
}

/// A hand-over of which everything has verified and nothing has been judged.
struct AuthenticHandOver {
    let records: BundleRecords
    let giver: ContactCard
    /// The giver's signing key.
    let signer: Ed25519.PublicKey
}

/// Opening and verifying, in the order of `formats/bundle.md`: each check before anything that
/// relies on it, and nothing kept unless the last one passed.
extension Receive {
    func open(
        _ file: any RewindableByteSource, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> OpenedFile {
        let identity = try home.openIdentity(passphrases)
        let report = self.report
        let source = ReportingSource(file) { report(Progress(work: .opening, fraction: $0)) }
        do throws(SealingError) {
            return try OpenedFile(source: source, identity: identity)
        } catch .notAnAgeFile {
            throw HeirloomError(
                .open, .unknownKind, "\(request.file.shown): it is not a sealed file",
                layer: "header")
        } catch {
            throw HeirloomError(.open, error, of: request.file)
        }
    }

    /// Reads no more than who claims to have signed.
    func begin(_ opened: OpenedFile) throws(HeirloomError) -> UnverifiedBundle {
        do throws(BundleError) {
            return try UnverifiedBundle(reading: opened)
        } catch .notABundle {
            throw HeirloomError(
                .verify, .notABundle,
                "\(request.file.shown): it is sealed for you, but it is no bundle of room keys",
                layer: "frame")
        } catch {
            throw failure(error, opened)
        }
    }

    /// The pinned or named identity that the bundle must be signed by.
    func giver(
        signingWith key: Ed25519.PublicKey
    ) throws(HeirloomError) -> (identity: PublicIdentity, card: ContactCard) {
        let known = try home.contacts().contact(signingWith: key)
        if let who = request.from {
            let (identity, card) = try home.resolve(who)
            guard identity.signingKey == key else {
                let actual = known.map { "\($0.name)" } ?? "an identity that is not pinned"
                throw HeirloomError(
                    .verify, .wrongSigner,
                    "\(request.file.shown): it is signed by \(actual.shown), expected \(card.title)",
                    layer: "signer")
            }
            return (identity, card)
        }
        guard let known else {
            let text = Ed25519PublicKey(bytes: key.bytes).text
            throw HeirloomError(
                .verify, .unknownSigner,
                "\(request.file.shown): nobody you know signed it; its signing key is \(text)",
                layer: "signer")
        }
        return (known.identity, ContactCard(known))
    }

    func verify(
        _ bundle: consuming UnverifiedBundle,
        by giver: (identity: PublicIdentity, card: ContactCard), _ opened: OpenedFile
    ) throws(HeirloomError) -> SignedBundle {
        do throws(BundleError) {
            return try bundle.verified(as: giver.identity.signingKey)
        } catch {
            throw failure(error, opened)
        }
    }

    /// Audience, times, replay and room.
    func admit(
        _ signed: consuming SignedBundle, _ opened: OpenedFile
    ) throws(HeirloomError) -> AdmittedBundle {
        let seen = try home.seenBundles()
        let again = request.again
        let manifest = signed.manifest
        let room = try request.room.map { text throws(HeirloomError) in
            try RoomID(argument: text)
        }
        let expectation = BundleExpectation(
            recipient: opened.recipient.key, nowMilliseconds: now, roomID: room,
            isSeen: { !again && seen.contains($0) })
        do throws(BundleError) {
            return try signed.accepted(by: expectation)
        } catch .alreadySeen where seen.contradicts(manifest) {
            throw HeirloomError(
                .verify, .replayedWithOtherContent,
                "\(request.file.shown): a bundle with this id but another content was taken in before",
                layer: "replay")
        } catch {
            throw failure(error, opened)
        }
    }

    /// Reads all records; gives them out only once the end of the bundle and of the file verified.
    func read(
        _ admitted: consuming AdmittedBundle, _ opened: OpenedFile
    ) throws(HeirloomError) -> BundleRecords {
        var sessions: [BundledSession] = []
        var withheld: [WithheldSession] = []
        let manifest = admitted.manifest
        do throws(BundleError) {
            while let record = try admitted.next() {
                switch record {
                case .session(let session): sessions.append(session)
                case .withheld(let session): withheld.append(session)
                }
            }
        } catch {
            throw failure(error, opened)
        }
        return BundleRecords(manifest: manifest, sessions: sessions, withheld: withheld)
    }

    /// A bundle that cannot be read on because the seal around it is damaged says so of the seal.
    private func failure(_ error: BundleError, _ opened: OpenedFile) -> HeirloomError {
        if case .stream = error, let below = opened.failure {
            return HeirloomError(.open, below, of: request.file)
        }
        return HeirloomError(verifying: error, of: request.file)
    }
}
