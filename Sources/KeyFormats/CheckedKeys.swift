import Bytes
import MatrixTypes
import Secrets

/// The claimed device keys already checked: a file of a million sessions names few devices, and a
/// check costs as much as a signature.
final class CheckedKeys {
    /// When so many are remembered, all are forgotten: a hostile file may name a million devices.
    private static let limit = 4096

    private var soundCurve25519: [Bytes32: Bool] = [:]
    private var soundEd25519: [Bytes32: Bool] = [:]

    /// The key, where it is canonical and not of low order.
    func curve25519(_ bytes: Bytes32) -> Curve25519PublicKey? {
        if soundCurve25519.count >= Self.limit { soundCurve25519 = [:] }
        let isSound =
            soundCurve25519[bytes] ?? X25519.PublicKey(bytes: bytes).isCanonicalAndSound
        soundCurve25519[bytes] = isSound
        return isSound ? Curve25519PublicKey(bytes: bytes) : nil
    }

    /// The key, where it is a valid point.
    func ed25519(_ bytes: Bytes32) -> Ed25519PublicKey? {
        if soundEd25519.count >= Self.limit { soundEd25519 = [:] }
        let isSound = soundEd25519[bytes] ?? Ed25519.PublicKey(bytes: bytes).isValidPoint
        soundEd25519[bytes] = isSound
        return isSound ? Ed25519PublicKey(bytes: bytes) : nil
    }
}
