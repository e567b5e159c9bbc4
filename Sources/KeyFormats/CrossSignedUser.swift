package import Bytes
import MatrixTypes
import Secrets
package import StrictJSON

/// A person's cross-signing keys and the devices they vouch for, every signature verified (Matrix
/// spec, "Cross-signing"; "Signing JSON").
///
/// ```
/// master key ─signs─▶ self-signing key ─signs─▶ device keys, which sign themselves
/// ```
///
/// All of it comes by way of the homeserver. Whether the master key is really the person's is known
/// only to who compared it with them.
package struct CrossSignedUser: Hashable, Sendable {
    package let userID: String
    /// Ed25519: what two people compare.
    package let masterKey: Bytes32
    /// Devices that the person's own cross-signing vouches for, by id.
    package let devices: [SignedDeviceKeys]
    /// Devices that nothing vouches for, by id: anybody who can log in can add one.
    package let unsigned: [String]
    /// Devices whose own signature does not verify, or that call themselves what they are not, by id.
    package let invalid: [String]

    /// Verifies what `/keys/query` says of one user.
    ///
    /// - Throws: `KeyFormatError.badCrossSigning`; bad devices are told, not thrown.
    package init(_ answer: JSONValue, of user: String) throws(KeyFormatError) {
        guard let master = answer["master_keys"]?[user] else { throw .badCrossSigning(.none) }
        guard let masterKey = Self.key(in: master, usage: "master", of: user) else {
            throw .badCrossSigning(.malformedMaster)
        }
        guard let selfSigning = answer["self_signing_keys"]?[user] else {
            throw .badCrossSigning(.noSelfSigning)
        }
        guard let signingKey = Self.key(in: selfSigning, usage: "self_signing", of: user) else {
            throw .badCrossSigning(.malformedSelfSigning)
        }
        guard selfSigning.isSigned(by: masterKey, of: user) else {
            throw .badCrossSigning(.unsignedSelfSigning)
        }
        let published = [masterKey, signingKey].map { UnpaddedBase64.encode($0.array) }
        var devices: [SignedDeviceKeys] = []
        var (unsigned, invalid): ([String], [String]) = ([], [])
        let listed = answer["device_keys"]?[user]?.members ?? [:]
        for (id, object) in listed.sorted(by: { $0.key < $1.key }) {
            guard let device = try? SignedDeviceKeys(object), device.userID == user,
                device.deviceID == id, !published.contains(id)
            else {
                invalid.append(id)
                continue
            }
            if object.isSigned(by: signingKey, of: user) {
                devices.append(device)
            } else {
                unsigned.append(id)
            }
        }
        userID = user
        self.masterKey = masterKey
        self.devices = devices
        self.unsigned = unsigned
        self.invalid = invalid
    }

    /// The one key of a `CrossSigningKey` object, where the object is the user's and for this use.
    private static func key(in object: JSONValue, usage: String, of user: String) -> Bytes32? {
        guard object["user_id"]?.text == user,
            object["usage"]?.elements?.contains(.string(usage)) == true,
            let keys = object["keys"]?.members, keys.count == 1, let (name, value) = keys.first,
            let text = value.text, name == "ed25519:" + text,
            let key = UnpaddedBase64.decode32(text),
            Ed25519.PublicKey(bytes: key).isValidPoint
        else { return nil }
        return key
    }
}

extension JSONValue {
    /// Whether this object carries the signature of a key under its own name.
    fileprivate func isSigned(by key: Bytes32, of user: String) -> Bool {
        guard let text = signedText,
            let signature = self["signatures"]?[user]?.base64(
                "ed25519:" + UnpaddedBase64.encode(key.array))
        else { return false }
        return Ed25519.PublicKey(bytes: key).verifies(signature.span, of: text.span)
    }
}

/// What is wrong with a person's cross-signing keys.
package enum CrossSigningFault: String, Hashable, Sendable {
    case none = "the account has no cross-signing keys"
    case malformedMaster = "its master key is not one"
    case noSelfSigning = "it has no self-signing key"
    case malformedSelfSigning = "its self-signing key is not one"
    case unsignedSelfSigning = "its master key did not sign its self-signing key"
}
