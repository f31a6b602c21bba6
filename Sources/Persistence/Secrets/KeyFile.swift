import Foundation
import UseCases

/// The file with the keys, which only its owner may read. It lies beside the database, never in it: a copy of the one
/// without the other opens nothing.
package struct KeyFile: Sendable {
    package let path: String
    /// Whether the file is ours to make and to guard; one that an admin named is as the admin made it.
    let isOwn: Bool

    package static let name = "secrets.key"
    private static let maxBytes = 16_384
    private static let mode: mode_t = 0o600

    package init(path: String, isOwn: Bool) {
        self.path = path
        self.isOwn = isOwn
    }

    /// Nil when there is none. Throws `fatal` for a file that cannot be read, that is none, or that others may read.
    func read() throws -> KeyRing? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("cannot be read")
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw failure("cannot be read") }
        guard !isOwn || facts.st_mode & 0o077 == 0 else {
            throw StoreError.fatal("others may read \(path): chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: Self.maxBytes)
        let count = Foundation.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure("cannot be read") }
        guard let keys = KeyRing(text: String(decoding: bytes.prefix(count), as: UTF8.self)) else {
            throw StoreError.fatal("\(path) holds no keys of Sillon's")
        }
        return keys
    }

    /// Where two make one at once, both use the same afterwards.
    func make(_ keys: KeyRing) throws -> KeyRing {
        let partial = "\(path).\(UInt64.random(in: .min ... .max))"
        try write(keys, to: partial)
        defer { unlink(partial) }
        // Unlike a rename, this replaces nothing.
        guard link(partial, path) == 0 || errno == EEXIST else { throw failure("cannot be written") }
        try syncFolder()
        guard let keys = try read() else { throw failure("cannot be read") }
        return keys
    }

    /// Replaces what is there, whole or not at all. The caller sees to it that nobody else does so now.
    func replace(with keys: KeyRing) throws {
        let partial = path + ".new"
        unlink(partial)
        var old = stat()
        try write(keys, to: partial, like: stat(path, &old) == 0 ? old : nil)
        guard rename(partial, path) == 0 else { throw failure("cannot be written") }
        try syncFolder()
    }

    private func write(_ keys: KeyRing, to partial: String, like old: stat? = nil) throws {
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, Self.mode)
        guard descriptor >= 0 else { throw failure("cannot be written") }
        defer { close(descriptor) }
        if let old {
            // Whoever runs this, the server must still be able to read it.
            guard fchown(descriptor, old.st_uid, old.st_gid) == 0, fchmod(descriptor, old.st_mode & 0o777) == 0 else {
                throw failure("cannot keep its owner")
            }
        } else {
            FolderOwner.give(descriptor, like: FolderOwner.parent(partial))
        }
        let bytes = Array(keys.text.utf8)
        guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw failure("cannot be written")
        }
    }

    private func syncFolder() throws {
        let folder = (path as NSString).deletingLastPathComponent
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot be written") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot be written") }
    }

    private func failure(_ what: String) -> StoreError {
        .fatal("the key file \(path) \(what): \(String(cString: strerror(errno)))")
    }
}
