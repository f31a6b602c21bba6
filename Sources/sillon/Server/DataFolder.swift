import Foundation
import Glibc
import Persistence

/// The folder that holds all of a server's state. Only its owner may look into it.
struct DataFolder: Sendable {
    let path: String

    private static let folderMode: mode_t = 0o700
    /// Of those above it, less the umask.
    private static let aboveMode: mode_t = 0o777
    private static let fileMode: mode_t = 0o600

    /// Makes the folder, and those above it, when they are not there. Throws when it cannot be used.
    func prepare() throws(CommandError) {
        try check()
        var missing: [String] = []
        var above = FolderOwner.parent(path)
        while above.count > 1, access(above, F_OK) != 0, errno == ENOENT {
            missing.append(above)
            above = FolderOwner.parent(above)
        }
        for folder in missing.reversed() where !FolderOwner.makeFolder(folder, mode: Self.aboveMode) {
            guard errno == EEXIST else {
                throw .misconfigured("cannot make the folder \(folder) for the data folder: \(SystemMessage.last)")
            }
        }
        guard FolderOwner.makeFolder(path, mode: Self.folderMode) || errno == EEXIST else {
            throw .misconfigured("cannot make the data folder \(path): \(SystemMessage.last)")
        }
        // Somebody else may have made it meanwhile.
        try check()
    }

    /// Makes nothing. Throws when the folder cannot be used, or is not there and cannot be made.
    func check() throws(CommandError) {
        // What leads nowhere is in the way, too.
        guard access(path, F_OK) == 0 || isLink else { return try checkAbove() }
        guard Self.isFolder(path) else { throw .misconfigured("the data folder \(path) is not a folder") }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw .misconfigured("the data folder \(path) cannot be written: \(SystemMessage.last)")
        }
    }

    private var isLink: Bool {
        var target: CChar = 0
        return readlink(path, &target, 1) >= 0
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = ObjCBool(false)
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Whether it could be made, in the nearest folder above that is there.
    private func checkAbove() throws(CommandError) {
        var above = (path as NSString).deletingLastPathComponent
        while above.count > 1, access(above, F_OK) != 0, [ENOENT, ENOTDIR].contains(errno) {
            above = (above as NSString).deletingLastPathComponent
        }
        // One that cannot be looked at is no folder either, and the system knows why.
        guard access(above, F_OK) != 0 || Self.isFolder(above) else {
            throw .misconfigured("cannot make the data folder \(path): \(above) is not a folder")
        }
        guard access(above, W_OK | X_OK) == 0 else {
            throw .misconfigured("cannot make the data folder \(path): \(above): \(SystemMessage.last)")
        }
    }

    /// True when others than the owner may read the folder; an existing folder is left as it is.
    var isOpenToOthers: Bool {
        // A folder that cannot be asked is reported by `prepare`.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)  // see above
        guard let mode = attributes?[.posixPermissions] as? NSNumber else { return false }
        return mode.intValue & 0o077 != 0
    }

    /// Writes a file that only the owner may read: complete and on disk, or not at all.
    func writePrivateFile(_ name: String, _ text: String) throws(CommandError) {
        let target = "\(path)/\(name)"
        let temporary = "\(target).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, Self.fileMode)
        guard descriptor >= 0 else { throw .failed("cannot write \(target): \(SystemMessage.last)") }
        FolderOwner.give(descriptor, like: path)
        let bytes = Array(text.utf8)
        let written = write(descriptor, bytes, bytes.count)
        let isSafe = written == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isSafe, rename(temporary, target) == 0 else {
            let reason = SystemMessage.last
            unlink(temporary)
            throw .failed("cannot write \(target): \(reason)")
        }
        syncFolder()
    }

    /// Makes the new name last through a power cut, where the file system can.
    private func syncFolder() {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

/// The words of the system for its last error.
enum SystemMessage {
    static var last: String { String(cString: strerror(errno)) }
}
