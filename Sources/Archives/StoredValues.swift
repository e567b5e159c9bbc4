import Bytes
import Foundation
import GRDB
import MatrixTypes
import Megolm

extension SessionID {
    var data: Data { Data(bytes.array) }

    init(stored data: Data) throws(ArchiveError) {
        guard let bytes = Bytes32([UInt8](data)) else { throw .damagedRow(table: "candidates") }
        self.init(bytes: bytes)
    }
}

extension SharedHistory {
    var stored: Int64 {
        switch self {
        case .unstated: 0
        case .notShareable: 1
        case .shareable: 2
        }
    }

    init(stored value: Int64) throws(ArchiveError) {
        switch value {
        case 0: self = .unstated
        case 1: self = .notShareable
        case 2: self = .shareable
        default: throw .damagedRow(table: "claims")
        }
    }
}

extension OwnerClaims {
    init(senderKey: Data, ed25519: Data) throws(ArchiveError) {
        self.init(
            senderKey: try bytes(senderKey).map(Curve25519PublicKey.init),
            ed25519: try bytes(ed25519).map(Ed25519PublicKey.init))
        func bytes(_ data: Data) throws(ArchiveError) -> Bytes32? {
            if data.isEmpty { return nil }
            guard let bytes = Bytes32([UInt8](data)) else { throw .damagedRow(table: "owners") }
            return bytes
        }
    }
}

extension RoomID {
    init(stored text: String) throws(ArchiveError) {
        do throws(MatrixTypeError) {
            self = try RoomID(text)
        } catch {
            throw .damagedRow(table: "rooms")
        }
    }
}

/// The message index that a row holds.
func index(_ value: Int64) throws(ArchiveError) -> MessageIndex {
    guard let value = UInt32(exactly: value) else { throw .damagedRow(table: "candidates") }
    return MessageIndex(value)
}

extension UInt64 {
    /// A time as SQLite holds it.
    var stored: Int64 { Int64(clamping: self) }

    init(stored value: Int64) { self = UInt64(clamping: value) }
}
