import Bytes
import Foundation
import MatrixTypes
import Megolm
import Secrets
import TestSupport

/// A Megolm session with a true signing key; everything about it is public.
struct TestSession: Sendable {
    /// Device keys that some key of ours claims.
    static let senderKey = UnpaddedBase64.encode(deviceCurve25519.array)
    static let ed25519 = UnpaddedBase64.encode(deviceEd25519.array)
    static let deviceCurve25519 = X25519.publicKey(of: SecretBytes(copying: seed(900).span)).bytes
    static let deviceEd25519 = Ed25519.SigningKey(seed: SecretBytes(copying: seed(901).span))
        .publicKey.bytes

    static let first = TestSession(1)
    static let second = TestSession(2)

    let number: UInt64
    var index: UInt32 = 0

    init(_ number: UInt64, index: UInt32 = 0) {
        self.number = number
        self.index = index
    }

    /// 165 bytes.
    var exportedBytes: [UInt8] { body(version: 1) }

    /// 229 bytes, signed by the session's own key.
    var signedBytes: [UInt8] {
        let body = body(version: 2)
        return body + signingKey.sign(body.span)
    }

    var exported: String { UnpaddedBase64.encode(exportedBytes) }
    var signed: String { UnpaddedBase64.encode(signedBytes) }
    var publicKey: Bytes32 { signingKey.publicKey.bytes }
    var id: String { UnpaddedBase64.encode(publicKey.array) }

    func roomKey(
        in roomID: String = "!r:example.org", sharedHistory: SharedHistory = .unstated,
        claims: OwnerClaims = TestSession.claims
    ) throws -> RoomKey {
        RoomKey(
            roomID: try RoomID(roomID),
            sessionKey: try ExportedSessionKey(bytes: exportedBytes.span), claims: claims,
            sharedHistory: sharedHistory)
    }

    static var claims: OwnerClaims {
        OwnerClaims(
            senderKey: Curve25519PublicKey(bytes: deviceCurve25519),
            ed25519: Ed25519PublicKey(bytes: deviceEd25519))
    }

    private var signingKey: Ed25519.SigningKey {
        Ed25519.SigningKey(seed: SecretBytes(copying: Self.seed(number).span))
    }

    private func body(version: UInt8) -> [UInt8] {
        var bytes = [version]
        bytes.append(bigEndian: index)
        return bytes + FixedRandomSource.bytes(128, number: number + 10_000) + publicKey.array
    }

    private static func seed(_ number: UInt64) -> [UInt8] {
        FixedRandomSource.bytes(32, number: number)
    }
}

/// The vector S-MEG: what is known of it comes from two other libraries.
enum SMegVector {
    static let id = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg"
    static let exported =
        "AQAAAAAQERITFBUWFxgZGhscHR4fEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8gISIjJCUmJygpKiss"
        + "LS4vMDEyMzQ1Njc4OTo7PD0+PzAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5PQEFCQ0RFRkdISUpLTE1O"
        + "TwOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    static let signed =
        "AgAAAAAQERITFBUWFxgZGhscHR4fEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8gISIjJCUmJygpKiss"
        + "LS4vMDEyMzQ1Njc4OTo7PD0+PzAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5PQEFCQ0RFRkdISUpLTE1O"
        + "TwOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4hobOv5dGAFQjIvzX6ikFqXxD6EKAdIBfAm+MLR+xCiC6"
        + "Cm8uiQzqrpfCpGjG7ms1OBAA1b3YMiZk0Ae8uT73Dg"
}
