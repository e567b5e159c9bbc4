import Testing

@testable import Commands
@testable import Heirloom

/// Every problem has an exit code, and a hint where a person can mend it.
@Suite struct ProblemTests {
    /// The sentence says all there is to say.
    static let withoutHint: Set<Problem> = [.badArgument, .cancelled, .brokenLibrary]

    @Test(arguments: Problem.allCases)
    func hasAnExitCodeAndAHint(problem: Problem) {
        #expect(ExitStatus(problem) != .done)
        // Pictures that do not show all codes are kept: that much is done.
        #expect((ExitStatus(problem) == .partly) == (problem == .incompleteScan))
        let hint = Failure.hint(for: problem, at: .collect)
        #expect((hint == nil) == Self.withoutHint.contains(problem))
    }

    @Test func exitCodesKeepTheirNumbers() {
        #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 64, 130])
        for status in ExitStatus.allCases {
            #expect(ExitStatus.table.contains("\(status.rawValue)  \(status.meaning)"))
        }
    }
}
