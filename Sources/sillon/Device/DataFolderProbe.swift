import Foundation

/// What the disk under the data folder can do.
struct DataFolderProbe: Sendable {
    let path: String

    private static let syncRounds = 5
    private static let blockBytes = 4096

    enum Standing: Hashable, Sendable {
        case there
        /// In the folder named, which is there and may be written.
        case toBeMade(in: String)
        /// Words behind the path.
        case refused(String)
    }

    var standing: Standing {
        var folder = path
        while true {
            var facts = stat()
            if stat(folder, &facts) == 0 {
                let isWhole = folder == path
                guard facts.st_mode & S_IFMT == S_IFDIR else {
                    return .refused(isWhole ? "is no folder" : "cannot be made: \(folder) is no folder")
                }
                guard access(folder, R_OK | W_OK | X_OK) == 0 else {
                    return .refused(isWhole ? "cannot be written" : "cannot be made: \(folder) cannot be written")
                }
                return isWhole ? .there : .toBeMade(in: folder)
            }
            guard errno == ENOENT, folder != "/" else {
                return .refused("cannot be looked at: \(String(cString: strerror(errno)))")
            }
            folder = (folder as NSString).deletingLastPathComponent
        }
    }

    /// Bytes that an ordinary user may still write; nil when the file system does not tell.
    var freeBytes: Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? Int64.max : Int64(clamping: bytes)
    }

    /// The median time of writing a block and waiting until the disk has it: what a durable commit costs at least.
    func syncTime() -> Duration? {
        let name = path + "/.sillon-doctor-\(getpid())"
        let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return nil }
        defer {
            close(descriptor)
            unlink(name)
        }
        let block = [UInt8](repeating: 0x53, count: Self.blockBytes)
        var times: [Duration] = []
        for _ in 0..<Self.syncRounds {
            let start = ContinuousClock.now
            guard write(descriptor, block, block.count) == block.count, fsync(descriptor) == 0 else { return nil }
            times.append(ContinuousClock.now - start)
        }
        return times.sorted()[Self.syncRounds / 2]
    }
}
