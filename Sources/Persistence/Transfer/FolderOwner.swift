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

    /// As above, for a folder that was made a moment ago.
    package static func give(folder: String) {
        guard let owner = owner(of: parent(folder)) else { return }
        _ = lchown(folder, owner.user, owner.group)  // as above
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
