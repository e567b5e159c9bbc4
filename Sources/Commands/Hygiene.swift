import Foundation
import Heirloom

/// What a program that holds secrets does before anything else.
enum Hygiene {
    /// No core dumps, no reading of its memory by other programs of the same user, new files for
    /// the owner alone; a reader that goes away is an error to be told, not a silent death.
    static func prepare() {
        if !Home.forbidMemoryDumps() {
            Output.talk("heirloom: the system does not let its memory be kept from dumps")
        }
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
    }
}
