import Foundation

/// What root makes belongs to whoever owns the folder around it, so that a command of root's does not lock the service
/// out of its own data. Does nothing for other users, who can only make what is theirs.
package enum FolderOwner {
    /// Gives a file that was made a moment ago to the owner of `path`: what it replaces, or the folder that it is in.
    package static func give(_ descriptor: Int32, like path: String) {
        guard let owner = owner(of: path) else { return }
        // A file system without owners refuses; there the file is everybody's already.
        _ = fchown(descriptor, owner.user, owner.group)
    }

    /// Makes a folder that belongs to the owner of the one around it. False, with `errno`, where it cannot be made.
    package static func makeFolder(_ path: String, mode: mode_t) -> Bool {
        guard geteuid() == 0 else { return mkdir(path, mode) == 0 }
        // Who may write to the folder around it can lay something else under a name at any time: what was opened stays.
        let around = open(parent(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard around >= 0 else { return false }
        defer { close(around) }
        let name = (path as NSString).lastPathComponent
        guard mkdirat(around, name, mode) == 0 else { return false }
        let made = openat(around, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        // Gone already, or no folder any more: nothing to give away.
        guard made >= 0 else { return true }
        defer { close(made) }
        var found = stat()
        if fstat(around, &found) == 0, found.st_uid != 0 { _ = fchown(made, found.st_uid, found.st_gid) }  // as above
        return true
    }

    /// Makes the empty file of a database that SQLite would make as root's own, and the files of its log after it.
    package static func makeDatabase(_ path: String) {
        guard geteuid() == 0 else { return }
        // Where it is there, or cannot be made, SQLite says so itself.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        give(descriptor, like: parent(path))
        close(descriptor)
    }

    package static func parent(_ path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }

    private static func owner(of path: String) -> (user: uid_t, group: gid_t)? {
        var found = stat()
        guard geteuid() == 0, stat(path, &found) == 0, found.st_uid != 0 else { return nil }
        return (found.st_uid, found.st_gid)
    }
}
