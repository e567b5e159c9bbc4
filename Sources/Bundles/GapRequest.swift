import Bytes
package import MatrixTypes
package import Secrets

/// What somebody lacks of a room, signed by them: session ids and the lowest index they cannot open.
///
/// ```
///   8    "heirgaps"
///   1    version, 0x01
///  32    the asker's Ed25519 public key
///   8    made at, ms since 1970
///   2+n  room id
///   2+n  the asker's claimed user id, may be empty
///   4    sessions, 1 … 200,000
///  36·k  session id (32) and lowest missing index (be32), strictly ascending by id
///  64    Ed25519 signature (see `signedBytes`)
/// ```
///
/// Holds no message and no key. It is not sealed: whoever sees it learns the room and which of its
/// sessions the asker lacks. See `formats/request.md`.
package struct GapRequest: Hashable, Sendable {
    package static let magic = Array("heirgaps".utf8)
    package static let version: UInt8 = 1
    /// More sessions than this are refused.
    package static let sessionLimit = 200_000
    /// The largest request, in bytes.
    package static let byteLimit = 8 + 1 + 32 + 8 + 2 * 257 + 4 + 36 * sessionLimit + 64

    /// A session, and the first of its messages that cannot be opened.
    package struct Gap: Hashable, Sendable {
        package let sessionID: SessionID
        package let lowestMissing: MessageIndex

        package init(sessionID: SessionID, lowestMissing: MessageIndex) {
            self.sessionID = sessionID
            self.lowestMissing = lowestMissing
        }
    }

    package let signer: Ed25519.PublicKey
    /// Milliseconds since 1970.
    package let createdMilliseconds: UInt64
    package let roomID: RoomID
    /// The Matrix user that the asker claims to be.
    package let userID: UserID?
    /// Strictly ascending by session id.
    package let gaps: [Gap]

    private init(
        signer: Ed25519.PublicKey, createdMilliseconds: UInt64, roomID: RoomID, userID: UserID?,
        gaps: [Gap]
    ) {
        self.signer = signer
        self.createdMilliseconds = createdMilliseconds
        self.roomID = roomID
        self.userID = userID
        self.gaps = gaps
    }

    /// The first message asked for of a session; `nil` where it is not asked for.
    package func lowestMissing(of session: SessionID) -> MessageIndex? {
        var low = 0
        var high = gaps.count
        while low < high {
            let middle = (low + high) / 2
            if gaps[middle].sessionID < session { low = middle + 1 } else { high = middle }
        }
        return low < gaps.count && gaps[low].sessionID == session ? gaps[low].lowestMissing : nil
    }

    /// The bytes that a signature covers: `heirloom/v1/`, `request`, a zero byte, and the BLAKE2b-512
    /// digest of everything before the signature.
    private static func signedBytes(_ body: [UInt8]) -> [UInt8] {
        BundleFormat.context + Array("request\0".utf8)
            + BLAKE2b.hash(body.span, byteCount: BundleFormat.digestByteCount)
    }

    /// A signed request.
    ///
    /// - Parameter gaps: in any order; a session once.
    /// - Throws: `tooManySessions`, or `malformed(.gaps)` for none or for a session twice.
    package static func signed(
        by key: borrowing Ed25519.SigningKey, createdMilliseconds: UInt64, roomID: RoomID,
        userID: UserID?, gaps: [Gap]
    ) throws(BundleError) -> [UInt8] {
        guard gaps.count <= sessionLimit else { throw .tooManySessions(limit: sessionLimit) }
        let ascending = gaps.sorted { $0.sessionID < $1.sessionID }
        guard !ascending.isEmpty,
            zip(ascending, ascending.dropFirst()).allSatisfy({ $0.sessionID < $1.sessionID })
        else { throw .malformed(.gaps) }
        var bytes = magic + [version] + key.publicKey.bytes.array
        bytes.append(bigEndian: createdMilliseconds)
        bytes.append(text: roomID.text)
        bytes.append(text: userID?.text ?? "")
        bytes.append(bigEndian: UInt32(ascending.count))
        for gap in ascending {
            bytes += gap.sessionID.bytes.array
            bytes.append(bigEndian: gap.lowestMissing.value)
        }
        return bytes + key.sign(signedBytes(bytes).span)
    }

    /// Reads a request, its signature first: nothing of an unsigned one is looked at.
    ///
    /// - Throws: `notARequest`, `wrongVersion`, `truncated`, `invalidSignerKey`, `badSignature`,
    ///   `malformed`, `tooManySessions`, `indexTooHigh`.
    package init(_ bytes: Span<UInt8>) throws(BundleError) {
        let fixed = Self.magic.count + 1 + 32
        guard bytes.count >= Self.magic.count,
            Self.magic.indices.allSatisfy({ bytes[$0] == Self.magic[$0] })
        else { throw .notARequest }
        guard bytes.count > fixed + Ed25519.signatureByteCount else { throw .truncated }
        guard bytes[Self.magic.count] == Self.version else {
            throw .wrongVersion(expected: Self.version, actual: bytes[Self.magic.count])
        }
        guard bytes.count <= Self.byteLimit else {
            throw .tooManySessions(limit: Self.sessionLimit)
        }
        let body = bytes.extracting(first: bytes.count - Ed25519.signatureByteCount)
        var reader = FieldReader(body)
        _ = try reader.bytes(Self.magic.count + 1, of: .signer)
        let signer = Ed25519.PublicKey(bytes: try reader.bytes32(of: .signer))
        guard signer.isValidPoint else { throw .invalidSignerKey }
        let signature = bytes.extracting(body.count..<bytes.count)
        guard signer.verifies(signature, of: Self.signedBytes([UInt8](body)).span) else {
            throw .badSignature(frame: 0)
        }
        let created: UInt64 = try reader.integer(of: .created)
        guard let roomID = try reader.identifier(of: .room, RoomID.init) else {
            throw .malformed(.room)
        }
        let userID = try reader.identifier(of: .signerUserID, UserID.init)
        let count = Int(try reader.integer(of: .gaps, as: UInt32.self))
        guard count <= Self.sessionLimit else {
            throw .tooManySessions(limit: Self.sessionLimit)
        }
        guard count > 0 else { throw .malformed(.gaps) }
        var gaps: [Gap] = []
        for _ in 0..<count {
            let session = SessionID(bytes: try reader.bytes32(of: .gaps))
            let index = MessageIndex(try reader.integer(of: .gaps))
            if let last = gaps.last, last.sessionID >= session { throw .outOfOrder(session) }
            guard index <= .usualLimit else {
                throw .indexTooHigh(index: index.value, limit: MessageIndex.usualLimit.value)
            }
            gaps.append(Gap(sessionID: session, lowestMissing: index))
        }
        try reader.end(as: .gaps)
        self.init(
            signer: signer, createdMilliseconds: created, roomID: roomID, userID: userID,
            gaps: gaps)
    }
}
