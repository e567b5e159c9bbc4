import Bytes
import Carriers
import MatrixTypes
import Megolm
import Secrets
import Selection

extension Home {
    /// An empty spool in this person's data folder.
    func keySpool(
        random: inout some RandomSource
    ) throws(HeirloomError) -> KeySpool {
        try makeData()
        do throws(CarrierError) {
            return try KeySpool(in: data, random: &random)
        } catch {
            throw HeirloomError(.collect, error, of: data)
        }
    }
}

/// Room keys of any number, brought into order without being held.
///
/// Each is sealed under a key that this object alone knows, into a file that has no name; memory holds
/// 24 bytes of each. They come out room by room, the copies of each session merged.
final class KeySpool {
    /// Where a key lies, by what it is put in order.
    private struct Place {
        /// The first eight bytes of a digest of the room's id.
        let room: UInt64
        /// The first eight bytes of the session's id.
        let session: UInt64
        /// 48 bits of offset and 16 of length.
        let record: UInt64

        var offset: Int { Int(record >> 16) }
        var byteCount: Int { Int(record & 0xffff) }
    }

    /// How much is written at once.
    private static let bufferByteCount = 1 << 18
    private static let name = "the keys put away"

    private let file: SpoolFile
    private var seal: KeyRecordSeal
    private var places: [Place] = []
    private var buffer: [UInt8] = []
    private var offset = 0
    /// What went wrong, the first time something did; nothing is added from then on.
    private var failure: StreamError?

    /// - Parameter folder: a folder of this program's own.
    init(in folder: String, random: inout some RandomSource) throws(CarrierError) {
        file = try SpoolFile(in: folder)
        seal = KeyRecordSeal(random: &random)
    }

    /// Whether there is no key.
    var isEmpty: Bool { places.isEmpty }

    /// Puts a key away; that it could not be is said when they are taken out.
    func add(_ key: RoomKey) {
        guard failure == nil else { return }
        let sealed = seal.seal(key, at: offset)
        places.append(
            Place(
                room: Self.digest(of: key.roomID), session: key.sessionID.bytes.prefix,
                record: UInt64(offset) << 16 | UInt64(sealed.count)))
        buffer += sealed
        offset += sealed.count
        if buffer.count >= Self.bufferByteCount { flush() }
    }

    /// Takes all keys out, each session once; this object is empty afterwards.
    func drain(
        _ body: (MergedSession) throws(HeirloomError) -> Void
    ) throws(HeirloomError) {
        flush()
        if let failure { throw HeirloomError(.collect, failure, of: Self.name) }
        places.sort { ($0.room, $0.session, $0.record) < ($1.room, $1.session, $1.record) }
        var start = 0
        while start < places.count {
            var end = start
            while end < places.count, places[end].room == places[start].room,
                places[end].session == places[start].session
            {
                end += 1
            }
            for session in try merged(places[start..<end]) { try body(session) }
            start = end
        }
        places = []
    }

    /// The copies of what is one session, but for the collision of digests.
    private func merged(_ copies: ArraySlice<Place>) throws(HeirloomError) -> [MergedSession] {
        var rooms: [RoomID: RoomSelection] = [:]
        for place in copies {
            let key = try open(place)
            rooms[key.roomID, default: RoomSelection(roomID: key.roomID)].add(key, source: 0)
        }
        return try comparing(.select) { () throws(MegolmError) in
            var merged: [MergedSession] = []
            for room in rooms.keys.sorted() { merged += try rooms[room]?.merged() ?? [] }
            return merged
        }
    }

    private func open(_ place: Place) throws(HeirloomError) -> RoomKey {
        var sealed = [UInt8](repeating: 0, count: place.byteCount)
        do throws(StreamError) {
            var span = sealed.mutableSpan
            try file.read(at: place.offset, into: &span)
        } catch {
            throw HeirloomError(.collect, error, of: Self.name)
        }
        guard let key = seal.open(sealed, at: place.offset) else {
            throw HeirloomError(
                .collect, .unreadable, "\(Self.name): the disk gave back other bytes")
        }
        return key
    }

    private func flush() {
        guard failure == nil, !buffer.isEmpty else { return }
        do throws(StreamError) { try file.write(buffer) } catch { failure = error }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func digest(of room: RoomID) -> UInt64 {
        let digest = BLAKE2b.hash(Array(room.text.utf8).span, byteCount: 16)
        return digest.span.bigEndian(at: 0, as: UInt64.self)
    }
}
