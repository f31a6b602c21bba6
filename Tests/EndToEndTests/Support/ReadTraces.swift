import Domain
import Glibc
import TestSupport

/// Tells whether a file was read, by the time of last access that the file system keeps.
enum ReadTraces {
    /// Makes the next reading of these files visible.
    static func clear(_ paths: [FilePath]) {
        for path in paths {
            // Access before modification: "relatime" then notes the next reading.
            let times = [timespec(tv_sec: 1_000_000, tv_nsec: 0), timespec(tv_sec: 2_000_000, tv_nsec: 0)]
            _ = path.withCPath { utimensat(AT_FDCWD, $0, times, 0) }
        }
    }

    static func wasRead(_ path: FilePath) -> Bool {
        var status = stat()
        return path.withCPath { stat($0, &status) } == 0 && status.st_atim.tv_sec != 1_000_000
    }

    /// True when this file system keeps access times at all.
    static func areKept(in tree: Tree) throws -> Bool {
        let path = try tree.write("read-me", [1])
        clear([path])
        guard !wasRead(path) else { return false }
        let descriptor = path.withCPath { open($0, O_RDONLY | O_CLOEXEC) }
        var byte: UInt8 = 0
        _ = read(descriptor, &byte, 1)
        close(descriptor)
        return wasRead(path)
    }
}
