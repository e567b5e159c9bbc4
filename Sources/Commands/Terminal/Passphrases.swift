import Foundation
import Heirloom

/// Gives passphrases from where the command line says, or asks on the terminal.
struct Passphrases: PassphraseSource {
    var identity: GivenPassphrase?
    /// Key files in the order they were named, and where their passphrases come from.
    var keyFiles: [String] = []
    var keys: [GivenPassphrase] = []
    var deliver: GivenPassphrase?
    var password: GivenPassphrase?
    var accessToken: GivenPassphrase?
    /// The recovery key of the key backup on the homeserver.
    var recoveryKey: GivenPassphrase?
    /// The option that gives a new passphrase of the identity.
    var newIdentityOption = "--identity-passphrase-file"

    func passphrase(for purpose: PassphrasePurpose) throws(HeirloomError) -> Passphrase {
        switch purpose {
        case .identity:
            if let identity { return try identity.read() }
            return try terminal(for: "your identity", insteadOf: "--identity-passphrase-file")
                .readSecret("Passphrase of your identity: ")
        case .keyFile(let path):
            if let given = given(for: path) { return try given.read() }
            return try terminal(for: path.shown, insteadOf: "--keys-passphrase-file")
                .readSecret("Passphrase of the key file \(path.shown): ")
        case .password(let user):
            if let password { return try password.read() }
            return try terminal(for: user.shown, insteadOf: "--password-file").readSecret(
                "Password of \(user.shown): ")
        case .accessToken:
            if let accessToken { return try accessToken.read() }
            return try terminal(for: "the access token", insteadOf: "--access-token-file")
                .readSecret("Access token: ")
        case .backup(let path):
            if let recoveryKey { return try recoveryKey.read() }
            if let given = given(for: path) { return try given.read() }
            return try terminal(for: path.shown, insteadOf: "--recovery-key-file")
                .readSecret("Recovery key or passphrase of the key backup \(path.shown): ")
        case .newIdentity:
            if let identity { return try notEmpty(try identity.read(), "the identity") }
            return try new(for: "your identity", insteadOf: newIdentityOption)
        case .newKeyFile(let path):
            if let deliver { return try notEmpty(try deliver.read(), path.shown) }
            return try new(
                for: "the key file \(path.shown)", insteadOf: "--deliver-passphrase-file")
        }
    }

    func permits(rounds: UInt32, seconds: Int, of path: String) -> Bool {
        guard isatty(0) == 1, let terminal = Terminal() else { return false }
        return terminal.confirm(
            "\(path.shown) asks for \(rounds) rounds of key derivation, about \(seconds) seconds. "
                + "Go on?")
    }

    private func given(for path: String) -> GivenPassphrase? {
        if keys.count <= 1 { return keys.first }
        guard let place = keyFiles.firstIndex(of: path), place < keys.count else { return nil }
        return keys[place]
    }

    private func terminal(
        for thing: String, insteadOf option: String
    ) throws(HeirloomError) -> Terminal {
        guard let terminal = Terminal() else {
            throw HeirloomError(
                .identity, .noPassphrase,
                "there is no terminal to ask for the passphrase of \(thing), and \(option) was not given"
            )
        }
        return terminal
    }

    /// Asks twice; an empty answer gives ten random words.
    private func new(
        for thing: String, insteadOf option: String
    ) throws(HeirloomError) -> Passphrase {
        let terminal = try terminal(for: thing, insteadOf: option)
        let first = try terminal.readSecret(
            "New passphrase for \(thing) (empty for ten random words): ")
        if first.isEmpty {
            let generated = Passphrase.generated()
            terminal.show("Write these words down; they are shown once:\n  ")
            terminal.show(generated)
            return generated
        }
        try first.checkLength()
        let second = try terminal.readSecret("The same again: ")
        guard first.matches(second) else {
            throw HeirloomError(.identity, .weakPassphrase, "the two passphrases differ")
        }
        return first
    }

    private func notEmpty(
        _ passphrase: consuming Passphrase, _ thing: String
    ) throws(HeirloomError) -> Passphrase {
        guard !passphrase.isEmpty else {
            throw HeirloomError(
                .identity, .weakPassphrase, "\(thing): an empty passphrase guards nothing")
        }
        return passphrase
    }
}
