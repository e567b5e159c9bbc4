import GRDB
import MatrixTypes
import Megolm

/// What real events said of a session's copies.
struct SessionProofs {
    /// The indexes at which events opened, by copy.
    private var opened: [Int64: [MessageIndex]] = [:]
    private var refuted: Set<Int64> = []

    init(of session: SessionID, in room: Int64, db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT number, opens_at FROM proofs WHERE session = ? AND room = ?")
        let rows = try Row.fetchCursor(statement, arguments: [session.data, room])
        while let row = try rows.next() {
            if let value: Int64 = row[1] {
                opened[row[0], default: []].append(try index(value))
            } else {
                refuted.insert(row[0])
            }
        }
    }

    /// Whether an event opened under any copy.
    var hasOpened: Bool { !opened.isEmpty }

    /// From where on a copy is proven.
    func provenFrom(_ number: Int64, firstIndex: MessageIndex) -> MessageIndex? {
        opened[number]?.filter { $0 >= firstIndex }
            .map { firstIndex.provenBoundary(agreeingAt: $0) }.min()
    }

    /// Whether events failed under a copy and none opened: one that opens beyond a border of the
    /// ratchet may well fail before it.
    func isRefuted(_ number: Int64) -> Bool {
        refuted.contains(number) && opened[number] == nil
    }

    /// Whether it was said already that events open under a copy, or that they do not.
    func isSettled(_ number: Int64) -> Bool {
        refuted.contains(number) || opened[number] != nil
    }
}
