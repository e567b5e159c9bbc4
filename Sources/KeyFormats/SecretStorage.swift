package import Secrets
package import StrictJSON

/// What a person's account data says of secret storage and of one secret in it (Matrix spec,
/// "Secret storage", `m.secret_storage.v1.aes-hmac-sha2`).
///
/// Whoever has the storage key, or the passphrase that gives it, reads the secret: here, the private
/// key of the key backup.
package struct SecretStorage: Hashable, Sendable {
    /// The secret's name.
    package static let backupSecret = "m.megolm_backup.v1"
    /// The name of the event that says which key is in use.
    package static let defaultKey = "m.secret_storage.default_key"
    /// What stands before a key's id in the name of its event.
    package static let keyPrefix = "m.secret_storage.key."
    /// More keys than these are not tried.
    private static let keyLimit = 8

    /// One storage key, as described, and the secret as encrypted under it.
    struct Slot: Hashable, Sendable {
        /// How a passphrase gives the key.
        struct Derivation: Hashable, Sendable {
            let salt: [UInt8]
            let rounds: UInt32
        }

        let derivation: Derivation?
        /// The vector and MAC that show whether a key is the right one; many have none.
        let check: Encrypted?
        let secret: Encrypted
    }

    /// Encrypted bytes with their vector and MAC.
    struct Encrypted: Hashable, Sendable {
        let vector: [UInt8]
        let ciphertext: [UInt8]
        let mac: [UInt8]
    }

    let slots: [Slot]

    /// The ids of the storage keys that are tried for the backup's secret, that in use first.
    ///
    /// - Parameter accountData: the secret and `defaultKey` of account data, by type.
    package static func keyIDs(in accountData: [String: JSONValue]) -> [String] {
        let encrypted = accountData[backupSecret]?["encrypted"]?.members ?? [:]
        let first = accountData[defaultKey]?["key"]?.text
        return Array(
            encrypted.keys.sorted { ($0 == first ? 0 : 1, $0) < ($1 == first ? 0 : 1, $1) }
                .prefix(keyLimit))
    }

    /// Reads what is there of the backup's secret; `nil` where there is none that this can open.
    ///
    /// - Parameter accountData: account data by type, each the event's content.
    package init?(accountData: [String: JSONValue]) {
        let encrypted = accountData[Self.backupSecret]?["encrypted"]?.members ?? [:]
        slots = Self.keyIDs(in: accountData).compactMap { id in
            guard let secret = encrypted[id].flatMap(Encrypted.init(secret:)),
                let key = accountData[Self.keyPrefix + id],
                key["algorithm"]?.text == "m.secret_storage.v1.aes-hmac-sha2"
            else { return nil }
            return Slot(
                derivation: key["passphrase"].flatMap(Slot.Derivation.init),
                check: Encrypted(check: key), secret: secret)
        }
        if slots.isEmpty { return nil }
    }

    /// Whether a passphrase can give one of the keys.
    package var takesPassphrase: Bool { slots.contains { $0.derivation != nil } }

    /// The most PBKDF2 rounds that a passphrase costs.
    package var rounds: UInt32 { slots.compactMap(\.derivation?.rounds).max() ?? 0 }

    /// The backup's private key, with a storage key of 32 bytes; `nil` where that opens nothing.
    package func backupKey(storageKey: borrowing SecretBytes) -> SecretBytes? {
        for slot in slots {
            if let opened = slot.open(storageKey) { return opened }
        }
        return nil
    }

    /// The backup's private key, with a passphrase; `nil` where that opens nothing.
    ///
    /// - Throws: `KeyFormatError.tooManyRounds`, before any is done, or `.derivationFailed`.
    package func backupKey(
        passphrase: Span<UInt8>, roundsLimit: UInt32
    ) throws(KeyFormatError) -> SecretBytes? {
        for slot in slots {
            guard let derivation = slot.derivation else { continue }
            guard derivation.rounds <= roundsLimit else {
                throw .tooManyRounds(rounds: derivation.rounds, limit: roundsLimit)
            }
            let key = try PBKDF2SHA512.derive(
                from: passphrase, salt: derivation.salt, rounds: derivation.rounds, byteCount: 32)
            if let opened = slot.open(key) { return opened }
        }
        return nil
    }
}

extension SecretStorage.Slot {
    /// The secret's 32 bytes under this key, where the key is the right one.
    func open(_ key: borrowing SecretBytes) -> SecretBytes? {
        if let check {
            // The check is of 32 zero bytes under the key's own name, which is empty.
            guard let zeros = SecretStorage.Keys(key, name: ""),
                constantTimeEqual(zeros.code(ofEncrypted: check).span, check.mac.span)
            else { return nil }
        }
        guard let keys = SecretStorage.Keys(key, name: SecretStorage.backupSecret),
            constantTimeEqual(keys.code(of: secret.ciphertext.span).span, secret.mac.span)
        else { return nil }
        var text = SecretBytes(copying: secret.ciphertext.span)
        var bytes = text.mutableBytes
        keys.apply(to: &bytes, vector: secret.vector)
        return bytes.span.base64Key
    }
}

extension Span<UInt8> {
    /// The 32 secret bytes that this text spells in base64, padded or not, white space around it.
    var base64Key: SecretBytes? {
        var range = 0..<count
        while let first = range.first, self[first] <= 0x20 { range.removeFirst() }
        while let last = range.last, self[last] <= 0x20 || self[last] == UInt8(ascii: "=") {
            range.removeLast()
        }
        guard range.count == 43, let key = try? SecretBase64.decode(extracting(range)) else {
            return nil
        }
        return key
    }
}

extension SecretStorage {
    /// The two keys under which one name's text is encrypted.
    struct Keys: ~Copyable {
        private let derived: SecretBytes

        init?(_ key: borrowing SecretBytes, name: String) {
            guard
                let derived = try? HKDFSHA256.derive(
                    from: key.bytes, salt: [UInt8](repeating: 0, count: 32), info: Array(name.utf8),
                    byteCount: 64)
            else { return nil }
            self.derived = derived
        }

        func apply(to bytes: inout MutableSpan<UInt8>, vector: [UInt8]) {
            var cipher = AESCounterMode(
                key: derived.bytes.extracting(first: 32), initialCounter: vector)
            cipher.apply(to: &bytes)
        }

        func code(of text: Span<UInt8>) -> [UInt8] {
            HMACSHA256.publicCode(of: text, key: derived.bytes.extracting(32..<64))
        }

        /// The code that the key check must have: of 32 encrypted zero bytes.
        func code(ofEncrypted check: Encrypted) -> [UInt8] {
            var zeros = [UInt8](repeating: 0, count: 32)
            var span = zeros.mutableSpan
            apply(to: &span, vector: check.vector)
            return code(of: zeros.span)
        }
    }
}

extension SecretStorage.Slot.Derivation {
    init?(_ description: JSONValue) {
        guard description["algorithm"]?.text == "m.pbkdf2",
            let salt = description["salt"]?.text, salt.utf8.count <= 1024,
            let rounds = description["iterations"]?.integer.flatMap(UInt32.init(exactly:)),
            rounds > 0, description["bits"].map({ $0.integer == 256 }) ?? true
        else { return nil }
        // The salt is the bytes of its text, whatever that text looks like.
        self.init(salt: Array(salt.utf8), rounds: rounds)
    }
}

extension SecretStorage.Encrypted {
    /// An encrypted secret.
    init?(secret: JSONValue) {
        guard let ciphertext = secret.base64("ciphertext"), ciphertext.count <= 1024 else {
            return nil
        }
        self.init(ciphertext: ciphertext, beside: secret)
    }

    /// The check in a key's description.
    init?(check: JSONValue) {
        self.init(ciphertext: [], beside: check)
    }

    private init?(ciphertext: [UInt8], beside object: JSONValue) {
        guard let vector = object.base64("iv"), vector.count == 16,
            let mac = object.base64("mac"), mac.count == 32
        else { return nil }
        self.init(vector: vector, ciphertext: ciphertext, mac: mac)
    }
}

extension JSONValue {
    /// The bytes that a member spells in base64, padded or not.
    func base64(_ name: String) -> [UInt8]? {
        guard let text = self[name]?.text else { return nil }
        return Array(text.utf8).span.forgivingBase64
    }
}
