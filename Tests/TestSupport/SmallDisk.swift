import Foundation
import Glibc

/// A file system of a few megabytes, where mounting is permitted.
package final class SmallDisk: Sendable {
    package let path: String

    /// Nil, with the reason printed, when nothing can be mounted here.
    package init?(_ path: String, mebibytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(mebibytes)m,mode=0700") == 0 else {
            print("not checked on a full disk: mounting is refused: \(String(cString: strerror(errno)))")
            return nil
        }
    }

    deinit { unmount() }

    /// Takes it away at once, whoever still has files open on it. A second call does nothing.
    package func unmount() {
        umount2(path, Int32(MNT_DETACH))
    }

    /// Takes all space that is left.
    package func fill() throws {
        let descriptor = open(path + "/filler", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Tree.Problem(description: "the filler cannot be made") }
        defer { close(descriptor) }
        let block = [UInt8](repeating: 7, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
    }

    package func free() {
        unlink(path + "/filler")
    }
}
