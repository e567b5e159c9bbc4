import Bytes
package import MatrixTypes
package import Megolm
import Secrets

/// Who is said to have made a session, all of it the signer's word.
///
/// ```
/// 0            32        64                             66+u
/// curve25519   ed25519   user id: be16 length, UTF-8    device id: be16 length, UTF-8
/// ```
///
/// An unknown key is 32 zero bytes, an unknown id is empty.
package struct BundleSender: Hashable, Sendable {
    package let claims: OwnerClaims
    package let userID: UserID?
    package let deviceID: DeviceID?

    package static let unknown = BundleSender(claims: .unknown)

    package init(claims: OwnerClaims, userID: UserID? = nil, deviceID: DeviceID? = nil) {
        self.claims = claims
        self.userID = userID
        self.deviceID = deviceID
    }

    /// Whether each known key is one that a device could have: canonical, and not of small or mixed
    /// order.
    ///
    /// A bundle holds no other; old key files do, and their claim is then worth nothing.
    package var isSound: Bool {
        if let key = claims.senderKey, !X25519.PublicKey(bytes: key.bytes).isCanonicalAndSound {
            return false
        }
        if let key = claims.ed25519, !Ed25519.PublicKey(bytes: key.bytes).isValidPoint {
            return false
        }
        return true
    }

    /// The entry in a frame's sender table, which is also what tells two senders apart: `==` on
    /// identifiers takes two Unicode spellings for one.
    var encoded: [UInt8] {
        var bytes = (claims.senderKey?.bytes ?? .zero).array
        bytes += (claims.ed25519?.bytes ?? .zero).array
        bytes.append(text: userID?.text ?? "")
        bytes.append(text: deviceID?.text ?? "")
        return bytes
    }

    /// Reads one entry of a frame's sender table.
    init(from reader: inout FieldReader) throws(BundleError) {
        let senderKey = try reader.bytes32(of: .senders)
        let ed25519 = try reader.bytes32(of: .senders)
        self.init(
            claims: OwnerClaims(
                senderKey: senderKey == .zero ? nil : Curve25519PublicKey(bytes: senderKey),
                ed25519: ed25519 == .zero ? nil : Ed25519PublicKey(bytes: ed25519)),
            userID: try reader.identifier(of: .senderUserID, UserID.init),
            deviceID: try reader.identifier(of: .senderDeviceID, DeviceID.init))
        guard isSound else { throw .unsoundSenderKey }
    }
}
