import Foundation
import Heirloom

/// What a program that holds secrets does before anything else.
enum Hygiene {
    /// No core dumps, no reading of its memory by other programs of the same user, new files for
    /// the owner alone; a reader that goes away and a file that may not grow are errors to be
    /// told, not silent deaths.
    static func prepare() {
        if !Home.forbidMemoryDumps() {
            Output.talk("heirloom: the system does not let its memory be kept from dumps")
        }
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        fillStandardDescriptors()
    }

    /// Where standard input, output or error is closed, the next file opened would take its number,
    /// and talk would end up in it.
    ///
    /// What stands in fails every read and write.
    private static func fillStandardDescriptors() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            _ = unsafe open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
        }
    }
}
