package import MatrixTypes
package import Megolm

/// One session of a bundle, given or withheld.
package enum BundleRecord: Sendable {
    case session(BundledSession)
    case withheld(WithheldSession)

    package var sessionID: SessionID {
        switch self {
        case .session(let session): session.sessionKey.sessionID
        case .withheld(let withheld): withheld.sessionID
        }
    }

    package var sender: BundleSender {
        switch self {
        case .session(let session): session.sender
        case .withheld(let withheld): withheld.sender
        }
    }

    /// How many bytes the record takes in a data frame, its type included.
    var byteCount: Int {
        switch self {
        case .session: BundledSession.byteCount
        case .withheld: WithheldSession.byteCount
        }
    }
}

/// A session that is handed over; its room is the manifest's.
///
/// ```
/// 0      1       2                   4                          169
/// 0x01   marks   sender index be16   session key, export format
/// ```
package struct BundledSession: Sendable {
    static let recordType: UInt8 = 0x01
    package static let byteCount = 4 + ExportedSessionKey.byteCount

    package let sessionKey: ExportedSessionKey
    package let sender: BundleSender
    package let marks: SessionMarks

    package init(sessionKey: ExportedSessionKey, sender: BundleSender, marks: SessionMarks) {
        self.sessionKey = sessionKey
        self.sender = sender
        self.marks = marks
    }
}

/// A session that is named and not handed over.
///
/// ```
/// 0      1      2                   4            36
/// 0x02   code   sender index be16   session id
/// ```
package struct WithheldSession: Hashable, Sendable {
    static let recordType: UInt8 = 0x02
    package static let byteCount = 4 + 32

    package let sessionID: SessionID
    package let code: WithheldCode
    package let sender: BundleSender

    package init(sessionID: SessionID, code: WithheldCode, sender: BundleSender) {
        self.sessionID = sessionID
        self.code = code
        self.sender = sender
    }
}
