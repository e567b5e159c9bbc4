import Foundation

/// What now lies at an address of this very process, or `nil` where nothing is mapped.
///
/// The system reads it for us, so that looking at freed memory is no error of ours.
package func memoryNow(at address: UInt, byteCount: Int) -> [UInt8]? {
    guard let memory = FileHandle(forReadingAtPath: "/proc/self/mem") else { return nil }
    defer { try? memory.close() }
    guard (try? memory.seek(toOffset: UInt64(address))) != nil,
        let data = try? memory.read(upToCount: byteCount)
    else { return nil }
    return [UInt8](data)
}
