import Bytes
import Carriers
import Sealing
import Secrets

extension Home {
    /// The largest identity file, in bytes; one of ours has a few hundred.
    static let identityByteLimit = 64 << 10

    /// Makes a new identity.
    ///
    /// - Parameter passphrase: `nil` for a file that only its mode protects, for machines.
    /// - Throws: `identityExists` where there is one already: it would be lost.
    public func createIdentity(
        passphrase: consuming Passphrase?, now: UInt64
    ) throws(HeirloomError) -> IdentityCard {
        var random = SystemRandomSource()
        let identity = Identity.generate(random: &random, now: now)
        try write(identity, passphrase: passphrase, replacing: false)
        return IdentityCard(identity.publicIdentity)
    }

    /// The identity's public half; needs no passphrase.
    public func showIdentity() throws(HeirloomError) -> IdentityCard {
        IdentityCard(try identityFile().publicIdentity)
    }

    /// When the identity was made, ISO 8601, and whether a passphrase protects it.
    public func identityFacts() throws(HeirloomError) -> (createdAt: String, isProtected: Bool) {
        let file = try identityFile()
        return (UTCDate.text(milliseconds: file.createdAt), file.isProtected)
    }

    /// Protects the identity with another passphrase, or with none.
    public func changePassphrase(
        from passphrases: any PassphraseSource, to new: consuming Passphrase?
    ) throws(HeirloomError) {
        let identity = try openIdentity(passphrases)
        try write(identity, passphrase: new, replacing: true)
    }

    /// The identity's encryption half in age's secret form, for opening sealed files without this
    /// program.
    ///
    /// Written to a file of its own, mode 0600.
    public func exportAgeKey(
        to path: String, passphrases: any PassphraseSource, replacing: Bool
    ) throws(HeirloomError) {
        let identity = try openIdentity(passphrases)
        let comment = "# opens what was sealed to \(identity.publicIdentity.recipient.text)\n"
        let key = identity.encryptionKey.text()
        let file = try carrying(.identity, path) { () throws(CarrierError) in
            try OutputFile(path: path, replacing: replacing)
        }
        try moving(.identity, path) { () throws(StreamError) in
            try file.write(Array(comment.utf8))
            try file.write(key.bytes)
            try file.write(Array("\n".utf8))
        }
        try carrying(.identity, path) { () throws(CarrierError) in try file.commit() }
    }

    /// The identity with its secrets.
    func openIdentity(_ passphrases: any PassphraseSource) throws(HeirloomError) -> Identity {
        let file = try identityFile()
        guard file.isProtected else {
            return try sealing(.identity, identityPath) { () throws(SealingError) in
                try file.open()
            }
        }
        let passphrase = try passphrases.passphrase(for: .identity)
        return try sealing(.identity, identityPath) { () throws(SealingError) in
            try file.open(passphrase: passphrase.bytes)
        }
    }

    private func identityFile() throws(HeirloomError) -> IdentityFile {
        let file: InputFile
        do throws(CarrierError) {
            file = try InputFile(
                path: identityPath, rules: [.noSymbolicLink, .ownerOnly],
                limit: Self.identityByteLimit)
        } catch .missing {
            throw HeirloomError(
                .identity, .noIdentity, "there is no identity yet (\(identityPath.shown))")
        } catch {
            throw HeirloomError(.identity, error, of: identityPath)
        }
        // One without a passphrase is a secret as it stands.
        let text = try moving(.identity, identityPath) { () throws(StreamError) in
            try file.readSecret(upTo: Self.identityByteLimit)
        }
        return try sealing(.identity, identityPath) { () throws(SealingError) in
            try IdentityFile(text: text.bytes)
        }
    }

    private func write(
        _ identity: borrowing Identity, passphrase: consuming Passphrase?, replacing: Bool
    ) throws(HeirloomError) {
        try makeConfiguration()
        let text = try Self.text(of: identity, passphrase: passphrase)
        let path = identityPath
        do throws(HeirloomError) {
            try store(text.bytes, at: path, replacing: replacing, step: .identity)
        } catch {
            guard error.problem == .fileExists else { throw error }
            throw HeirloomError(
                .identity, .identityExists, "there is an identity already (\(path.shown))")
        }
    }

    private static func text(
        of identity: borrowing Identity, passphrase: consuming Passphrase?
    ) throws(HeirloomError) -> SecretBytes {
        switch passphrase {
        case .none: return IdentityFile.unprotected(identity).text
        case .some(let passphrase):
            var random = SystemRandomSource()
            do throws(SealingError) {
                return try IdentityFile.sealed(
                    identity, passphrase: passphrase.bytes, random: &random
                ).text
            } catch {
                throw HeirloomError(.identity, error, of: "the new identity")
            }
        }
    }
}
