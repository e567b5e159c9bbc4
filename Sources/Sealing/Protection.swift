import Bytes
import Secrets

/// The layout and the bounds of an identity file's passphrase protection.
enum Protection {
    /// Argon2id 1.3, libsodium's number for it.
    static let keyDerivation: UInt8 = 2

    // Places in the body.
    static let salt = 10..<26
    static let nonce = 26..<50
    static let check = 50..<82
    static let sealed = 82..<170

    // Places in what Argon2id gives.
    static let keyOfDerived = 0..<32
    static let checkOfDerived = 32..<64

    /// What the body asks Argon2id to do.
    static func cost(of body: borrowing SecretBytes) -> Argon2id.Cost {
        Argon2id.Cost(
            passes: body.bytes.bigEndian(at: 2, as: UInt32.self),
            kibibytes: body.bytes.bigEndian(at: 6, as: UInt32.self))
    }

    /// Refuses work that is too little to protect anything, or so much that a file could stop the
    /// machine.
    static func check(_ cost: Argon2id.Cost) throws(SealingError) {
        guard IdentityFile.acceptedPasses.contains(cost.passes),
            IdentityFile.acceptedKibibytes.contains(cost.kibibytes)
        else { throw .costOutOfBounds(passes: cost.passes, kibibytes: cost.kibibytes) }
    }

    /// The 64 bytes that a passphrase gives: key and check value.
    static func derive(
        from passphrase: borrowing SecretBytes, salt: [UInt8], cost: Argon2id.Cost
    ) throws(SealingError) -> SecretBytes {
        try check(cost)
        do throws(SecretsError) {
            return try Argon2id.derive(from: passphrase, salt: salt, cost: cost, byteCount: 64)
        } catch {
            throw .outOfMemory(kibibytes: Int(cost.kibibytes))
        }
    }
}
