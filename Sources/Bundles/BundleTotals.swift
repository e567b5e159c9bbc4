/// What a bundle holds, counted.
package struct BundleTotals: Hashable, Sendable {
    package internal(set) var sessionCount = 0
    package internal(set) var withheldCount = 0
    /// How many of the sessions are handed over against the rules' advice.
    package internal(set) var overrideCount = 0

    /// Sessions and withheld entries together.
    package var recordCount: Int { sessionCount + withheldCount }

    /// Adds one record, within the limits.
    mutating func count(
        _ record: BundleRecord, limits: borrowing BundleLimits
    ) throws(BundleError) {
        switch record {
        case .session(let session):
            guard sessionCount < limits.recordCount else {
                throw .tooManySessions(limit: limits.recordCount)
            }
            sessionCount += 1
            if session.marks.contains(.override) { overrideCount += 1 }
        case .withheld:
            guard withheldCount < limits.recordCount else {
                throw .tooManyWithheld(limit: limits.recordCount)
            }
            withheldCount += 1
        }
    }
}
