import Foundation

/// Where words go: data to standard output, talk to standard error.
enum Output {
    /// A line of talk.
    static func talk(_ line: String) {
        write(line + "\n", to: 2)
    }

    /// A line of data.
    static func data(_ line: String) {
        emit(line + "\n")
    }

    /// One JSON document on standard output.
    static func json(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let document = try? encoder.encode(value) else {
            preconditionFailure("what commands report is always JSON")
        }
        emit(String(decoding: document, as: UTF8.self) + "\n")
    }

    /// Data that reaches nobody is no success: a reader that went away or a full disk ends the
    /// program.
    private static func emit(_ text: String) {
        guard !write(text, to: 1) else { return }
        talk("heirloom: standard output cannot be written")
        talk("hint: check that whatever reads it is still there and has room")
        exit(ExitStatus.failed.rawValue)
    }

    /// Writes all of a text; says whether the system took it.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}
