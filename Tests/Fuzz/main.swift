// Hostile bytes against every door that reads a stranger's.
//
//     fuzz                        names the doors
//     fuzz DOOR COUNT FILE…       each file as it is, and spoiled COUNT times, the same at every run
//     fuzz DOOR OPTION…           with libFuzzer, where run.sh built it in
//
// It ends by a trap where there is a bug; an input that was let in last is then in `FUZZ_LAST`, where
// that is a path.

import Foundation

#if LIBFUZZER
    @_silgen_name("LLVMFuzzerRunDriver")
    func runFuzzer(
        _ count: UnsafeMutablePointer<CInt>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    ) -> CInt

    /// libFuzzer's own entry looks for it by this name, though ours is the one that runs.
    @_cdecl("LLVMFuzzerTestOneInput")
    func letIn(_ bytes: UnsafePointer<UInt8>?, _ byteCount: Int) -> CInt {
        unsafe chosen.take(Array(UnsafeBufferPointer(start: bytes, count: byteCount)))
        return 0
    }
#endif

guard CommandLine.arguments.count > 1, let door = Door(rawValue: CommandLine.arguments[1]) else {
    print(Door.allCases.map(\.rawValue).joined(separator: "\n"))
    exit(CommandLine.arguments.count > 1 ? 64 : 0)
}

#if LIBFUZZER
    let chosen = door
    let kept = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
    var count = CInt(kept.count)
    var table = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
        capacity: kept.count + 1)
    for (place, argument) in kept.enumerated() { unsafe table[place] = strdup(argument) }
    unsafe table[kept.count] = nil
    exit(unsafe runFuzzer(&count, &table, letIn))
#else
    guard CommandLine.arguments.count > 3, let count = Int(CommandLine.arguments[2]) else {
        print("fuzz DOOR COUNT FILE…")
        exit(64)
    }
    let last = ProcessInfo.processInfo.environment["FUZZ_LAST"].map(URL.init(fileURLWithPath:))
    func take(_ bytes: [UInt8]) throws {
        if let last { try Data(bytes).write(to: last) }
        door.take(bytes)
    }
    let seeds = try CommandLine.arguments.dropFirst(3).map { path in
        // Long files are slow to spoil and hold nothing that short ones do not.
        Array(try Data(contentsOf: URL(fileURLWithPath: path)).prefix(1 << 15))
    }
    for (place, seed) in seeds.enumerated() {
        try take(seed)
        var spoiler = Spoiler(seed: UInt64(place))
        for _ in 0..<count {
            try take(spoiler.spoil(seed, with: seeds[(place + 1) % seeds.count]))
        }
    }
    print("\(door.rawValue): \(seeds.count * (count + 1)) inputs")
#endif
