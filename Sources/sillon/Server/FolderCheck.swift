import Domain
import Foundation
import Glibc

/// Whether a folder is there and may be read.
enum FolderCheck {
    /// The folder that a path leads to, without symbolic links.
    static func folder(_ path: FilePath) -> FilePath? {
        guard let real = realPath(path.bytes), isDirectory(real) else { return nil }
        return real
    }

    /// The absolute path without symbolic links, `.` and `..`; nil, with `errno`, when nothing is there.
    static func realPath(_ bytes: [UInt8]) -> FilePath? {
        let resolved = (bytes + [0]).withUnsafeBytes { buffer in
            realpath(buffer.bindMemory(to: CChar.self).baseAddress!, nil)
        }
        guard let resolved else { return nil }
        defer { free(resolved) }
        return FilePath(bytes: Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved))))
    }

    /// The folder that a setting names, without symbolic links. Throws `misconfigured` where it cannot be used.
    /// - Parameter name: of the setting, as somebody wrote it.
    static func usable(_ name: String, _ path: FilePath, isWritten: Bool) throws(CommandError) -> FilePath {
        guard let real = realPath(path.bytes) else {
            throw .misconfigured("\(name) \(path.display): \(SystemMessage.last)")
        }
        guard isDirectory(real) else {
            throw .misconfigured("\(name) \(path.display) is no folder that this user may read")
        }
        guard !isWritten || mayWrite(real) else {
            throw .misconfigured("\(name) \(path.display) cannot be written to: \(SystemMessage.last)")
        }
        return real
    }

    /// With `errno` where not.
    private static func mayWrite(_ path: FilePath) -> Bool {
        (path.bytes + [0]).withUnsafeBytes { buffer in
            access(buffer.bindMemory(to: CChar.self).baseAddress!, R_OK | W_OK | X_OK) == 0
        }
    }

    /// Symbolic links are not followed.
    static func isDirectory(_ path: FilePath) -> Bool {
        let descriptor = (path.bytes + [0]).withUnsafeBytes { buffer in
            open(buffer.bindMemory(to: CChar.self).baseAddress!, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}
