import Foundation

/// Files that only their owner may read, and that appear whole under their name.
enum PrivateFile {
    private static let mode: mode_t = 0o600
    private static let copyChunkBytes = 1 << 20

    /// An empty file; one that a broken run left behind is removed first. Made by root it belongs to the owner of
    /// `replaced`, where that is there, else of its folder.
    static func make(_ path: String, inPlaceOf replaced: String? = nil) throws {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw failure("cannot write \(path)") }
        if let replaced, access(replaced, F_OK) == 0 {
            FolderOwner.give(descriptor, like: replaced)
        } else {
            FolderOwner.give(descriptor, like: FolderOwner.parent(path))
        }
        close(descriptor)
    }

    /// On disk, then under its name, replacing what had it.
    static func publish(_ partial: String, as path: String) throws {
        try sync(partial, O_RDONLY)
        guard rename(partial, path) == 0 else { throw failure("cannot write \(path)") }
        try sync(FolderOwner.parent(path), O_RDONLY | O_DIRECTORY)
    }

    /// Into a file that is there.
    static func copy(_ path: String, to target: String) throws {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw failure("cannot read \(path)") }
        defer { close(source) }
        let sink = open(target, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW)
        guard sink >= 0 else { throw failure("cannot write \(target)") }
        defer { close(sink) }
        var buffer = [UInt8](repeating: 0, count: copyChunkBytes)
        while true {
            let count = read(source, &buffer, buffer.count)
            if count == 0 { return }
            guard count > 0 else { throw failure("cannot read \(path)") }
            var done = 0
            while done < count {
                let written = buffer.withUnsafeBytes { write(sink, $0.baseAddress.map { $0 + done }, count - done) }
                guard written > 0 else { throw failure("cannot write \(target)") }
                done += written
            }
        }
    }

    /// Gives a database and the files of its log another name, beside it; nil when there is none.
    static func setAside(_ path: String, as kept: String) throws -> String? {
        guard access(path, F_OK) == 0 else { return nil }
        guard access(kept, F_OK) != 0 else { throw TransferError.file("\(kept) is there already") }
        for suffix in ["-shm", "-wal", ""] where access(path + suffix, F_OK) == 0 {
            guard rename(path + suffix, kept + suffix) == 0 else { throw failure("cannot rename \(path + suffix)") }
        }
        return kept
    }

    private static func sync(_ path: String, _ flags: Int32) throws {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot write \(path) to the disk") }
    }

    private static func failure(_ what: String) -> TransferError {
        .file("\(what): \(String(cString: strerror(errno)))")
    }
}
