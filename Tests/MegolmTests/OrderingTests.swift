import MatrixTypes
import Megolm
import Testing

/// Two keys of one session are compared by winding the lower one forward.
@Suite struct OrderingTests {
    struct Pair: Sendable, CustomTestStringConvertible {
        let what: String
        let left: String
        let right: String
        let ordering: SessionOrdering
        var testDescription: String { what }
    }

    static let pairs = [
        Pair(
            what: "the same key", left: MadeSession.exportAt130, right: MadeSession.exportAt130,
            ordering: .equal),
        Pair(
            what: "lower", left: MadeSession.exportAt0, right: MadeSession.exportAt130,
            ordering: .better),
        Pair(
            what: "higher", left: MadeSession.exportAt1000, right: MadeSession.exportAt256,
            ordering: .worse),
        Pair(
            what: "another session", left: MadeSession.exportAt0,
            right: JavaScriptSession.exportAt0, ordering: .unconnected),
        Pair(
            what: "the JavaScript SDK's true next key", left: JavaScriptSession.exportAt0,
            right: JavaScriptSession.exportAt1, ordering: .better),
        Pair(
            what: "the JavaScript SDK's false next key", left: JavaScriptSession.exportAt0,
            right: JavaScriptSession.wrongAt1, ordering: .unconnected),
        Pair(
            what: "the true and the false next key", left: JavaScriptSession.exportAt1,
            right: JavaScriptSession.wrongAt1, ordering: .unconnected),
    ]

    @Test("Keys stand to each other as they should, seen from both sides", arguments: pairs)
    func ordering(_ pair: Pair) throws {
        let left = try ExportedSessionKey(pair.left)
        let right = try ExportedSessionKey(pair.right)
        #expect(try left.ordering(comparedTo: right) == pair.ordering)
        #expect(try right.ordering(comparedTo: left) == pair.ordering.turned)
    }

    @Test(
        "A spoilt part still connects beyond the border where it is forgotten", arguments: 0..<4,
        [5, 255, 256, 65_535, 65_536, 1 << 24] as [UInt32])
    func gap(part: Int, index: UInt32) throws {
        let genuine = try ExportedSessionKey(MadeSession.exportAt0)
        let held = try genuine.wound(toIndex: index)
        let spoilt = try genuine.altered(parts: [part])
        let forgottenAt: [UInt32] = [.max, 1 << 24, 1 << 16, 1 << 8]
        let connects = index >= forgottenAt[part]
        #expect(
            try spoilt.ordering(comparedTo: held) == (connects ? .better : .unconnected))
        #expect(try spoilt.ordering(comparedTo: genuine) == .unconnected)
        let proven = MessageIndex.zero.provenBoundary(agreeingAt: MessageIndex(index))
        let isSame = try spoilt.wound(to: proven).isIdentical(to: genuine.wound(to: proven))
        #expect(isSame == connects)
    }

    @Test("Turning any two keys round turns the answer round")
    func antisymmetry() throws {
        let genuine = try ExportedSessionKey(MadeSession.exportAt0)
        var keys = [try ExportedSessionKey(JavaScriptSession.exportAt0)]
        for index in [UInt32(0), 1, 255, 256, 257, 65_535, 65_536, 1 << 24] {
            let key = try genuine.wound(toIndex: index)
            keys.append(key)
            for part in 0..<4 { keys.append(try key.altered(parts: [part])) }
        }
        var met: [SessionOrdering: Int] = [:]
        for left in keys {
            for right in keys {
                let ordering = try left.ordering(comparedTo: right)
                met[ordering, default: 0] += 1
                #expect(try right.ordering(comparedTo: left) == ordering.turned)
            }
        }
        #expect(met[.equal] == keys.count)
        #expect(met[.better] == met[.worse])
        #expect(met[.unconnected, default: 0] > 100 && met[.better, default: 0] > 28)
    }

    @Test("What two owners' claims say together")
    func claims() throws {
        let one = Curve25519PublicKey(bytes: try SessionID(MadeSession.sessionID).bytes)
        let two = Curve25519PublicKey(bytes: try SessionID(LibolmSession.sessionID).bytes)
        let signer = Ed25519PublicKey(bytes: try SessionID(LibolmSession.sessionID).bytes)
        let first = OwnerClaims(senderKey: one, ed25519: nil)
        let second = OwnerClaims(senderKey: nil, ed25519: signer)
        let whole = OwnerClaims(senderKey: one, ed25519: signer)
        #expect(first.merged(with: second) == whole)
        #expect(second.merged(with: first) == whole)
        #expect(whole.isComplete && !first.isComplete && !OwnerClaims.unknown.isComplete)
        #expect(first.merged(with: .unknown) == first)
        #expect(first.merged(with: OwnerClaims(senderKey: two, ed25519: nil)) == nil)
        #expect(
            second.merged(
                with: OwnerClaims(senderKey: nil, ed25519: Ed25519PublicKey(bytes: one.bytes)))
                == nil)
    }
}

extension SessionOrdering {
    /// The answer to the question turned round.
    fileprivate var turned: SessionOrdering {
        switch self {
        case .better: .worse
        case .worse: .better
        case .equal, .unconnected: self
        }
    }
}
