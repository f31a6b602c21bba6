import Domain
import Foundation

/// A folder for files that this process keeps for a while. What processes left behind that have ended is removed at
/// the start; the kernel tells which have ended, by the lock that each holds.
package final class CacheFolder: Sendable {
    package let path: FilePath
    private let lock: Int32
    private let lockPath: String

    /// - Parameter base: made when it is not there. Several processes may share it.
    package init(in base: String) throws(Failure) {
        let name = String(UInt64.random(in: 1...UInt64.max), radix: 36)
        do {
            try FileManager.default.createDirectory(
                atPath: base, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            lockPath = "\(base)/\(name)\(CacheFolder.lockSuffix)"
            lock = try CacheFolder.lock(lockPath, O_CREAT | O_EXCL)
            CacheFolder.removeLeftovers(in: base)
            let folder = "\(base)/\(name)\(CacheFolder.folderSuffix)"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            path = FilePath(folder)
        } catch {
            throw Failure(.ioError, "the cache folder \(FilePath(base).quoted) cannot be used: \(error)")
        }
    }

    deinit {
        CacheFolder.remove(path.display)
        unlink(lockPath)
        close(lock)
    }

    private static let lockSuffix = ".lock"
    private static let folderSuffix = ".files"

    /// A file of this name that nobody has yet.
    package func create(_ name: String) throws(Failure) -> CacheFile {
        try CacheFile(path.appending(Array(name.utf8)))
    }

    private static func removeLeftovers(in base: String) {
        // A folder that cannot be read keeps its leftovers; files are still made and removed in it.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []  // see above
        let locked = names.filter { $0.hasSuffix(lockSuffix) }
        for name in locked {
            guard let descriptor = try? lock("\(base)/\(name)", 0) else { continue }  // its process lives
            remove("\(base)/\(name.dropLast(lockSuffix.count))\(folderSuffix)")
            unlink("\(base)/\(name)")
            close(descriptor)
        }
        // The lock is made before its folder and removed after it.
        for name in names where name.hasSuffix(folderSuffix) {
            if !locked.contains(name.dropLast(folderSuffix.count) + lockSuffix) { remove("\(base)/\(name)") }
        }
    }

    private static func lock(_ path: String, _ flags: Int32) throws -> Int32 {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0o600)
        guard descriptor >= 0 else { throw SystemError(number: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error = SystemError(number: errno)
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func remove(_ folder: String) {
        try? FileManager.default.removeItem(atPath: folder)  // what stays is a leftover for the next start
    }
}

extension SystemError: CustomStringConvertible {
    var description: String { text }
}
