import Bytes
import Carriers

/// Where a file goes.
public struct Destination: Sendable {
    /// A path, or `-` for standard output.
    public let path: String
    /// Whether a file of that name may be replaced.
    public let replacing: Bool
    /// Whether bytes that are not text may go to a terminal.
    public let allowsTerminal: Bool

    /// Names a place to write to; nothing is opened yet.
    public init(path: String, replacing: Bool = false, allowsTerminal: Bool = false) {
        self.path = path
        self.replacing = replacing
        self.allowsTerminal = allowsTerminal
    }

    /// Says at once whether it can be written, before any work is done for nothing.
    public func check() throws(HeirloomError) {
        _ = try open(step: .carry)
    }

    func open(step: HeirloomError.Step) throws(HeirloomError) -> OpenDestination {
        guard path == "-" else {
            let file = try carrying(step, path) { () throws(CarrierError) in
                try OutputFile(path: path, replacing: replacing)
            }
            return OpenDestination(path: path, file: file, output: nil)
        }
        guard allowsTerminal || !StandardOutput.isTerminal else {
            throw HeirloomError(
                step, .binaryToTerminal, "a sealed file is binary and will not go to a terminal",
                layer: "io")
        }
        return OpenDestination(path: path, file: nil, output: StandardOutput())
    }
}

/// A destination being written.
struct OpenDestination {
    let path: String
    let file: OutputFile?
    let output: StandardOutput?

    var sink: any ByteSink {
        if let file { return file }
        return output ?? StandardOutput()
    }

    /// Makes the file appear; returns how many bytes it has.
    func commit(step: HeirloomError.Step) throws(HeirloomError) -> Int {
        guard let file else { return output?.byteCount ?? 0 }
        try carrying(step, path) { () throws(CarrierError) in try file.commit() }
        return file.byteCount
    }
}

extension Destination {
    /// Writes bytes that hold no secret, whole or not at all.
    public func write(_ bytes: [UInt8]) throws(HeirloomError) {
        let output = try open(step: .carry)
        let sink = output.sink
        do throws(StreamError) { try sink.write(bytes.span) } catch {
            throw HeirloomError(.carry, error, of: path)
        }
        _ = try output.commit(step: .carry)
    }
}
