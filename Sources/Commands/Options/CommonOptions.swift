import ArgumentParser
import Foundation
import Heirloom

/// What every command understands.
struct CommonOptions: ParsableArguments {
    @Flag(name: .long, help: "Print one JSON document on standard output.")
    var json = false

    var home: Home { Home(environment: ProcessInfo.processInfo.environment) }

    /// Milliseconds since 1970.
    var now: UInt64 { UInt64(max(0, Date().timeIntervalSince1970) * 1000) }

    /// Runs a body and turns its error into one that knows how it is to be told.
    func telling<Result: ~Copyable>(
        _ body: () throws(HeirloomError) -> Result
    ) throws(Failure) -> Result {
        do throws(HeirloomError) {
            return try body()
        } catch {
            throw Failure(error: error, isJSON: json)
        }
    }

    /// The same for what waits for a homeserver.
    func tellingLater<Result>(
        _ body: () async throws(HeirloomError) -> Result
    ) async throws(Failure) -> Result {
        do throws(HeirloomError) {
            return try await body()
        } catch {
            throw Failure(error: error, isJSON: json)
        }
    }
}
