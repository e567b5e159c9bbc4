import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Carriers

/// One program at a time, also where whoever is done takes the lock file away.
@Suite struct LockTests {
    @Test func oneAtATime() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.lock")
        let inside = Mutex(0)
        let overlaps = Mutex(0)
        let group = DispatchGroup()
        for _ in 0..<4 {
            group.enter()
            Thread {
                defer { group.leave() }
                for _ in 0..<200 {
                    guard let lock = try? Folder.Lock(path: path) else { continue }
                    let count = inside.withLock { count in
                        count += 1
                        return count
                    }
                    if count > 1 { overlaps.withLock { $0 += 1 } }
                    sched_yield()
                    inside.withLock { $0 -= 1 }
                    try? Folder.remove(path)
                    withExtendedLifetime(lock) {}
                }
            }.start()
        }
        group.wait()
        #expect(overlaps.withLock { $0 } == 0)
    }

    @Test func whoDoesNotWaitIsTold() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.lock")
        let lock = try Folder.Lock(path: path)
        #expect(try Folder.Lock(ifFree: path) == nil)
        withExtendedLifetime(lock) {}
    }

    @Test func whatIsNotThereIsTakenAway() throws {
        let folder = try TemporaryFolder()
        try Folder.remove(folder.path("nothing"))
        #expect(throws: CarrierError.self) { try Folder.remove(folder.url.path) }
    }
}
