import Foundation

/// Where words go: data to standard output, talk to standard error.
enum Output {
    /// A line of talk.
    static func talk(_ line: String) {
        write(line + "\n", to: 2)
    }

    /// A line of data.
    static func data(_ line: String) {
        write(line + "\n", to: 1)
    }

    /// One JSON document on standard output.
    static func json(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let document = try? encoder.encode(value) else { return }
        write(String(decoding: document, as: UTF8.self) + "\n", to: 1)
    }

    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
