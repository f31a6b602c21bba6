import Domain
import Glibc

/// An `errno`, and what it means for a file in the library.
struct SystemError: Error, Hashable {
    let number: Int32

    /// Without the file's name: the text of `strerror`, which is a constant for each number.
    var text: String { String(cString: strerror(number)) }

    var reason: Failure.Reason {
        switch number {
        case ENOENT, ENOTDIR, ENODEV, ENXIO: .fileGone
        case EACCES, EPERM, ENAMETOOLONG: .unreadable
        case ELOOP, EXDEV, EINVAL: .outsideRoot
        case EISDIR: .notAFile
        case EMFILE, ENFILE, ENOMEM: .internalError
        default: .ioError
        }
    }
}
