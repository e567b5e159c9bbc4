/// Why a session is not in the bundle though the signer has it or should have it.
package enum WithheldCode: UInt8, CaseIterable, Hashable, Sendable {
    /// Its creator did not allow it to be shared with later members (MSC4268).
    case historyNotShared = 1
    /// The signer judged that the recipient may not have it (Matrix spec, `m.room_key.withheld`).
    case unauthorised = 2
    /// The signer has not got it (the same).
    case unavailable = 3

    /// The code as Matrix spells it.
    package var matrixCode: String {
        switch self {
        case .historyNotShared: "m.history_not_shared"
        case .unauthorised: "m.unauthorised"
        case .unavailable: "m.unavailable"
        }
    }
}
