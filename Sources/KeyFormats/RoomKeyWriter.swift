package import Bytes
package import MatrixTypes
package import Megolm

/// Writes room keys as JSON, one after the other, in bounded memory.
///
/// The order of calls is the order in the file. A session must come once, at its lowest index:
/// within one file the last entry wins even in careful clients.
package struct RoomKeyWriter: ~Copyable {
    /// The JSON that is written.
    package enum Layout: Sendable {
        /// What a key export file holds.
        case array
        /// The room key bundle of MSC4268 (Matrix spec 1.19): both arrays, always.
        case bundle
        /// One key a line.
        case lines
    }

    private let sink: any ByteSink
    private let layout: Layout
    private var count = 0
    private var entry = EntryText()
    private var shared: Set<SessionID> = []
    private var withheld: Set<SessionID> = []
    private var withheldEntries: [String] = []

    /// - Throws: `KeyFormatError.stream`.
    package init(_ layout: Layout, to sink: any ByteSink) throws(KeyFormatError) {
        self.layout = layout
        self.sink = sink
        switch layout {
        case .array: try write("[")
        case .bundle: try write(#"{"room_keys":["#)
        case .lines: break
        }
    }

    /// Writes one key.
    ///
    /// - Throws: `KeyFormatError.stream`, or `.bothSharedAndWithheld` for a session noted as withheld.
    package mutating func add(_ key: RoomKey) throws(KeyFormatError) {
        guard !withheld.contains(key.sessionID) else { throw .bothSharedAndWithheld }
        entry.clear()
        switch layout {
        case .array, .lines: entry.putExported(key)
        case .bundle:
            entry.putShared(key)
            shared.insert(key.sessionID)
        }
        if layout != .lines, count > 0 { try write(",") }
        do throws(StreamError) { try sink.write(entry.bytes) } catch { throw .stream(error) }
        if layout == .lines { try write("\n") }
        count += 1
    }

    /// Notes a session that is withheld; only bundles have a place for it.
    ///
    /// - Throws: `KeyFormatError.bothSharedAndWithheld`: the spec forbids it, and readers disagree
    ///   on what it would mean.
    package mutating func addWithheld(
        roomID: RoomID, sessionID: SessionID, senderKey: Curve25519PublicKey?, code: String
    ) throws(KeyFormatError) {
        guard !shared.contains(sessionID) else { throw .bothSharedAndWithheld }
        entry.clear()
        let unknown = Curve25519PublicKey(bytes: .zero)
        entry.putWithheld(
            roomID: roomID, sessionID: sessionID, senderKey: (senderKey ?? unknown).text,
            code: code)
        withheld.insert(sessionID)
        withheldEntries.append(String(decoding: [UInt8](entry.bytes), as: UTF8.self))
    }

    /// Ends the JSON.
    ///
    /// - Throws: `KeyFormatError.stream`.
    package consuming func finish() throws(KeyFormatError) {
        switch layout {
        case .array: try write("]")
        case .bundle: try write(#"],"withheld":["# + withheldEntries.joined(separator: ",") + "]}")
        case .lines: break
        }
    }

    private borrowing func write(_ text: String) throws(KeyFormatError) {
        do throws(StreamError) { try sink.write(Array(text.utf8)) } catch { throw .stream(error) }
    }
}
