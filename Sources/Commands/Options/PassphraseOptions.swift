import ArgumentParser
import Foundation
import Heirloom

/// Where the passphrase of our identity comes from.
struct IdentityPassphraseOptions: ParsableArguments {
    @Option(name: .long, help: "Read the identity's passphrase from this file's first line.")
    var identityPassphraseFile: String?

    @Option(name: .long, help: "Read the identity's passphrase from this descriptor.")
    var identityPassphraseFd: Int32?

    var given: GivenPassphrase? { GivenPassphrase(identityPassphraseFile, identityPassphraseFd) }
}

/// Where the passphrases of key files come from.
struct KeysPassphraseOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Read a key file's passphrase from this file's first line.",
            discussion: "Given once it serves all key files; given several times, in their order."))
    var keysPassphraseFile: [String] = []

    @Option(name: .long, help: "Read the key files' passphrase from this descriptor.")
    var keysPassphraseFd: Int32?

    var given: [GivenPassphrase] {
        keysPassphraseFile.map { .file($0) } + (keysPassphraseFd.map { [.descriptor($0)] } ?? [])
    }
}

/// Where the passphrase of a key file to be written comes from.
struct DeliverPassphraseOptions: ParsableArguments {
    @Option(name: .long, help: "Read the delivered key file's passphrase from this file.")
    var deliverPassphraseFile: String?

    @Option(name: .long, help: "Read the delivered key file's passphrase from this descriptor.")
    var deliverPassphraseFd: Int32?

    var given: GivenPassphrase? { GivenPassphrase(deliverPassphraseFile, deliverPassphraseFd) }
}

/// A place that a passphrase is read from without asking.
enum GivenPassphrase {
    case file(String)
    case descriptor(Int32)

    init?(_ file: String?, _ descriptor: Int32?) {
        if let file {
            self = .file(file)
        } else if let descriptor {
            self = .descriptor(descriptor)
        } else {
            return nil
        }
    }

    func read() throws(HeirloomError) -> Passphrase {
        switch self {
        case .descriptor(let descriptor):
            return try Passphrase(readingFrom: descriptor, named: "descriptor \(descriptor)")
        case .file(let path):
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw HeirloomError(
                    .identity, .noPassphrase, "\(path.shown): the passphrase file cannot be read")
            }
            defer { close(descriptor) }
            return try Passphrase(readingFrom: descriptor, named: path)
        }
    }
}
