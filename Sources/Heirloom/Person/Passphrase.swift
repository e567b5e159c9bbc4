import Bytes
import Foundation
import Sealing
package import Secrets

/// A passphrase: read straight from a descriptor into memory that wipes itself.
public struct Passphrase: ~Copyable {
    /// Longer ones are refused, in bytes.
    public static let byteLimit = 4096

    /// Ctrl-C and Ctrl-\\, as a terminal that sends no signals passes them on.
    private static let interrupts: [UInt8] = [0x03, 0x1c]

    package let bytes: SecretBytes

    package init(bytes: consuming SecretBytes) {
        self.bytes = bytes
    }

    /// Ten words of the project's list, 110 bits.
    public static func generated() -> Passphrase {
        var random = SystemRandomSource()
        return Passphrase(bytes: Sealing.Passphrase.generate(random: &random))
    }

    /// Reads the first line of a descriptor, without its line ending.
    ///
    /// - Parameter isTyped: whether a person types it, who can press Ctrl-C or end the input.
    /// - Throws: `HeirloomError` where nothing can be read, the line is too long, or the person
    ///   cancelled.
    public init(
        readingFrom descriptor: Int32, named name: String, isTyped: Bool = false
    ) throws(HeirloomError) {
        var line = SecretBytes(byteCount: Self.byteLimit)
        var count = 0
        var span = line.mutableBytes
        while count < span.count {
            var rest = span.slice(count..<count + 1)
            let got = unsafe rest.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress, 1)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw HeirloomError(.identity, .noPassphrase, "\(name.shown): it cannot be read")
            }
            if isTyped, got == 0 ? count == 0 : Self.interrupts.contains(span[count]) {
                throw HeirloomError(.identity, .cancelled, "cancelled")
            }
            if got == 0 || span[count] == UInt8(ascii: "\n") { break }
            count += 1
        }
        guard count < span.count else {
            throw HeirloomError(
                .identity, .overLimit,
                "\(name.shown): the passphrase is longer than \(Self.byteLimit) bytes")
        }
        if count > 0, span[count - 1] == UInt8(ascii: "\r") { count -= 1 }
        bytes = line.prefix(count)
    }

    /// Whether nothing was given.
    public var isEmpty: Bool { bytes.byteCount == 0 }

    /// Checks that a passphrase a person made up is long enough to guard anything.
    ///
    /// - Throws: `HeirloomError` with `weakPassphrase`.
    public borrowing func checkLength() throws(HeirloomError) {
        do throws(SealingError) {
            try Sealing.Passphrase.check(typed: bytes)
        } catch {
            throw HeirloomError(.identity, .weakPassphrase, "\(error)")
        }
    }

    /// Whether two passphrases are the same, compared in constant time.
    public borrowing func matches(_ other: borrowing Passphrase) -> Bool {
        constantTimeEqual(bytes.bytes, other.bytes.bytes)
    }

    /// Writes the passphrase to a descriptor, for showing a generated one on the terminal.
    public borrowing func write(to descriptor: Int32) {
        let bytes = bytes.bytes
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Foundation.write(descriptor, $0.baseAddress, $0.count)
        }
    }
}

/// What a passphrase is wanted for.
public enum PassphrasePurpose: Sendable {
    /// To open a key file.
    case keyFile(path: String)
    /// To open a saved key backup: its recovery key, or what leads to it.
    case backup(path: String)
    /// To log in to a homeserver.
    case password(user: String)
    /// An access token that exists already.
    case accessToken
    /// To open our identity.
    case identity
    /// To protect an identity; asked twice.
    case newIdentity
    /// To protect a key file that is about to be written; asked twice.
    case newKeyFile(path: String)
}

/// Where passphrases come from: the terminal, a file, a descriptor.
public protocol PassphraseSource {
    /// Gives a passphrase, or throws `HeirloomError` with `noPassphrase` or `cancelled`.
    func passphrase(for purpose: PassphrasePurpose) throws(HeirloomError) -> Passphrase

    /// Whether a key file that asks for more key-derivation rounds than usual may have them.
    ///
    /// - Parameter seconds: about how long that takes.
    func permits(rounds: UInt32, seconds: Int, of path: String) -> Bool
}

extension PassphraseSource {
    /// Nobody is asked, and nobody agrees.
    public func permits(rounds: UInt32, seconds: Int, of path: String) -> Bool { false }
}
