import Bytes
import MatrixTypes
import Megolm
import Secrets

/// Seals room keys one by one under a key that lives and dies with this value, for keys that have to
/// lie on a disk for a moment.
///
/// ```
///   1   shared-history flag: 0 unstated, 1 not shareable, 2 shareable
///   1   claims that are known: bit 0 Curve25519, bit 1 Ed25519
///  32   Curve25519        32   Ed25519
/// 165   the session in its export form
///   n   room id, UTF-8
///  16   tag of ChaCha20-Poly1305, the nonce being the record's place
/// ```
struct KeyRecordSeal: ~Copyable {
    private static let headByteCount = 66
    private static let roomOffset = headByteCount + ExportedSessionKey.byteCount
    /// No room's id is longer, in bytes (Matrix specification, "Room IDs").
    private static let roomLimit = 255

    private let key: SharedSecret
    /// One plaintext at a time.
    private var record = SecretBytes(byteCount: roomOffset + roomLimit)

    init(random: inout some RandomSource) {
        let drawn = SecretBytes(byteCount: 32, from: &random)
        key = SharedSecret(copying: drawn.bytes)
    }

    /// - Parameter place: unlike that of every other record sealed by this value.
    mutating func seal(_ key: RoomKey, at place: Int) -> [UInt8] {
        let room = Array(key.roomID.text.utf8)
        precondition(room.count <= Self.roomLimit)
        record.copy(Self.head(of: key).span, to: 0)
        record.copy(key.sessionKey.bytes, to: Self.headByteCount)
        record.copy(room.span, to: Self.roomOffset)
        let byteCount = Self.roomOffset + room.count
        var sealed = [UInt8](repeating: 0, count: byteCount + ChaCha20Poly1305.tagByteCount)
        var output = sealed.mutableSpan
        ChaCha20Poly1305.seal(
            record.bytes.extracting(first: byteCount), into: &output, nonce: Self.nonce(place),
            key: self.key.bytes)
        return sealed
    }

    /// - Returns: `nil` for anything but what was sealed for that place.
    mutating func open(_ sealed: [UInt8], at place: Int) -> RoomKey? {
        let byteCount = sealed.count - ChaCha20Poly1305.tagByteCount
        guard (Self.roomOffset...record.byteCount).contains(byteCount) else { return nil }
        let key = self.key
        do throws(SecretsError) {
            var all = record.mutableBytes
            var output = all.slice(0..<byteCount)
            try ChaCha20Poly1305.open(
                sealed.span, into: &output, nonce: Self.nonce(place), key: key.bytes)
        } catch {
            return nil
        }
        return Self.roomKey(record.bytes.extracting(first: byteCount))
    }

    private static func head(of key: RoomKey) -> [UInt8] {
        let flag: UInt8 =
            switch key.sharedHistory {
            case .unstated: 0
            case .notShareable: 1
            case .shareable: 2
            }
        let claims = key.claims
        let known: UInt8 = (claims.senderKey == nil ? 0 : 1) | (claims.ed25519 == nil ? 0 : 2)
        return [flag, known] + (claims.senderKey?.bytes ?? .zero).array
            + (claims.ed25519?.bytes ?? .zero).array
    }

    private static func roomKey(_ record: Span<UInt8>) -> RoomKey? {
        let room = [UInt8](record.extracting(roomOffset..<record.count))
        let exported = record.extracting(headByteCount..<roomOffset)
        guard let roomID = try? RoomID(String(decoding: room, as: UTF8.self)),
            let sessionKey = try? ExportedSessionKey(uncheckedSigningKey: exported),
            let senderKey = Bytes32(record.extracting(2..<34)),
            let ed25519 = Bytes32(record.extracting(34..<66))
        else { return nil }
        let known = record[1]
        return RoomKey(
            roomID: roomID, sessionKey: sessionKey,
            claims: OwnerClaims(
                senderKey: known & 1 == 0 ? nil : Curve25519PublicKey(bytes: senderKey),
                ed25519: known & 2 == 0 ? nil : Ed25519PublicKey(bytes: ed25519)),
            sharedHistory: record[0] == 0
                ? .unstated : record[0] == 1 ? .notShareable : .shareable)
    }

    private static func nonce(_ place: Int) -> [UInt8] {
        var nonce: [UInt8] = [0, 0, 0, 0]
        nonce.append(bigEndian: UInt64(place))
        return nonce
    }
}
