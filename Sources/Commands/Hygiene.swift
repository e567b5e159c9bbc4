import Foundation

/// What a program that holds secrets does before anything else.
enum Hygiene {
    /// No core dumps, no tracing by other programs of the same user, new files for the owner alone;
    /// a reader that goes away is an error to be told, not a silent death.
    static func prepare() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        let notDumpable: CInt = 4
        heirloomPrctl(notDumpable, 0)
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
    }
}
