import CLinux
import Glibc

/// What a process that holds secrets does about its memory as a whole.
package enum ProcessMemory {
    /// Turns core dumps off and keeps other programs of the same user from reading this one's
    /// memory.
    ///
    /// libsodium's documentation advises the first; the second also blocks `/proc/self/mem`
    /// for others. Returns whether both were granted.
    package static func forbidDumping() -> Bool {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        let isLimited = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
        return heirloom_forbid_dumping() == 0 && isLimited
    }
}
