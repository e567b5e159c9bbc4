package import Bytes
import MatrixTypes
import Secrets
package import StrictJSON

/// A device's published keys whose self-signature has verified (Matrix spec, "Device keys"; "Signing
/// JSON").
///
/// Says that whoever holds the Ed25519 key wrote this object. Whether the user is who they say is
/// known only to who compared keys with them.
package struct SignedDeviceKeys: Hashable, Sendable {
    package let userID: String
    package let deviceID: String
    package let ed25519: Bytes32
    package let curve25519: Bytes32

    /// Verifies a `DeviceKeys` object.
    ///
    /// - Throws: `KeyFormatError.badDeviceKeys`.
    package init(_ object: JSONValue) throws(KeyFormatError) {
        guard let userID = object["user_id"]?.text, (try? UserID(userID)) != nil,
            let deviceID = object["device_id"]?.text, !deviceID.isEmpty,
            let signing = object["keys"]?["ed25519:" + deviceID]?.text.flatMap(
                UnpaddedBase64.decode32),
            let identity = object["keys"]?["curve25519:" + deviceID]?.text.flatMap(
                UnpaddedBase64.decode32),
            let text = object.signedText,
            let signature = object["signatures"]?[userID]?.base64("ed25519:" + deviceID),
            Ed25519.PublicKey(bytes: signing).verifies(signature.span, of: text.span)
        else { throw .badDeviceKeys }
        self.userID = userID
        self.deviceID = deviceID
        ed25519 = signing
        curve25519 = identity
    }
}
