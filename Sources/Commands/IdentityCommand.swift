import ArgumentParser
import Heirloom

/// Our own identity.
struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity", abstract: "Make, show and protect your own identity.",
        subcommands: [New.self, Show.self, ChangePassphrase.self, ExportAgeKey.self, Publish.self])

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make your identity: what others seal to and know your signature by.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var passphrase: IdentityPassphraseOptions

        @Flag(
            name: .long,
            help: "Protect the file by its permissions only; for machines without a person.")
        var noPassphrase = false

        func validate() throws {
            if noPassphrase, passphrase.given != nil {
                throw ValidationError("Give a passphrase or --no-passphrase, not both.")
            }
        }

        func run() throws {
            let card = try common.telling { () throws(HeirloomError) in
                guard !noPassphrase else {
                    return try common.home.createIdentity(passphrase: nil, now: common.now)
                }
                let source = Passphrases(identity: passphrase.given)
                let new = try source.passphrase(for: .newIdentity)
                return try common.home.createIdentity(passphrase: new, now: common.now)
            }
            IdentityCommand.show(card, common, "Your identity is ready. Give others this line:")
        }
    }

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put your identity into your Matrix profile, signed.",
            discussion: """
                Everybody can read it there. Others take it with ‘contact add NAME --user @you:server \
                --from-profile’, on the homeserver's word: fingerprints are still to be compared.
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var account: AccountOptions
        @OptionGroup var passphrase: IdentityPassphraseOptions

        func run() async throws {
            let passphrases = Passphrases(identity: passphrase.given)
            let report = try await common.tellingLater { () async throws(HeirloomError) in
                try await common.home.publishIdentity(
                    user: account.user, now: common.now, passphrases)
            }
            guard !common.json else { return Output.json(report) }
            Output.talk(
                "Published in the profile of \(report.user.shown), to hold until \(report.expiresAt)."
            )
            Output.talk("  \(report.card.fingerprintWords)")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show your public identity and its fingerprint.")

        @OptionGroup var common: CommonOptions

        @Flag(name: .long, help: "Show it as a QR code too.")
        var qr = false

        @Option(
            name: .long, help: ArgumentHelp("Write its QR code as a PNG.", valueName: "file"))
        var qrPicture: String?

        @Flag(name: .long, help: "Replace a picture of that name.")
        var force = false

        func validate() throws {
            if qrPicture == "-" {
                throw ValidationError(
                    "The identity goes to standard output, the picture to a file.")
            }
        }

        func run() throws {
            let card = try common.telling { () throws(HeirloomError) in
                let card = try common.home.showIdentity()
                if let qrPicture {
                    try Destination(path: qrPicture, replacing: force).write(
                        try IdentityCode.png(card))
                    Output.talk("Wrote \(qrPicture.shown).")
                }
                return card
            }
            if qr {
                let code = try common.telling { () throws(HeirloomError) in
                    try IdentityCode.terminalText(card)
                }
                Output.write(code, to: 2)
            }
            IdentityCommand.show(
                card, common, "Others seal to this line and know your signature by it:")
        }
    }

    struct ChangePassphrase: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Protect your identity with another passphrase.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var passphrase: IdentityPassphraseOptions

        @Option(name: .long, help: "Read the new passphrase from this file's first line.")
        var newPassphraseFile: String?

        @Flag(name: .long, help: "Take the passphrase away; for machines without a person.")
        var noPassphrase = false

        private struct Document: Encodable {
            let schema = "heirloom.identity-passphrase.v1"
            let isProtected: Bool
        }

        func validate() throws {
            if noPassphrase, newPassphraseFile != nil {
                throw ValidationError("Give a new passphrase or --no-passphrase, not both.")
            }
        }

        func run() throws {
            try common.telling { () throws(HeirloomError) in
                let old = Passphrases(identity: passphrase.given)
                guard !noPassphrase else {
                    return try common.home.changePassphrase(from: old, to: nil)
                }
                var source = Passphrases(identity: newPassphraseFile.map { .file($0) })
                source.newIdentityOption = "--new-passphrase-file"
                let new = try source.passphrase(for: .newIdentity)
                try common.home.changePassphrase(from: old, to: new)
            }
            Output.talk(
                noPassphrase
                    ? "The passphrase was taken away: whoever has the file can use it."
                    : "The passphrase was changed. Copies of the old file open with the old one.")
            if common.json { Output.json(Document(isProtected: !noPassphrase)) }
        }
    }

    struct ExportAgeKey: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export-age-key",
            abstract: "Write your secret age key, for opening sealed files without this program.",
            discussion: """
                Whoever has this file opens everything ever sealed to you. It is meant for paper in \
                a safe place.
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var passphrase: IdentityPassphraseOptions

        @Option(name: .shortAndLong, help: "The file to write, mode 0600.")
        var output: String

        @Flag(name: .long, help: "Replace a file of that name.")
        var force = false

        private struct Document: Encodable {
            let schema = "heirloom.age-key.v1"
            let path: String
        }

        func validate() throws {
            if output == "-" {
                throw ValidationError("Your secret key goes to a file, not to standard output.")
            }
        }

        func run() throws {
            try common.telling { () throws(HeirloomError) in
                try common.home.exportAgeKey(
                    to: output, passphrases: Passphrases(identity: passphrase.given),
                    replacing: force)
            }
            Output.talk("Wrote \(output.shown). Keep it where only you can read it.")
            if common.json { Output.json(Document(path: output)) }
        }
    }

    static func show(_ card: IdentityCard, _ common: CommonOptions, _ title: String) {
        guard !common.json else {
            return Output.json(Versioned(card, schema: "heirloom.identity.v1"))
        }
        Output.talk(title)
        Output.data(card.identity)
        Output.talk("")
        Output.talk("Fingerprint, to be read out and typed by the other side:")
        Output.talk("  \(card.fingerprintWords)")
        Output.talk("  \(card.fingerprintDigits)")
        Output.talk("As an age recipient: \(card.ageRecipient)")
    }
}
