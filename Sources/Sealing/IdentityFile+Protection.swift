import Bytes
package import Secrets

extension IdentityFile {
    /// The file of `identity` under a passphrase.
    ///
    /// - Throws: `costOutOfBounds`, `outOfMemory`. Whether the passphrase is long enough is for
    ///   `Passphrase` to say.
    package static func sealed(
        _ identity: borrowing Identity, passphrase: borrowing SecretBytes,
        cost: Argon2id.Cost = defaultCost, random: inout some RandomSource
    ) throws(SealingError) -> IdentityFile {
        let salt = random.bytes(Argon2id.saltByteCount)
        let nonce = random.bytes(XChaCha20Poly1305.nonceByteCount)
        let derived = try Protection.derive(from: passphrase, salt: salt, cost: cost)
        var bytes: [UInt8] = [version, Protection.keyDerivation]
        bytes.append(bigEndian: cost.passes)
        bytes.append(bigEndian: cost.kibibytes)
        bytes += salt + nonce
        bytes.append(contentsOf: derived.bytes.extracting(Protection.checkOfDerived))
        let secrets = secrets(of: identity)
        bytes += XChaCha20Poly1305.seal(
            secrets.bytes, authenticating: bytes + identity.publicIdentity.bytes, nonce: nonce,
            key: derived.bytes.extracting(Protection.keyOfDerived))
        return IdentityFile(
            publicIdentity: identity.publicIdentity, createdAt: identity.createdAt,
            body: SecretBytes(copying: bytes.span))
    }

    /// The file of `identity` without a passphrase, for machines.
    package static func unprotected(_ identity: borrowing Identity) -> IdentityFile {
        let secrets = secrets(of: identity)
        var body = SecretBytes(byteCount: unprotectedByteCount)
        var span = body.mutableBytes
        span[0] = version
        span.copy(secrets.bytes, to: 2)
        return IdentityFile(
            publicIdentity: identity.publicIdentity, createdAt: identity.createdAt, body: body)
    }

    /// The identity in a file that is under a passphrase.
    ///
    /// - Throws: `wrongPassphrase`, `identityFileDamaged`, `identityMismatch`,
    ///   `passphraseNotNeeded`, `outOfMemory`.
    package borrowing func open(
        passphrase: borrowing SecretBytes
    ) throws(SealingError) -> Identity {
        guard isProtected else { throw .passphraseNotNeeded }
        let bytes = body.bytes
        let derived = try Protection.derive(
            from: passphrase, salt: [UInt8](bytes.extracting(Protection.salt)),
            cost: Protection.cost(of: body))
        let isRight = constantTimeEqual(
            derived.bytes.extracting(Protection.checkOfDerived),
            bytes.extracting(Protection.check))
        guard isRight else { throw .wrongPassphrase }
        let context = [UInt8](bytes.extracting(first: Protection.sealed.lowerBound))
        let secrets: SecretBytes
        do throws(SecretsError) {
            secrets = try XChaCha20Poly1305.open(
                bytes.extracting(Protection.sealed),
                authenticating: context + publicIdentity.bytes,
                nonce: [UInt8](bytes.extracting(Protection.nonce)),
                key: derived.bytes.extracting(Protection.keyOfDerived))
        } catch {
            throw .identityFileDamaged
        }
        return try identity(from: secrets.bytes)
    }

    /// The identity in a file that is not under a passphrase.
    ///
    /// - Throws: `identityMismatch`, `passphraseNeeded`.
    package borrowing func open() throws(SealingError) -> Identity {
        if isProtected { throw .passphraseNeeded }
        return try identity(from: body.bytes.extracting(2..<Self.unprotectedByteCount))
    }

    private static func secrets(of identity: borrowing Identity) -> SecretBytes {
        var secrets = SecretBytes(byteCount: 72)
        var createdAt: [UInt8] = []
        createdAt.append(bigEndian: identity.createdAt)
        var span = secrets.mutableBytes
        identity.encryptionKey.copySecret(into: &span, at: 0)
        span.copy(identity.signingSeed.bytes, to: 32)
        span.copy(createdAt.span, to: 64)
        return secrets
    }

    /// Takes the 72 bytes apart and holds the public line against them.
    private borrowing func identity(from secrets: Span<UInt8>) throws(SealingError) -> Identity {
        let identity = Identity(
            encryptionSeed: SecretBytes(copying: secrets.extracting(first: 32)),
            signingSeed: SecretBytes(copying: secrets.extracting(32..<64)),
            createdAt: secrets.bigEndian(at: 64, as: UInt64.self))
        guard identity.publicIdentity == publicIdentity,
            identity.createdAt / 1000 == createdAt / 1000
        else { throw .identityMismatch }
        return identity
    }
}
